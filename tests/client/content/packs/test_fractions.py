"""Fractions: eleven skills with four families, and the misconceptions of Q9 and Q11 worked by hand."""

from fractions import Fraction

import pytest

from client.content.bank import draw_item
from client.content.items import FamilyKind, plain_text
from client.content.packs import fractions

_FAMILIES = {family.id: family for family in fractions.families()}


def test_eleven_skills_have_four_families_each() -> None:
    """Procedure, representation, word problem, find the mistake."""
    assert [skill.id for skill in fractions.skills()] == [f"Q{n}" for n in range(1, 12)]
    for skill in fractions.skills():
        kinds = [family.kind for family in _FAMILIES.values() if family.skills == (skill.id,)]
        assert kinds == [kind for kind in FamilyKind if kind is not FamilyKind.FACT]


@pytest.mark.parametrize(
    ("family", "stem", "answer", "wrong"),
    [
        (
            "Q9.procedure",
            "5 and 1 third minus 2 and 2 thirds",
            "8/3",
            {"Q9.smaller_from_larger": "10/3", "Q9.one_whole_as_ten": "5"},
        ),
        (
            "Q11.procedure",
            "2 thirds divided by 4 sevenths",
            "7/6",
            {"Q11.inverts_the_first": "6/7", "Q11.divides_tops_only": "1/6", "Q11.multiplies": "8/21"},
        ),
    ],
)
def test_wrong_answers_follow_their_rules(family: str, stem: str, answer: str, wrong: dict[str, str]) -> None:
    """5 1/3 − 2 2/3 and 2/3 ÷ 4/7, wherever they first come up."""
    drawn = (draw_item(_FAMILIES[family], seed) for seed in range(20_000))
    item = next(item for item in drawn if plain_text(item.stem) == f"{stem} equals what number")
    assert item.answer == Fraction(answer)
    assert {d.misconception: d.value for d in item.distractors} == {k: Fraction(v) for k, v in wrong.items()}
