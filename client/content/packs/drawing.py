"""What the packs share: drawing numbers, steps that are calculations, naming wrong answers, "find the mistake"."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from math import gcd
from random import Random

from client.content import mathml as m
from client.content.items import (
    AnswerKind,
    Choice,
    Distractor,
    Family,
    FamilyKind,
    Line,
    Part,
    Problem,
    Step,
    remark,
)

NAMES = ("Ada", "Ben", "Chen", "Dina", "Eli", "Fatima", "Goran", "Hana", "Ivo", "Jo", "Kofi", "Lena")
_SECONDS = {
    FamilyKind.PROCEDURE: 30.0,
    FamilyKind.REPRESENTATION: 30.0,
    FamilyKind.WORD_PROBLEM: 45.0,
    FamilyKind.FIND_THE_MISTAKE: 50.0,
}
_DIFFICULTY = {
    FamilyKind.PROCEDURE: 0.2,
    FamilyKind.REPRESENTATION: 0.1,
    FamilyKind.WORD_PROBLEM: -0.2,
    FamilyKind.FIND_THE_MISTAKE: -0.3,
}
_KINDS = tuple(_SECONDS)


@dataclass(frozen=True, slots=True)
class Claim:
    """The same statement made rightly and wrongly. check: the step that shows which it is."""

    right: Line
    false: Line
    misconception: str
    advice: str
    check: Step


@dataclass(frozen=True, slots=True)
class Mistake:
    """A find-the-mistake task. claims: who or which line, what is claimed, and the step that checks it.

    wrong: place of the false one. advice: why, in one sentence. strategy: the second rung.
    """

    claims: tuple[tuple[str, Line, Step], ...]
    wrong: int
    misconception: str
    advice: str
    strategy: str = "A picture of equal parts can show whether it is true."


def four_families(
    skill: str,
    grade: str,
    *draws: Callable[[Random], Problem],
    versions: tuple[int, ...] = (1, 1, 1, 1),
    effort: float = 1.0,
) -> tuple[Family, ...]:
    """Procedure, representation, word problem and find the mistake, in this order.

    effort: how many times as long as the usual 30 to 50 seconds a child takes who can do it.
    """
    return tuple(
        Family(
            id=f"{skill}.{kind.value.replace(' ', '_')}",
            skills=(skill,),
            kind=kind,
            grade=grade,
            expected_seconds=_SECONDS[kind] * effort,
            difficulty=_DIFFICULTY[kind],
            draw=draw,
            version=version,
        )
        for kind, draw, version in zip(_KINDS, draws, versions, strict=True)
    )


def lowest(random: Random, *, least: int, most: int, least_top: int = 1) -> tuple[int, int]:
    """(top, bottom) of a proper fraction in lowest terms with `least` <= bottom <= `most`."""
    return random.choice(_lowest_pairs(least, most, least_top))


@cache
def _lowest_pairs(least: int, most: int, least_top: int) -> tuple[tuple[int, int], ...]:
    return tuple(
        (top, bottom)
        for bottom in range(least, most + 1)
        for top in range(least_top, bottom)
        if gcd(top, bottom) == 1
    )


def worked(value: Fraction | int, *parts: m.Expression | str, shown: m.Expression | None = None) -> Step:
    """The step `parts` = ?. shown: how the result is written, if not in lowest terms."""
    result = m.value(Fraction(value)) if shown is None else shown
    return Step((m.row(*parts, "=", m.blank()),), Fraction(value), (m.row(*parts, "=", result),))


def rewriting(fraction: tuple[int, int], bottom: int) -> Step:
    """The step that writes a fraction with another bottom number; its top is asked for."""
    top = fraction[0] * bottom // fraction[1]
    start = m.fraction(*fraction)
    question, reason = m.row(start, "=", m.blank_over(bottom)), m.row(start, "=", m.fraction(top, bottom))
    return Step((question,), Fraction(top), (reason,))


def slips(answer: Fraction, *wrong: tuple[str, Fraction]) -> tuple[Distractor, ...]:
    """The wrong values with their misconceptions: none equal to the key, none twice, none below zero."""
    found: dict[Fraction, str] = {}
    for misconception, value in wrong:
        if value != answer and value >= 0:
            found.setdefault(value, misconception)
    return tuple(Distractor(misconception, value) for value, misconception in found.items())


def in_simple_words(problem: Problem, *simple: Part) -> Problem:
    """The same problem with its stem in fewer and easier words."""
    return replace(problem, simple=simple)


def many(count: int, one: str, more: str = "") -> str:
    """1 ten, 2 tens; `more` where the plural isn't made with s."""
    return f"{count} {one}" if count == 1 else f"{count} {more or one + 's'}"


def names(random: Random, count: int) -> list[str]:
    """Different first names."""
    return random.sample(NAMES, count)


def find_the_mistake(skill: str, intro: str, mistake: Mistake) -> Problem:
    """Several claims of which exactly one is false; the student picks it."""
    stem: list[Line] = [(intro,)]
    for who, claim, _ in mistake.claims:
        stem.append((f"\n{who}: ", *claim, "."))
    stem.append(("\nWhere is the mistake?",))
    culprit = mistake.claims[mistake.wrong][0]
    sound = mistake.claims[(mistake.wrong + 1) % len(mistake.claims)][0]
    checks = (
        Step(check.question, check.value, (f"{who}: ", *check.reason, ".")) for who, _, check in mistake.claims
    )
    return Problem(
        stem=tuple(part for line in stem for part in line),
        answer=f"c{mistake.wrong + 1}",
        kind=AnswerKind.CHOICE,
        hints=(
            ("Look at one at a time, and work each out yourself.",),
            (mistake.strategy,),
            (f"This one is right: {sound}. Now check the others.",),
        ),
        steps=(*checks, remark(f"The mistake: {culprit}. {mistake.advice}")),
        choices=_culprits(skill, mistake),
    )


def three_claims(
    random: Random, skill: str, draw: Callable[[Random], Claim], *, intro: str, strategy: str = ""
) -> Problem:
    """Three children, one wrong. draw: a claim about one set of numbers, right and wrong."""
    drawn: list[Claim] = []
    while len(drawn) < 3:
        new = draw(random)
        if all(new.right != other.right for other in drawn):
            drawn.append(new)
    wrong = random.randrange(3)
    made = zip(names(random, 3), drawn, strict=True)
    claims = tuple(
        (name, claim.false if place == wrong else claim.right, claim.check)
        for place, (name, claim) in enumerate(made)
    )
    mistake = Mistake(claims, wrong, drawn[wrong].misconception, drawn[wrong].advice)
    return find_the_mistake(skill, intro, replace(mistake, strategy=strategy) if strategy else mistake)


def options(*labels: tuple[Line, str]) -> tuple[Choice, ...]:
    """Choices c1, c2, ... from (label, misconception or "")."""
    return tuple(
        Choice(f"c{place}", label, misconception) for place, (label, misconception) in enumerate(labels, start=1)
    )


def _culprits(skill: str, mistake: Mistake) -> tuple[Choice, ...]:
    doubted: list[tuple[Line, str]] = [
        ((who,), "" if place == mistake.wrong else f"{skill}.doubts_what_is_right")
        for place, (who, *_) in enumerate(mistake.claims)
    ]
    # Whoever sees no mistake thinks as the one who made it.
    return options(*doubted, (("There is no mistake",), mistake.misconception))
