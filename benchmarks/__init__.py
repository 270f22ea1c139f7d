"""Every number in docs/numbers.md comes from here."""
