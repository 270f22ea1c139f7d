"""Every misconception that a pack tags has a question to ask back about it."""

import pytest

from client.content.bank import built_in_bank
from client.content.misconceptions import question_about

BANK = built_in_bank()
SEEDS = 12


def _tagged() -> set[str]:
    found: set[str] = set()
    for family in BANK.families():
        for seed in range(SEEDS if len(BANK.families_of(family.skills[0])) <= 4 else 1):
            item = BANK.generate(family.id, seed)
            found |= {one.misconception for one in (*item.distractors, *item.choices)} | {item.form_misconception}
    return found - {""}


def test_each_tagged_misconception_has_a_question() -> None:
    """A new rule in a pack fails here until somebody writes what to ask about it."""
    without = sorted(one for one in _tagged() if "?" not in question_about(one))
    assert without == []


@pytest.mark.parametrize("unknown", ["", "Q8.no_such_rule", "nothing"])
def test_what_has_no_question_says_nothing(unknown: str) -> None:
    """Then the tutor asks in general."""
    assert question_about(unknown) == ""


def test_questions_hold_no_figures() -> None:
    """They are the same for every item, so a number in them could be an answer."""
    assert not any(character.isdigit() for one in _tagged() for character in question_about(one))
