"""Checks the item packs against keys and slips that are derived again from what a student sees."""
