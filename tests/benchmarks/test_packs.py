"""The pack command: its report, and that each law notices an item that breaks it."""

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from benchmarks.packs.__main__ import main
from benchmarks.packs.derivation import Derivation
from benchmarks.packs.family_check import check_family
from benchmarks.packs.laws import complaints
from benchmarks.packs.oracles import all_oracles, oracle_of
from benchmarks.packs.reading_level import ReadingLevel, reading_level
from client.content import mathml as m
from client.content.bank import built_in_bank
from client.content.items import Choice, Distractor, Item, Step

_BANK = built_in_bank()
_ORACLES = all_oracles()


def _item(family: str, seed: int = 0) -> tuple[Item, Derivation]:
    item = _BANK.generate(family, seed)
    return item, _ORACLES[family](item)


def _laws(item: Item, derived: Derivation) -> set[str]:
    return {complaint.partition(":")[0] for complaint in complaints(item, derived)}


def _hint(item: Item, rung: int, *parts: object) -> Item:
    hints = list(item.hints)
    hints[rung] = (tuple(parts),)  # type: ignore[arg-type]
    return replace(item, hints=tuple(hints))


_BENT: dict[str, Callable[[Item], Item]] = {
    "key": lambda item: replace(item, answer=Fraction(99, 7)),
    "distractors": lambda item: replace(item, distractors=(*item.distractors, Distractor("x", Fraction(2, 4)),
                                                           Distractor("x", Fraction(1, 2)))),
    "misconceptions": lambda item: replace(item, distractors=(Distractor("Q8.tops_and_bottoms", Fraction(99)),)),
    "choices": lambda item: replace(item, choices=(Choice("c1", ("a",)), Choice("c2", ("a",)))),
    "hints": lambda item: _hint(item, 1, f"It is {item.answer}."),
    "steps": lambda item: replace(item, steps=(Step(("What is it?",), Fraction(0), ("It is 0.",)),)),
    "alternatives": lambda item: _hint(item, 0, m.number(3), m.Expression("<mn>4</mn>", "3")),
    "size": lambda item: replace(item, stem=(m.number(10**7),)),
    "reading": lambda item: replace(item, simple=("The aforementioned fractions shall be summed " * 3,)),
}  # fmt: skip


@pytest.mark.parametrize("law", _BENT)
def test_each_law_notices_what_breaks_it(law: str) -> None:
    """One item, bent in one place; unbent it breaks none."""
    item, derived = _item("Q8.procedure")
    assert _laws(item, derived) == set()
    assert law in _laws(_BENT[law](item), derived)


def test_a_key_that_is_a_choice_may_not_stand_in_a_hint() -> None:
    """Nor may a choice's misconception be one whose rule leads elsewhere."""
    item, derived = _item("Q5.find_the_mistake")
    key = next(choice for choice in item.choices if choice.id == item.answer)
    assert _laws(item, derived) == set()
    assert "hints" in _laws(_hint(item, 2, "It is ", *key.label), derived)
    others = tuple(
        replace(choice, misconception="Q5.no_rule") if choice != key else choice for choice in item.choices
    )
    assert "misconceptions" in _laws(replace(item, choices=others), derived)


def test_a_family_is_judged_as_a_whole() -> None:
    """One that draws the same again and again, and an oracle that can't read a stem."""
    family = _BANK.family("Q8.procedure")
    assert family is not None
    oracle = oracle_of(family, _ORACLES)
    seeds = [7] * 120
    assert check_family(family, oracle, seeds).broken == {"different": 1}
    unread = check_family(family, _ORACLES["Q5.representation"], range(4))
    assert unread.broken == {"oracle": 4}
    assert "Q8" not in unread.examples[0]


def test_the_command_reports_every_family_of_a_pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON, with what the run cost; two processes give the digests that one gives."""
    out = tmp_path / "report.json"
    assert main(["--seeds", "3", "--pack", "Q4", "--out", str(out)]) == 0
    report = json.loads(out.read_text())
    assert (report["families"], report["items"], report["items_broken"]) == (4, 12, 0)
    assert "4 families, 12 items, 0 laws broken" in capsys.readouterr().out
    family = _BANK.family("Q4.procedure")
    assert family is not None
    here = check_family(family, oracle_of(family, _ORACLES), range(3))
    assert report["checks"][0]["digest"] == here.digest


def test_a_pack_that_nobody_wrote_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With a sentence, not an empty report."""
    with pytest.raises(SystemExit):
        main(["--pack", "ZZ"])
    assert "no family's id begins with ZZ" in capsys.readouterr().err


def test_reading_level_is_worked_out_from_words_and_sentences() -> None:
    """By hand: 18 letters in 6 words, 2 sentences: 4.71 × 3 + 0.5 × 3 − 21.43."""
    level = reading_level(("Ada has 3 pens. How many?",))
    assert level == ReadingLevel(6, 4, pytest.approx(4.71 * 18 / 6 + 0.5 * 3 - 21.43))
    assert reading_level((m.number(3),)).longest == 1
    assert reading_level(()) == ReadingLevel(0, 0, 0.0)
