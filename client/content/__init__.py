"""Items, generator packs and the exact grader."""
