"""Journey 1: an answer is graded, kept and followed by the next item."""
