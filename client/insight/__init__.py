"""What staff see of a class."""
