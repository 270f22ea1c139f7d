"""Multiplication facts, skills F5-F8: one family per fact, a × b and b × a together."""

from fractions import Fraction
from functools import cache, partial
from itertools import combinations_with_replacement
from random import Random

from client.content import mathml as m
from client.content.items import (
    AnswerKind,
    Distractor,
    Family,
    FamilyKind,
    Line,
    Problem,
    Skill,
    Step,
    remark,
)
from client.content.packs.drawing import many, worked
from client.content.packs.one_fact import fact_slips

_EASY = (0, 1, 2, 5, 10)
_SKILLS = (
    Skill("F5", "times tables of 0, 1, 2, 5 and 10", "2–3", ("F2",)),
    Skill("F6", "times tables of 3 and 4", "3", ("F5",)),
    Skill("F7", "times tables of 6, 7, 8 and 9", "3–4", ("F6",)),
    Skill("F8", "times tables of 11 and 12", "4", ("F6",)),
)
_SECONDS = {"F5": 6.0, "F6": 8.0, "F7": 10.0, "F8": 11.0}
_DIFFICULTY = {"F5": 0.6, "F6": 0.1, "F7": -0.4, "F8": -0.3}
# The factor whose table carries the strategy: the first of these that the fact has.
_BY_STRATEGY = (0, 1, 10, 2, 5, 11, 12, 4, 3, 9, 8, 6, 7)
# How each table is built from two easier ones: table -> (first, second, sign between).
_SPLITS = {
    2: (1, 1, "+"), 3: (2, 1, "+"), 4: (2, 2, "+"), 6: (5, 1, "+"), 7: (5, 2, "+"),
    8: (4, 4, "+"), 9: (10, 1, "−"), 11: (10, 1, "+"), 12: (10, 2, "+"),
}  # fmt: skip


def skills() -> tuple[Skill, ...]:
    """F5 to F8."""
    return _SKILLS


def families() -> tuple[Family, ...]:
    """The 91 facts from 0 × 0 to 12 × 12, the smaller factor first in the id."""
    return tuple(_family(a, b) for a, b in _facts())


@cache
def _facts() -> tuple[tuple[int, int], ...]:
    return tuple(combinations_with_replacement(range(13), 2))


@cache
def facts_of(skill: str) -> tuple[tuple[int, int], ...]:
    """The facts of one of the four skills."""
    return tuple(fact for fact in _facts() if skill_of(*fact) == skill)


def skill_of(a: int, b: int) -> str:
    """The skill of a fact: that of its easier factor."""
    if a in _EASY or b in _EASY:
        return "F5"
    if {a, b} & {3, 4}:
        return "F6"
    return "F8" if {a, b} & {11, 12} else "F7"


def _family(a: int, b: int) -> Family:
    skill = skill_of(a, b)
    grade = next(s.grade for s in _SKILLS if s.id == skill)
    return Family(
        id=f"{skill}:{a}x{b}",
        skills=(skill,),
        kind=FamilyKind.FACT,
        grade=grade,
        expected_seconds=_SECONDS[skill],
        difficulty=_DIFFICULTY[skill],
        draw=partial(_draw, a, b),
        draw_twin=partial(_draw_twin, a, b),
    )


def _draw(a: int, b: int, random: Random) -> Problem:
    first, second = (a, b) if random.random() < 0.5 else (b, a)
    product = m.row(m.number(first), "×", m.number(second))
    asked = (m.row(product, "=", m.blank()), m.row(m.blank(), "=", product))[random.random() < 0.25]
    table, other = _table_and_other(a, b)
    return Problem(
        stem=(asked,),
        answer=Fraction(a * b),
        kind=AnswerKind.NUMBER,
        hints=_hints(table, other),
        steps=_steps(table, other),
        distractors=_distractors(a, b),
    )


def _draw_twin(a: int, b: int, random: Random) -> Problem:
    return _draw(*random.choice(_found_alike(a, b)), random)


@cache
def _found_alike(a: int, b: int) -> list[tuple[int, int]]:
    """Other facts with the same table, so that a worked example shows the same strategy."""
    table, _ = _table_and_other(a, b)
    others = [fact for fact in _facts() if _table_and_other(*fact)[0] == table and fact != (a, b)]
    if table == 0:  # Every product of zero is zero: there the next table has to serve.
        others = [(1, n) for n in range(2, 10)]
    if not others:  # 7 × 7 is alone with its strategy.
        others = [fact for fact in facts_of(skill_of(a, b)) if fact != (a, b)]
    return others


def _table_and_other(a: int, b: int) -> tuple[int, int]:
    table = next(factor for factor in _BY_STRATEGY if factor in (a, b))
    return table, b if table == a else a


def _hints(table: int, other: int) -> tuple[Line, Line, Line]:
    nudge: Line = ("Which near fact do you know?",)
    if table in (0, 1):
        return (
            nudge,
            (f"Think of {many(table, 'plate')} with {many(other, 'apple')} each.",),
            ("How many apples are there in all?",),
        )
    if table == 10:
        return nudge, (f"Think of {other} bundles of ten sticks.",), ("Count them in tens.",)
    if table == 5:
        ten = m.row(m.number(10), "×", m.number(other), "=", m.number(10 * other))
        return nudge, ("5 is half of 10.",), (ten, ". What is half of that?")
    return nudge, (_strategy(table),), _first_step(table, other)


def _strategy(table: int) -> str:
    first, second, sign = _SPLITS[table]
    if first == second:
        return "Take the number, and the same again." if first == 1 else f"Double the {first} times table."
    joined = "and" if sign == "+" else "without"
    return f"{table} times a number is {first} times it {joined} {second} times it."


def _first_step(table: int, other: int) -> Line:
    first, second, sign = _SPLITS[table]
    known = m.row(m.number(first), "×", m.number(other), "=", m.number(first * other))
    if first == second:
        return (known, ". And the same again?")
    times = "one more time" if second == 1 else f"{second} more times"
    return (known, f". Now {'add' if sign == '+' else 'take away'} {other} {times if sign == '+' else 'once'}.")


def _steps(table: int, other: int) -> tuple[Step, ...]:
    result = worked(table * other, m.number(table), "×", m.number(other))
    if table == 0:
        return (remark("Zero groups hold nothing."), result)
    if table == 1:
        return (remark("One group of a number is the number itself."), result)
    if table == 10:
        return (remark(f"Count {other} tens."), result)
    if table == 5:
        ten = worked(10 * other, m.number(10), "×", m.number(other))
        half = Step((f"What is half of {10 * other}?",), Fraction(5 * other), (f"Half of that is {5 * other}.",))
        return (ten, half, result)
    first, second, sign = _SPLITS[table]
    parts = [worked(part * other, m.number(part), "×", m.number(other)) for part in dict.fromkeys((first, second))]
    return (
        *parts,
        worked(table * other, m.number(first * other), sign, m.number(second * other)),
        result,
    )


def _distractors(a: int, b: int) -> tuple[Distractor, ...]:
    """The likely wrong values, each once and none equal to the key; rules in the order of trust."""
    rules = {
        "F5": _easy_slips,
        "F6": _group_slips,
        "F7": _neighbour_slips,
        "F8": _lost_tens,
    }
    return fact_slips(a * b, rules[skill_of(a, b)](a, b))


def _easy_slips(a: int, b: int) -> list[tuple[str, int]]:
    slips = []
    if 0 in (a, b):
        slips.append(("F5.times_zero_keeps", max(a, b)))
    if 1 in (a, b):
        slips.append(("F5.times_one_is_one", 1))
    return [*slips, ("F5.adds", a + b)]


def _group_slips(a: int, b: int) -> list[tuple[str, int]]:
    table, other = _table_and_other(a, b)
    return [
        ("F6.one_group_too_few", (table - 1) * other),
        ("F6.one_group_too_many", (table + 1) * other),
        ("F6.adds", a + b),
    ]


def _neighbour_slips(a: int, b: int) -> list[tuple[str, int]]:
    swapped = int(str(a * b)[::-1])
    near = [a * (b - 1), a * (b + 1), (a - 1) * b, (a + 1) * b, (a - 1) * (b + 1), (a + 1) * (b - 1)]
    slips = [("F7.digits_swapped", swapped)]
    return [*slips, *(("F7.neighbouring_fact", value) for value in near)]


def _lost_tens(a: int, b: int) -> list[tuple[str, int]]:
    table, other = _table_and_other(a, b)
    return [
        ("F8.loses_the_tens", (table % 10) * other),
        ("F8.tens_only", 10 * other),
        ("F8.neighbouring_fact", (table - 1) * other if table == 12 else 12 * other),
    ]
