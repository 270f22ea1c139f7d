"""Subtraction facts, F3 within 10 and F4 within 20: one family per fact, s − a and s − b together."""

from fractions import Fraction
from random import Random

from client.content import mathml as m
from client.content import number_figures as figures
from client.content.items import AnswerKind, Family, Line, Problem, Skill, Step, remark
from client.content.packs.drawing import worked
from client.content.packs.facts_add import sums_of
from client.content.packs.one_fact import NUDGE, FactSkill, asked, fact_families, fact_slips

_TEN = 10
_SKILLS = (
    FactSkill(Skill("F3", "taking away within 10", "K–1", ("F1",)), 7.0, 0.6),
    FactSkill(Skill("F4", "taking away within 20", "1–2", ("F2", "F3")), 9.0, 0.0),
)
_SUMS = {"F3": "F1", "F4": "F2"}


def skills() -> tuple[Skill, ...]:
    """F3 and F4."""
    return tuple(of.skill for of in _SKILLS)


def families() -> tuple[Family, ...]:
    """The 66 facts, each named by its whole and its smaller part."""
    return fact_families(
        _SKILLS,
        lambda skill: sums_of(_SUMS[skill]),
        name=lambda parts: f"{sum(parts)}-{parts[0]}",
        draw=_draw,
        draw_twin=_draw_twin,
    )


def _draw(skill: str, parts: tuple[int, int], random: Random) -> Problem:
    taken, left = parts if random.random() < 0.5 else parts[::-1]
    return _take_away(skill, (taken + left, taken), random)


def _draw_twin(skill: str, parts: tuple[int, int], random: Random) -> Problem:
    others = [fact for fact in sums_of(_SUMS[skill]) if sum(fact) != sum(parts)]
    return _draw(skill, random.choice(others), random)


def _take_away(skill: str, numbers: tuple[int, int], random: Random) -> Problem:
    whole, taken = numbers
    stem = asked(random, m.number(whole), "−", m.number(taken))
    if random.random() < 0.35 and taken > 0:
        stem = ("Some dots are crossed out. How many are left? ", figures.ten_frames_crossed(whole, taken))
    return Problem(
        stem=stem,
        answer=Fraction(whole - taken),
        kind=AnswerKind.NUMBER,
        hints=(NUDGE, *_hints(whole, taken)),
        steps=_steps(whole, taken),
        distractors=fact_slips(whole - taken, _slips(skill, whole, taken)),
        features=(("bridges_ten", int(_way(whole, taken) == "back to ten")), ("counts_back", taken)),
    )


def _way(whole: int, taken: int) -> str:
    """How the difference is found."""
    if taken == 0:
        return "nothing"
    if whole <= _TEN:
        return "count back"
    if taken == _TEN:
        return "the ten goes"
    return "the ones go" if taken == whole - _TEN else "back to ten"


def _hints(whole: int, taken: int) -> tuple[Line, Line]:
    match _way(whole, taken):
        case "nothing":
            return ("Zero means that nothing goes.",), ("Count what is there. Does any of it go?",)
        case "count back":
            return ("Start with the whole. Count back.",), (f"Say {whole}. Now count {taken} back.",)
        case "the ten goes":
            return ("Think of a ten and some ones.",), ("Take the whole ten away. What stays?",)
        case "the ones go":
            return ("Think of a ten and some ones.",), ("Take all the ones away. What stays?",)
        case _:
            ones = whole - _TEN
            ten = m.row(m.number(whole), "−", m.number(ones), "=", m.number(_TEN))
            return ("Go back to ten first.",), (ten, ". How many are left to take away?")


def _steps(whole: int, taken: int) -> tuple[Step, ...]:
    result = worked(whole - taken, m.number(whole), "−", m.number(taken))
    match _way(whole, taken):
        case "nothing":
            return (remark("Nothing goes, so the number stays."), result)
        case "count back":
            counted = ", ".join(str(n) for n in range(whole - 1, whole - taken - 1, -1))
            return (remark(f"Start at {whole}. Count back {taken}: {counted}."), result)
        case "the ten goes":
            return (remark("The ten goes, and the rest stays."), result)
        case "the ones go":
            return (remark("All the ones go, and the ten stays."), result)
        case _:
            ones = whole - _TEN
            ten = worked(_TEN, m.number(whole), "−", m.number(ones))
            rest = worked(taken - ones, m.number(taken), "−", m.number(ones))
            return (ten, rest, worked(whole - taken, m.number(_TEN), "−", m.number(taken - ones)), result)


def _slips(skill: str, whole: int, taken: int) -> list[tuple[str, int]]:
    if skill == "F3":
        return [("F3.counts_the_start", whole - taken + 1), ("F3.adds", whole + taken)]
    tens = _TEN * abs(whole // _TEN - taken // _TEN)
    smaller_from_larger = tens + abs(whole % _TEN - taken % _TEN)
    near = [("F4.off_by_one", whole - taken + step) for step in (-1, 1)]
    return [("F4.smaller_from_larger", smaller_from_larger), *near]
