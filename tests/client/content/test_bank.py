"""ItemBank: the contract that every item of every family keeps, the skill graph, and sameness everywhere."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from random import Random

import pytest

from client.content.bank import ItemBank, built_in_bank, draw_item, make_bank
from client.content.items import Skill, plain_text
from common.errors import ErrorCode, FixSettings

_BANK = built_in_bank()


def test_items_are_the_same_in_another_process() -> None:
    """Nothing depends on the salt of hash() or on the order of sets."""
    program = (
        "import hashlib; from client.content.bank import built_in_bank; b = built_in_bank(); "
        "print(hashlib.sha256(repr([b.generate(f.id, 5) for f in b.families()]).encode()).hexdigest())"
    )
    elsewhere = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    here = repr([_BANK.generate(family.id, 5) for family in _BANK.families()])
    assert elsewhere.stdout.strip() == hashlib.sha256(here.encode()).hexdigest()


def test_an_item_of_last_year_is_the_same_today() -> None:
    """Stored seeds have to give the items that were shown: the generators' first promise."""
    assert plain_text(_BANK.generate("Q8.procedure", 1).stem) == "3 fifths plus 3 sevenths equals what number"
    assert plain_text(_BANK.generate("F7:7x8", 1).stem) == "7 times 8 equals what number"


def test_a_new_version_of_a_family_draws_other_items() -> None:
    """And items say which version they are of."""
    family = _BANK.family("Q8.procedure")
    assert family is not None
    first, second = draw_item(family, 1), draw_item(replace(family, version=2), 1)
    assert (first.version, second.version) == (1, 2)
    assert first.stem != second.stem


def test_needs_come_before_what_needs_them() -> None:
    """The skill order is a topological one, and a need outside the packs is left out."""
    order = [skill.id for skill in _BANK.skills()]
    for skill in order:
        assert all(order.index(need) < order.index(skill) for need in _BANK.prerequisites(skill))
    assert _BANK.prerequisites("Q3") == ("Q1", "F6")
    assert _BANK.prerequisites("Q4") == ("Q3", "F10")
    assert _BANK.prerequisites("F1") == ()
    assert _BANK.prerequisites("from an imported log") == ()


def test_the_bank_holds_what_the_skill_table_says() -> None:
    """61 skills, 509 families, 101 needs, and every need is a skill of the bank."""
    needs = [need for skill in _BANK.skills() for need in skill.needs]
    assert (len(_BANK.skills()), len(_BANK.families()), len(needs)) == (61, 509, 101)
    assert all(_BANK.prerequisites(skill.id) == skill.needs for skill in _BANK.skills())
    assert all(_BANK.families_of(skill.id) for skill in _BANK.skills())


def test_an_unknown_family_is_none_or_an_error_that_names_it() -> None:
    """Imported logs hold families without content."""
    assert _BANK.family("assist:1234") is None
    assert _BANK.skill("Box and Whisker") is None
    with pytest.raises(FixSettings, match="assist:1234") as caught:
        _BANK.generate("assist:1234", 0)
    assert caught.value.code is ErrorCode.BAD_CONTENT


def test_simulated_items_name_every_family_once() -> None:
    """What the student simulator is told."""
    simulated = _BANK.simulated_items()
    assert [row[0] for row in simulated] == [family.id for family in _BANK.families()]
    assert all(-1 <= difficulty <= 1 and len(skills) == 1 for _, skills, difficulty in simulated)


def test_a_bank_refuses_what_does_not_fit_together() -> None:
    """Two of the same id, an unknown skill, a circle of needs."""
    family = _BANK.families()[0]
    skill = Skill(family.skills[0], "facts", "2", ())
    with pytest.raises(FixSettings, match="same id"):
        make_bank([skill], [family, family])
    with pytest.raises(FixSettings, match="no pack has"):
        make_bank([skill], [replace(family, skills=("X1",))])
    with pytest.raises(FixSettings, match="circle"):
        make_bank([replace(skill, needs=("Z",)), Skill("Z", "z", "2", (skill.id,))], [family])


def test_a_family_that_always_draws_the_same_is_refused() -> None:
    """Its twin would be the item itself."""
    family = _BANK.family("Q8.procedure")
    assert family is not None
    problem = family.draw(Random(1))
    with pytest.raises(FixSettings, match="same numbers"):
        draw_item(replace(family, draw=lambda _: problem), 1)


@pytest.mark.parametrize("seed", [3444, 9991])
def test_a_twin_is_solved_in_other_words(seed: int) -> None:
    """Seeds at which another pair of numbers led to the very same sentences."""
    item = _BANK.generate("V2.word_problem", seed)
    assert item.hints[3][1:] != item.solution


def test_a_bank_is_only_its_packs() -> None:
    """Nothing is shared between two banks."""
    small = make_bank([Skill("F1", "facts", "K–1", ("F0",))], [_BANK.families()[0]])
    assert isinstance(small, ItemBank)
    assert len(small.families()) == 1
    assert small.families_of("F1") == small.families()
    assert small.families_of("Q1") == ()
