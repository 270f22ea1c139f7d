"""A wrong step is told by its number: the sign, the place, the other operation, what was turned over."""

import pytest

from client.content.items import Item, plain_text
from client.practice.slips import slip_of
from client.practice.tutor_plan import Ask, plan_of
from client.practice.tutor_words import Says
from tests.support.practising import BANK


def _ask(family: str, seed: int, words: str) -> Ask:
    item: Item = BANK.generate(family, seed)
    return next(ask for ask in plan_of(item).asks if plain_text(ask.question) == words)


@pytest.mark.parametrize(
    ("response", "slip"),
    [
        ("72", Says.OPERATION),
        ("-1", Says.OPERATION),
        ("-17", Says.SIGN),
        ("170", Says.PLACE),
        ("1.7", Says.PLACE),
        ("16", Says.NEAR),
        ("1/17", Says.TURNED),
        ("40", None),
        ("nonsense", None),
    ],
)
def test_a_slip_is_recognised(response: str, slip: Says | None) -> None:
    """8 + 9."""
    ask = _ask("V4.procedure", 3, "8 plus 9 equals what number")
    assert slip_of(ask.target, response, ask.question) is slip


def test_a_point_with_its_numbers_turned_round_is_recognised() -> None:
    """(3, −1) for (−1, 3)."""
    ask = _ask("L6.procedure", 3, "Where do they meet?")
    assert slip_of(ask.target, "(3, -1)", ask.question) is Says.TURNED
    assert slip_of(ask.target, "(4, -1)", ask.question) is None
