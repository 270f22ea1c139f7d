"""Reads a whole number with a remainder, typed as 7 r 2; a number alone has remainder 0."""

import re

from client.content.items import Remainder

# Ten digits are more than any item needs and little work for int().
_TYPED = re.compile(r"\s*(\d{1,10})\s*(?:(?:r|rem|remainder|rest)\.?\s*(\d{1,10})\s*)?", re.IGNORECASE)


def read_remainder(text: str) -> Remainder | None:
    """What `text` says, or None when it is neither 7 r 2 nor 7; digits of any script."""
    found = _TYPED.fullmatch(text)
    return None if found is None else Remainder(int(found[1]), int(found[2] or 0))


def typed_remainder(value: Remainder) -> str:
    """As a student types it."""
    return f"{value.quotient} r {value.rest}"
