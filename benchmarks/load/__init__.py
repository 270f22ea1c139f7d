"""How many answers a school's server keeps durably, how fast it replies, and what a kill loses."""
