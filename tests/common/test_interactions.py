"""Interactions are whole when they are made."""

import pytest

from common.errors import FixSettings
from common.interactions import History, Interaction


def test_a_history_keeps_its_order() -> None:
    """And gives its newest part."""
    history = History("s", tuple(Interaction(f"i{n}", ("k",), correct=bool(n % 2)) for n in range(5)))
    assert len(history) == 5
    assert [i.item for i in history] == ["i0", "i1", "i2", "i3", "i4"]
    assert [i.item for i in history.last(2)] == ["i3", "i4"]
    assert len(history.last(0)) == 0
    assert len(history.last(9)) == 5


@pytest.mark.parametrize("skills", [(), ("a", "a"), ("a", "b", "c", "d", "e")])
def test_skills_are_one_to_four_and_different(skills: tuple[str, ...]) -> None:
    """Anything else is refused."""
    with pytest.raises(FixSettings):
        Interaction("i", skills, correct=True)


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan")])
def test_an_evidence_weight_lies_between_zero_and_one(weight: float) -> None:
    """The clip's bound rests on it."""
    with pytest.raises(FixSettings):
        Interaction("i", ("a",), correct=True, weight=weight)
