"""Journey 2: consenting students' histories become one clipped, noised sum."""
