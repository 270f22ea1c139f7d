"""Interactions are whole when they are made."""

from dataclasses import replace

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


def _answers(*rights: bool) -> tuple[Interaction, ...]:
    return tuple(Interaction(f"i{n}", ("k",), right, 60.0 * n) for n, right in enumerate(rights))


def test_the_same_past_has_the_same_mark() -> None:
    """Made twice, and as the beginning of a longer history."""
    short, long = History("s", _answers(True, False)), History("s", _answers(True, False, True))
    assert short.mark(2) == History("s", _answers(True, False)).mark(2) == long.mark(2)
    assert History("s", ()).mark(0) == long.mark(0)


def test_another_past_has_another_mark() -> None:
    """One answer, one weight or one time more, less or different, or two answers the other way round."""
    whole = _answers(True, False, True)
    others = [
        whole[:2],
        _answers(True, True, True),
        (whole[0], replace(whole[1], weight=0.2), whole[2]),
        (whole[0], replace(whole[1], at_seconds=61.0), whole[2]),
        (whole[1], whole[0], whole[2]),
        (*whole, whole[2]),
    ]
    marks = {History("s", answers).mark(len(answers)) for answers in (whole, *others)}
    assert len(marks) == 1 + len(others)


def test_a_mark_beyond_the_end_is_that_of_no_longer_past() -> None:
    """What was kept of more answers than there are now is never taken for it."""
    assert History("s", _answers(True)).mark(2) != History("s", _answers(True, True)).mark(2)
