"""The only code that touches the school database."""
