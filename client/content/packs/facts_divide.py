"""Division facts, skills F9-F12: one family per fact, named by its factors, p ÷ a and p ÷ b together."""

from fractions import Fraction
from random import Random

from client.content import mathml as m
from client.content.items import AnswerKind, Family, Line, Problem, Skill, Step, remark
from client.content.packs.drawing import worked
from client.content.packs.facts_times import facts_of
from client.content.packs.one_fact import FactSkill, asked, fact_families, fact_slips

_SKILLS = (
    FactSkill(Skill("F9", "dividing in the tables of 1, 2, 5 and 10", "3", ("F5",)), 8.0, 0.3),
    FactSkill(Skill("F10", "dividing in the tables of 3 and 4", "3", ("F6", "F9")), 10.0, 0.0),
    FactSkill(Skill("F11", "dividing in the tables of 6, 7, 8 and 9", "3–4", ("F7", "F10")), 12.0, -0.4),
    FactSkill(Skill("F12", "dividing in the tables of 11 and 12", "4", ("F8", "F10")), 13.0, -0.3),
)
_TIMES = {"F9": "F5", "F10": "F6", "F11": "F7", "F12": "F8"}
_NUDGE: Line = ("Which times fact has these numbers?",)
# Groups that are easy to count, the largest first.
_EASY_GROUPS = (10, 5, 2, 3, 4)


def skills() -> tuple[Skill, ...]:
    """F9 to F12."""
    return tuple(of.skill for of in _SKILLS)


def families() -> tuple[Family, ...]:
    """The 90 facts: those of the times tables without 0 × 0, which can't be divided."""
    return fact_families(_SKILLS, _facts, name="{0[0]}x{0[1]}".format, draw=_draw, draw_twin=_draw_twin)


def _facts(skill: str) -> list[tuple[int, int]]:
    return [fact for fact in facts_of(_TIMES[skill]) if fact != (0, 0)]


def _draw(skill: str, factors: tuple[int, int], random: Random) -> Problem:
    divisor, quotient = factors if random.random() < 0.5 else factors[::-1]
    if divisor == 0:
        divisor, quotient = quotient, divisor
    product = divisor * quotient
    stem = asked(random, m.number(product), "÷", m.number(divisor))
    if random.random() < 0.25:
        stem = (m.row(m.number(divisor), "×", m.blank(), "=", m.number(product)),)
    return Problem(
        stem=stem,
        answer=Fraction(quotient),
        kind=AnswerKind.NUMBER,
        hints=(_NUDGE, (f"How many groups of {divisor} make {product}?",), _first_groups(divisor, quotient)),
        steps=_steps(divisor, quotient),
        distractors=fact_slips(quotient, _slips(skill, divisor, quotient)),
    )


def _draw_twin(skill: str, factors: tuple[int, int], random: Random) -> Problem:
    others = [fact for fact in _facts(skill) if fact != factors and 0 not in fact]
    return _draw(skill, random.choice(others), random)


def _first_groups(divisor: int, quotient: int) -> Line:
    """Some of the groups, never as many as asked for and never making that number."""
    fitting = (n for n in _EASY_GROUPS if n < quotient and n * divisor != quotient)
    groups = next(fitting, None)
    if groups is None or divisor == 1:
        return (f"Count in steps of {divisor}. How many steps do you need?",)
    known = m.row(m.number(groups), "×", m.number(divisor), "=", m.number(groups * divisor))
    return (known, ". How many groups come on top?")


def _steps(divisor: int, quotient: int) -> tuple[Step, ...]:
    product = divisor * quotient
    result = worked(quotient, m.number(product), "÷", m.number(divisor))
    if product == 0:
        return (remark("Nothing shared out gives nothing to each."), result)
    back = Step(
        (f"Which number times {divisor} makes {product}?",),
        Fraction(quotient),
        (m.row(m.number(quotient), "×", m.number(divisor), "=", m.number(product)), "."),
    )
    return (back, result)


def _slips(skill: str, divisor: int, quotient: int) -> list[tuple[str, int | Fraction]]:
    product = divisor * quotient
    near: list[tuple[str, int | Fraction]] = [(f"{skill}.neighbouring_fact", quotient + step) for step in (-1, 1)]
    match skill:
        case "F9":
            return _easy_slips(divisor, product)
        case "F10":
            return [("F10.subtracts", product - divisor), *near]
        case "F11":
            return near
        case _:
            one_digit = product // 10 // (divisor // 10 or divisor)
            return [("F12.divides_one_digit", one_digit), *near]


def _easy_slips(divisor: int, product: int) -> list[tuple[str, int | Fraction]]:
    slips: list[tuple[str, int | Fraction]] = []
    if divisor == 1:
        slips.append(("F9.by_one_is_one", 1))
    if product == 0:
        return [*slips, ("F9.zero_shared_is_the_divisor", divisor)]
    return [*slips, ("F9.swaps", Fraction(divisor, product))]
