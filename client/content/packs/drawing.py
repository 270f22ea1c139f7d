"""What the fraction packs share: drawing fractions, naming wrong answers, and "find the mistake"."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from random import Random

from client.content.items import AnswerKind, Choice, Distractor, Family, FamilyKind, Line, Problem

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
class Mistake:
    """A find-the-mistake task. claims: (who or which line, what is claimed); wrong: place of the false one.

    right: what the false claim should say. advice: why, in one sentence.
    """

    claims: tuple[tuple[str, Line], ...]
    wrong: int
    misconception: str
    right: Line
    advice: str


def four_families(skill: str, grade: str, *draws: Callable[[Random], Problem]) -> tuple[Family, ...]:
    """Procedure, representation, word problem and find the mistake, in this order."""
    return tuple(
        Family(
            id=f"{skill}.{kind.value.replace(' ', '_')}",
            skills=(skill,),
            kind=kind,
            grade=grade,
            expected_seconds=_SECONDS[kind],
            difficulty=_DIFFICULTY[kind],
            draw=draw,
        )
        for kind, draw in zip(_KINDS, draws, strict=True)
    )


def lowest(random: Random, *, least: int, most: int, least_top: int = 1) -> tuple[int, int]:
    """(top, bottom) of a proper fraction in lowest terms with `least` <= bottom <= `most`."""
    pairs = [
        (top, bottom)
        for bottom in range(least, most + 1)
        for top in range(least_top, bottom)
        if gcd(top, bottom) == 1
    ]
    return random.choice(pairs)


def slips(answer: Fraction, *wrong: tuple[str, Fraction]) -> tuple[Distractor, ...]:
    """The wrong values with their misconceptions: none equal to the key, none twice, none below zero."""
    found: dict[Fraction, str] = {}
    for misconception, value in wrong:
        if value != answer and value >= 0:
            found.setdefault(value, misconception)
    return tuple(Distractor(misconception, value) for value, misconception in found.items())


def names(random: Random, count: int) -> list[str]:
    """Different first names."""
    return random.sample(NAMES, count)


def find_the_mistake(skill: str, intro: str, mistake: Mistake) -> Problem:
    """Several claims of which exactly one is false; the student picks it."""
    stem: list[Line] = [(intro,)]
    for who, claim in mistake.claims:
        stem.append((f" {who}: ", *claim, "."))
    stem.append((" Where is the mistake?",))
    culprit = mistake.claims[mistake.wrong][0]
    sound = mistake.claims[(mistake.wrong + 1) % len(mistake.claims)][0]
    return Problem(
        stem=tuple(part for line in stem for part in line),
        answer=f"c{mistake.wrong + 1}",
        kind=AnswerKind.CHOICE,
        hints=(
            ("Look at one at a time, and work each out yourself.",),
            ("A picture of equal parts can show whether it is true.",),
            (f"This one is right: {sound}. Now check the others.",),
        ),
        solution=((f"The mistake: {culprit}.",), (mistake.advice,), ("It should be: ", *mistake.right, ".")),
        choices=_culprits(skill, mistake),
    )


def three_claims(
    random: Random, skill: str, draw: Callable[[Random], tuple[Line, Line, str, str]], *, intro: str
) -> Problem:
    """Three children, one wrong. draw: (true claim, false claim, misconception, advice) of one set of numbers."""
    drawn: list[tuple[Line, Line, str, str]] = []
    while len(drawn) < 3:
        new = draw(random)
        if all(new[0] != other[0] for other in drawn):
            drawn.append(new)
    wrong = random.randrange(3)
    right, _, misconception, advice = drawn[wrong]
    claims = tuple(
        (name, false if place == wrong else true)
        for place, (name, (true, false, _, _)) in enumerate(zip(names(random, 3), drawn, strict=True))
    )
    return find_the_mistake(skill, intro, Mistake(claims, wrong, misconception, right, advice))


def options(*labels: tuple[Line, str]) -> tuple[Choice, ...]:
    """Choices c1, c2, ... from (label, misconception or "")."""
    return tuple(
        Choice(f"c{place}", label, misconception) for place, (label, misconception) in enumerate(labels, start=1)
    )


def _culprits(skill: str, mistake: Mistake) -> tuple[Choice, ...]:
    doubted: list[tuple[Line, str]] = [
        ((who,), "" if place == mistake.wrong else f"{skill}.doubts_what_is_right")
        for place, (who, _) in enumerate(mistake.claims)
    ]
    # Whoever sees no mistake thinks as the one who made it.
    return options(*doubted, (("There is no mistake",), mistake.misconception))
