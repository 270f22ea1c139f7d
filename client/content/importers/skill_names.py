"""Ids and names of imported skills."""

import re

_PREFIX = "oatutor."


def skill_id(raw: str) -> str:
    """Told apart from our own skills; within the letters and the length that an id may have."""
    return (_PREFIX + re.sub(r"[^A-Za-z0-9._-]+", "_", raw.strip()).strip("_"))[:80]


def skill_name(raw: str) -> str:
    """Reads after "practise"."""
    return " ".join(raw.replace("_", " ").split())[:200]
