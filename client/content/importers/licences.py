"""What a problem's licence field allows: to be passed on, only used in this school, or only after a review."""

from enum import StrEnum

_EXPLICIT = "https://creativecommons.org/licenses/by/"


class Licence(StrEnum):
    """How clearly the licence is stated."""

    CC_BY = "CC BY"
    NEEDS_REVIEW = "needs review"
    UNCLEAR = "unclear"


def licence_of(field: str) -> Licence:
    """Only the full address of a CC BY licence counts; "CC4.0" says neither BY nor which conditions."""
    text = field.strip()
    if text.startswith(_EXPLICIT):
        return Licence.CC_BY
    return Licence.NEEDS_REVIEW if text.upper().replace(" ", "").startswith("CC") else Licence.UNCLEAR
