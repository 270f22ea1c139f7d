"""Addition facts, F1 to 10 and F2 to 20: one family per fact, a + b and b + a together, some asked with dots."""

from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement
from random import Random

from client.content import mathml as m
from client.content import number_figures as figures
from client.content.items import AnswerKind, Family, Line, Problem, Skill, Step, remark
from client.content.packs.drawing import many, worked
from client.content.packs.one_fact import NUDGE, FactSkill, asked, fact_families, fact_slips

_TEN = 10
_SKILLS = (
    FactSkill(Skill("F1", "adding to 10", "K–1", ()), 6.0, 0.8),
    FactSkill(Skill("F2", "adding to 20", "1–2", ("F1",)), 8.0, 0.3),
)


def skills() -> tuple[Skill, ...]:
    """F1 and F2."""
    return tuple(of.skill for of in _SKILLS)


def families() -> tuple[Family, ...]:
    """The 66 sums of two numbers up to ten, the smaller number first in the id."""
    return fact_families(_SKILLS, sums_of, name="{0[0]}+{0[1]}".format, draw=_draw, draw_twin=_draw_twin)


@cache
def sums_of(skill: str) -> tuple[tuple[int, int], ...]:
    """The facts of F1, with sums up to 10, or of F2, with larger ones."""
    sums = combinations_with_replacement(range(_TEN + 1), 2)
    return tuple(fact for fact in sums if (sum(fact) <= _TEN) == (skill == "F1"))


def _draw(skill: str, fact: tuple[int, int], random: Random) -> Problem:
    a, b = fact
    first, second = (a, b) if random.random() < 0.5 else (b, a)
    stem = asked(random, m.number(first), "+", m.number(second))
    if random.random() < 0.35 and a > 0:
        stem = ("How many dots are there in all? ", figures.ten_frames(first, second))
    return Problem(
        stem=stem,
        answer=Fraction(a + b),
        kind=AnswerKind.NUMBER,
        hints=(NUDGE, *_hints(a, b)),
        steps=_steps(a, b),
        distractors=fact_slips(a + b, _slips(skill, a, b)),
        features=(("bridges_ten", int(a + b > _TEN > b)), ("counts_on", a)),
    )


def _draw_twin(skill: str, fact: tuple[int, int], random: Random) -> Problem:
    """Another sum that is found in the same way."""
    alike = [other for other in sums_of(skill) if _way(*other) == _way(*fact) and sum(other) != sum(fact)]
    return _draw(skill, random.choice(alike), random)


def _way(a: int, b: int) -> str:
    """How the sum is found; a is the smaller number."""
    if a == 0:
        return "nothing"
    if b == _TEN:
        return "ten and ones"
    return "count on" if a + b <= _TEN else "make ten"


def _hints(a: int, b: int) -> tuple[Line, Line]:
    match _way(a, b):
        case "nothing":
            return ("Zero means that nothing comes.",), ("Count what is there. Does more come?",)
        case "ten and ones":
            return ("Think of a full ten frame.",), ("A ten and some ones: write 1 for the ten.",)
        case "count on":
            return ("Start with the bigger number. Count on.",), (f"Say {b}. Now count {a} more.",)
        case _:
            ten = m.row(m.number(b), "+", m.number(_TEN - b), "=", m.number(_TEN))
            return ("Make ten first.",), (ten, ". How many are left to add?")


def _steps(a: int, b: int) -> tuple[Step, ...]:
    total = worked(a + b, m.number(b), "+", m.number(a))
    match _way(a, b):
        case "nothing":
            return (remark("Nothing comes, so the number stays."), total)
        case "ten and ones":
            return (remark(f"1 ten and {many(a, 'one')}." if a < _TEN else "1 ten and 1 ten."), total)
        case "count on":
            counted = ", ".join(str(n) for n in range(b + 1, a + b + 1))
            return (remark(f"Start at {b}. Count on {a}: {counted}."), total)
        case _:
            need = _TEN - b
            ten, rest = (
                worked(_TEN, m.number(b), "+", m.number(need)),
                worked(a - need, m.number(a), "−", m.number(need)),
            )
            return (ten, rest, worked(a + b, m.number(_TEN), "+", m.number(a - need)), total)


def _slips(skill: str, a: int, b: int) -> list[tuple[str, int]]:
    total = a + b
    if skill == "F2":
        return [("F2.drops_the_ten", total % _TEN), ("F2.off_by_one", total - 1), ("F2.off_by_one", total + 1)]
    if a == 0:
        return [("F1.plus_zero_is_zero", 0)]
    return [("F1.counts_the_start", total - 1)]
