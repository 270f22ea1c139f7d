"""Pictures of the pages, taken from a running demo with its simulated students."""
