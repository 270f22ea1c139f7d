"""Q1, parts of a whole and of a set, and Q2, fractions on a number line: four families each."""

from fractions import Fraction
from random import Random

from client.content import figures
from client.content import mathml as m
from client.content.items import Family, Line, Problem, Step
from client.content.packs.drawing import (
    Claim,
    four_families,
    in_simple_words,
    lowest,
    names,
    slips,
    three_claims,
    worked,
)

_SIZE_HINT: Line = ("Are the pieces the same size?",)


def families() -> tuple[Family, ...]:
    """Q1 and Q2."""
    q1 = four_families("Q1", "2–3", _parts_in_words, _parts_in_a_figure, _part_of_a_set, _parts_mistake)
    draws = (_gap_in_words, _gap_on_a_line, _gap_on_a_path, _gap_mistake)
    q2 = four_families("Q2", "3", *draws, versions=(2, 1, 1, 1))
    return q1 + q2


def _part_slips(part: int, whole: int) -> tuple[tuple[str, Fraction], ...]:
    rest = whole - part
    return (("Q1.part_to_part", Fraction(part, rest)), ("Q1.other_part", Fraction(rest, whole)))


def _part_steps(part: int, whole: int) -> tuple[Step, ...]:
    return (
        Step(("How many equal parts are there in all?",), Fraction(whole),
             (f"There are {whole} equal parts in all: that is the bottom number.",)),
        Step(("How many of them are meant?",), Fraction(part),
             (f"{part} of them are meant: that is the top number.",)),
        Step(("Which fraction is that?",), Fraction(part, whole), (m.fraction(part, whole),)),
    )  # fmt: skip


def _part(random: Random, *, least: int = 1) -> tuple[int, int]:
    """(part, whole), the part and the rest different and neither below `least`."""
    while True:
        part, whole = lowest(random, least=3, most=12, least_top=least)
        if 2 * part != whole and whole - part >= least:
            return part, whole


def _parts_in_words(random: Random) -> Problem:
    part, whole = _part(random)
    thing = random.choice(("ribbon", "loaf of bread", "bar of chocolate", "garden", "sheet of paper", "cake"))
    answer = Fraction(part, whole)
    return Problem(
        stem=(f"A {thing} is cut into {whole} equal parts; {part} of them are taken. What fraction is taken?",),
        answer=answer,
        hints=(_SIZE_HINT, ("The bottom number says how many equal parts the whole has.",),
               (f"The whole has {whole} equal parts. Which number goes on top?",)),
        steps=_part_steps(part, whole),
        distractors=slips(answer, *_part_slips(part, whole)),
    )  # fmt: skip


def _parts_in_a_figure(random: Random) -> Problem:
    part, whole = _part(random)
    answer = Fraction(part, whole)
    as_set = random.random() < 0.5
    figure = figures.counters(whole, part) if as_set else figures.bar(whole, part)
    asked = "What fraction of the counters is dark? " if as_set else "What fraction of the bar is shaded? "
    return Problem(
        stem=(asked, figure),
        answer=answer,
        hints=(_SIZE_HINT, ("Count all the parts first, then the marked ones.",),
               (f"In all there are {whole}. Which number goes on top?",)),
        steps=_part_steps(part, whole),
        distractors=slips(answer, *_part_slips(part, whole)),
    )  # fmt: skip


def _part_of_a_set(random: Random) -> Problem:
    part, whole = _part(random, least=2)
    (name,) = names(random, 1)
    first, second, all_ = random.choice(
        (("apples", "pears", "fruit"), ("red pens", "blue pens", "pens"), ("cats", "dogs", "animals"))
    )
    answer = Fraction(part, whole)
    simple = f"Here are {part} {first} and {whole - part} {second}. What fraction of all are {first}?"
    text = f"{name} counts {part} {first} and {whole - part} {second}. What fraction of the {all_} are {first}?"
    return Problem(
        stem=(text,),
        simple=(simple,),
        answer=answer,
        hints=(("What is the whole here?",), (f"The whole is all the {all_} together.",),
               (f"Add the {first} and the {second} to find the bottom number.",)),
        steps=(worked(whole, m.number(part), "+", m.number(whole - part)), *_part_steps(part, whole)),
        distractors=slips(answer, *_part_slips(part, whole)),
    )  # fmt: skip


def _parts_claim(random: Random) -> Claim:
    part, whole = _part(random)
    start = f"{part} out of {whole} equal parts is "
    advice = "The bottom number counts all the parts, also the ones that are not taken."
    check = Step((f"Which fraction is {part} out of {whole} equal parts?",), Fraction(part, whole),
                 (start, m.fraction(part, whole)))  # fmt: skip
    return Claim(check.reason, (start, m.fraction(part, whole - part)), "Q1.part_to_part", advice, check)


def _parts_mistake(random: Random) -> Problem:
    return three_claims(random, "Q1", _parts_claim, intro="Three children write fractions.")


def _gap_slips(gap: int, gaps: int, wholes: int) -> tuple[tuple[str, Fraction], ...]:
    return (
        ("Q2.whole_line_is_one", Fraction(gap, gaps * wholes)),
        ("Q2.counts_marks", Fraction(gap + 1, gaps + 1)),
        ("Q2.counts_marks", Fraction(gap, gaps + 1)),
    )


def _gap_steps(gap: int, gaps: int) -> tuple[Step, ...]:
    return (
        Step(("How long is one gap?",), Fraction(1, gaps),
             (f"From 0 to 1 there are {gaps} equal gaps, so each gap is ", m.fraction(1, gaps), ".")),
        Step((f"How far from 0 are {gap} gaps?",), Fraction(gap, gaps),
             (f"{gap} gaps from 0 is ", m.fraction(gap, gaps), ".")),
    )  # fmt: skip


def _gap_problem(stem: Line, *, gap: int, gaps: int, wholes: int) -> Problem:
    answer = Fraction(gap, gaps)
    each = "How long is one gap, if the way from 0 to 1 is one whole?"
    return Problem(
        stem=stem,
        answer=answer,
        hints=(("Count the gaps, not the marks.",), (each,), (f"{gaps} gaps make one whole. Count on from 0.",)),
        steps=_gap_steps(gap, gaps),
        distractors=slips(answer, *_gap_slips(gap, gaps, wholes)),
        units=("km",),
    )


def _gap_in_words(random: Random) -> Problem:
    gap, gaps = lowest(random, least=3, most=15, least_top=2)
    text = f"On a number line there are {gaps} equal gaps from 0 to 1. "
    text += f"Which fraction stands at the end of gap number {gap}, counted from 0?"
    problem = _gap_problem((text,), gap=gap, gaps=gaps, wholes=1)
    simple = f"A number line has {gaps} equal gaps from 0 to 1. Count from 0. Where does gap {gap} end?"
    return in_simple_words(problem, simple)


def _gap_on_a_line(random: Random) -> Problem:
    wholes = random.choice((1, 2, 2, 3))
    gap, gaps = lowest(random, least=3, most=8, least_top=2)
    gap += gaps * random.randrange(wholes)
    figure = figures.number_line(wholes, gaps, gap)
    return _gap_problem(("Which number does the arrow show? ", figure), gap=gap, gaps=gaps, wholes=wholes)


def _gap_on_a_path(random: Random) -> Problem:
    gap, gaps = lowest(random, least=4, most=12, least_top=2)
    (name,) = names(random, 1)
    what = random.choice(("flags", "lamps", "trees", "benches"))
    text = f"A path is 1 km long. {gaps} {what} stand along it at equal distances, the last one at the end. "
    text += f"{name} walks from the start as far as number {gap} of the {what}. How many km is that?"
    simple = f"A path is 1 km long. There are {gaps} {what} with equal gaps. The last one is at the end. "
    simple += f"{name} walks from the start to number {gap}. How many km?"
    return in_simple_words(_gap_problem((text,), gap=gap, gaps=gaps, wholes=1), simple)


def _gap_claim(random: Random) -> Claim:
    gap, gaps = lowest(random, least=3, most=10)
    start = f"with {gaps} equal gaps in a whole, gap {gap} ends at "
    advice = "Count the gaps of one whole, not the marks between them."
    check = Step((f"A whole has {gaps} equal gaps. Where does gap {gap} end?",), Fraction(gap, gaps),
                 (start, m.fraction(gap, gaps)))  # fmt: skip
    return Claim(check.reason, (start, m.fraction(gap + 1, gaps + 1)), "Q2.counts_marks", advice, check)


def _gap_mistake(random: Random) -> Problem:
    return three_claims(random, "Q2", _gap_claim, intro="Three children read number lines that start at 0.")
