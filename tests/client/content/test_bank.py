"""ItemBank: the contract that every item of every family keeps, the skill graph, and sameness everywhere."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from client.content.bank import ItemBank, built_in_bank, draw_item, make_bank
from client.content.figures import Figure
from client.content.grader import grade
from client.content.items import AnswerKind, Family, FamilyKind, Item, Line, Skill, plain_text
from client.content.key_text import answer_text, key_text
from client.content.mathml import Expression
from common.errors import ErrorCode, FixSettings
from tests.support.stem_reader import parse_xml, tokens

_BANK = built_in_bank()


def _seeds(family: Family) -> range:
    return range(8) if family.kind is FamilyKind.FACT else range(100)


def _items(family_id: str) -> list[Item]:
    family = _BANK.family(family_id)
    assert family is not None
    return [_BANK.generate(family_id, seed) for seed in _seeds(family)]


def _lines(item: Item) -> list[Line]:
    return [
        item.stem,
        item.simple,
        *(step.question for step in item.steps),
        *(line for rung in item.hints for line in rung),
        *item.solution,
        *(c.label for c in item.choices),
    ]


@pytest.mark.parametrize("family_id", [family.id for family in _BANK.families()])
def test_every_item_keeps_the_contract(family_id: str) -> None:
    """Key right, distractors wrong and different, rungs 1-3 silent about the key, mathematics well formed."""
    for item in _items(family_id):
        _check_grading(item)
        _check_hints(item)
        _check_steps(item)
        _check_mathematics(item)


def _check_grading(item: Item) -> None:
    assert grade(item, key_text(item)).solved
    values = [distractor.value for distractor in item.distractors]
    assert len({*values, item.answer}) == len(values) + 1
    for distractor in item.distractors:
        wrong = grade(item, answer_text(distractor.value))
        assert (wrong.correct, wrong.misconception) == (False, distractor.misconception)
    assert len({plain_text(choice.label) for choice in item.choices}) == len(item.choices)
    for choice in item.choices:
        chosen = grade(item, choice.id)
        assert chosen.solved == (choice.id == item.answer) == (choice.misconception == "")
    assert (item.kind is AnswerKind.CHOICE) == (len(item.choices) >= 3) == isinstance(item.answer, str)


def _check_steps(item: Item) -> None:
    """Something is asked; what is asked last gives the answer; a remark has neither question nor value."""
    asked = [step for step in item.steps if step.question]
    assert asked
    assert all((step.value is None) == (step.question == ()) and step.reason for step in item.steps)
    if item.kind is not AnswerKind.CHOICE:
        assert asked[-1].value == item.answer
    for step in asked:
        assert not isinstance(step.value, str)
        assert plain_text(step.question) != plain_text(step.reason)


def _check_hints(item: Item) -> None:
    assert len(item.hints) == 4
    seen = set(tokens(item.stem))
    for rung in item.hints[:3]:
        for line in rung:
            if isinstance(item.answer, Fraction):
                assert item.answer in seen or item.answer not in set(tokens(line)), plain_text(line)
            else:
                key = next(plain_text(c.label) for c in item.choices if c.id == item.answer)
                assert key not in plain_text(line) or (key in plain_text(item.stem) and len(key.split()) > 1)
    assert item.hints[3] != item.solution
    assert len(item.hints[3]) >= 2


def _check_mathematics(item: Item) -> None:
    words: dict[str, str] = {}
    for line in _lines(item):
        for part in line:
            if isinstance(part, Expression):
                parse_xml(part.mathml)
                # A row's grouping is neither seen nor said.
                seen = part.inner.replace("<mrow>", "").replace("</mrow>", "")
                assert words.setdefault(part.alternative, seen) == seen
                assert part.alternative
            elif isinstance(part, Figure):
                assert parse_xml(part.svg).get("aria-label") == part.alternative != ""
                assert "style" not in part.svg


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
    assert _BANK.prerequisites("Q4") == ("Q3",)
    assert _BANK.prerequisites("from an imported log") == ()


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


def test_a_bank_is_only_its_packs() -> None:
    """Nothing is shared between two banks."""
    small = make_bank([Skill("F5", "facts", "2", ())], [_BANK.families()[0]])
    assert isinstance(small, ItemBank)
    assert len(small.families()) == 1
    assert small.families_of("F5") == small.families()
    assert small.families_of("Q1") == ()
