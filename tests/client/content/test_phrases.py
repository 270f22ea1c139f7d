"""A phrase in English."""

from client.content.phrases import Phrase, mark


def test_places_are_filled_in() -> None:
    """By name, and a sentence without places may hold a percent sign."""
    assert str(Phrase(mark("%(right)s of %(all)s: %(name)s."), {"right": 3, "all": 5, "name": "adding"})) == (
        "3 of 5: adding."
    )
    assert str(Phrase("For example 25%.")) == "For example 25%."
