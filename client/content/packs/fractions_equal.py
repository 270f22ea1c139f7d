"""Q3, equivalent fractions, and Q4, simplest form: four families each."""

from fractions import Fraction
from random import Random

from client.content import figures
from client.content import mathml as m
from client.content.items import AnswerKind, Family, Form, Line, Problem, Step
from client.content.packs.drawing import (
    Claim,
    four_families,
    in_simple_words,
    lowest,
    slips,
    three_claims,
    worked,
)

_SIZE_HINT: Line = ("Are the pieces the same size?",)


def families() -> tuple[Family, ...]:
    """Q3 and Q4."""
    q3 = four_families("Q3", "3–4", _fill_the_top, _group_the_parts, _cup_with_marks, _equal_mistake)
    draws = (_simplify, _simplify_a_figure, _simplify_a_count, _simplest_mistake)
    q4 = four_families("Q4", "4–5", *draws, versions=(1, 2, 1, 1))
    return q3 + q4


def _equal_pair(random: Random) -> tuple[int, int, int]:
    """(top, bottom, factor); the top is above 1, so that the factor is never the answer."""
    top, bottom = lowest(random, least=3, most=9, least_top=2)
    return top, bottom, random.choice([f for f in range(2, 7) if f != top])


def _new_top(stem: Line, numbers: tuple[int, int, int]) -> Problem:
    top, bottom, factor = numbers
    answer = Fraction(top * factor)
    return Problem(
        stem=stem,
        answer=answer,
        kind=AnswerKind.NUMBER,
        hints=(_SIZE_HINT, ("What was the bottom number multiplied by? The top needs the same.",),
               (m.row(m.number(bottom), "×", m.number(factor), "=", m.number(bottom * factor)),
                ". Do the same to the top.")),
        steps=(Step(("What was the bottom number multiplied by?",), Fraction(factor),
                    (f"The bottom number was multiplied by {factor}, so the top is too.",)),
               worked(top * factor, m.number(top), "×", m.number(factor))),
        distractors=slips(answer, ("Q3.adds_the_same", Fraction(top + bottom * (factor - 1))),
                          ("Q3.multiplies_one_part", Fraction(top))),
    )  # fmt: skip


def _fill_the_top(random: Random) -> Problem:
    numbers = _equal_pair(random)
    top, bottom, factor = numbers
    asked = m.row(m.fraction(top, bottom), "=", m.blank_over(bottom * factor))
    return _new_top(("Which number is missing? ", asked), numbers)


def _group_the_parts(random: Random) -> Problem:
    top, bottom, factor = _equal_pair(random)
    answer = Fraction(top)
    return Problem(
        stem=(f"Write the shaded part with the bottom number {bottom}. Which number is on top? ",
              figures.bar(bottom * factor, top * factor)),
        answer=answer,
        kind=AnswerKind.NUMBER,
        hints=(_SIZE_HINT, (f"Join the small parts into {bottom} equal groups.",),
               (f"Each group has {factor} small parts. How many groups are shaded?",)),
        steps=(Step((f"How many small parts are in each of {bottom} equal groups?",), Fraction(factor),
                    (f"{bottom} equal groups of {factor} small parts make the bar.",)),
               Step((f"How many of these groups are {top * factor} shaded parts?",), answer,
                    (f"{top * factor} shaded parts are {top} of these groups.",))),
        distractors=slips(answer, ("Q3.multiplies_one_part", Fraction(top * factor)),
                          ("Q3.adds_the_same", Fraction(top * factor - bottom * (factor - 1)))),
    )  # fmt: skip


def _cup_with_marks(random: Random) -> Problem:
    numbers = _equal_pair(random)
    top, bottom, factor = numbers
    what = random.choice(("milk", "water", "juice", "flour", "rice"))
    stem: Line = ("A recipe needs ", m.fraction(top, bottom), f" of a cup of {what}. "
                  f"The cup has marks that cut it into {bottom * factor} equal parts. "
                  f"Up to which mark does the {what} go?")  # fmt: skip
    return in_simple_words(_new_top(stem, numbers), "You need ", m.fraction(top, bottom), f" of a cup of {what}. "
                           f"Marks cut the cup into {bottom * factor} equal parts. Which mark is it?")  # fmt: skip


def _equal_claim(random: Random) -> Claim:
    top, bottom, factor = _equal_pair(random)
    start = m.fraction(top, bottom)
    right: Line = (m.row(start, "=", m.fraction(top * factor, bottom * factor)),)
    check = Step((m.row(start, "=", m.blank_over(bottom * factor)),), Fraction(top * factor), right)
    if random.random() < 0.5:
        false = m.row(start, "=", m.fraction(top + factor, bottom + factor))
        advice = "Adding the same to top and bottom changes the value; multiplying both does not."
        return Claim(right, (false,), "Q3.adds_the_same", advice, check)
    false = m.row(start, "=", m.fraction(top, bottom * factor))
    advice = "Top and bottom have to be multiplied by the same number."
    return Claim(right, (false,), "Q3.multiplies_one_part", advice, check)


def _equal_mistake(random: Random) -> Problem:
    return three_claims(random, "Q3", _equal_claim, intro="Three children look for equal fractions.")


def _reducible(random: Random, most: int = 9) -> tuple[int, int, int]:
    """(top, bottom, factor) of top x factor over bottom x factor, the first two without common factor."""
    top, bottom = lowest(random, least=2, most=most)
    return top, bottom, random.choice((2, 3, 4, 6))


def _simplest(stem: Line, numbers: tuple[int, int, int]) -> Problem:
    top, bottom, factor = numbers
    answer = Fraction(top, bottom)
    big_top, big_bottom = top * factor, bottom * factor
    prime = 2 if factor % 2 == 0 else 3
    return Problem(
        stem=stem,
        answer=answer,
        form=Form.SIMPLEST,
        form_misconception="Q4.stops_early",
        hints=(("Which number divides both, top and bottom?",),
               ("Divide both by the same number, as long as you can.",),
               (f"Both can be divided by {prime}. Is there a common factor left after that?",)),
        steps=(Step((f"Which is the largest number that divides both {big_top} and {big_bottom}?",),
                    Fraction(factor), (f"{factor} divides both {big_top} and {big_bottom}.",)),
               worked(top, m.number(big_top), "÷", m.number(factor)),
               worked(bottom, m.number(big_bottom), "÷", m.number(factor)),
               worked(answer, m.fraction(big_top, big_bottom))),
        distractors=slips(answer, ("Q4.divides_one_part", Fraction(top, big_bottom)),
                          ("Q4.divides_one_part", Fraction(big_top, bottom))),
    )  # fmt: skip


def _simplify(random: Random) -> Problem:
    numbers = _reducible(random)
    top, bottom, factor = numbers
    return _simplest(("Write in simplest form: ", m.fraction(top * factor, bottom * factor)), numbers)


def _simplify_a_figure(random: Random) -> Problem:
    top, bottom = lowest(random, least=2, most=8)
    factor = random.choice((2, 3, 4))
    figure = figures.bar(bottom * factor, top * factor)
    return _simplest(
        ("What fraction of the bar is shaded? Write it in simplest form. ", figure), (top, bottom, factor)
    )


def _simplify_a_count(random: Random) -> Problem:
    numbers = _reducible(random)
    top, bottom, factor = numbers
    who, does = random.choice(
        (("students", "walk to school"), ("players", "wear glasses"), ("children", "have a pet"),
         ("singers", "can read music"))
    )  # fmt: skip
    text = f"{top * factor} of {bottom * factor} {who} {does}. What fraction is that, in simplest form?"
    simple = f"There are {bottom * factor} {who}. {top * factor} of them {does}. "
    return in_simple_words(_simplest((text,), numbers), simple, "Write a fraction in simplest form.")


def _simplest_claim(random: Random) -> Claim:
    top, bottom, factor = _reducible(random)
    start = m.fraction(top * factor, bottom * factor)
    false = m.row(start, "=", m.fraction(top, bottom * factor))
    if random.random() < 0.5:
        false = m.row(start, "=", m.fraction(top * factor, bottom))
    check = worked(Fraction(top, bottom), start)
    advice = "Top and bottom have to be divided by the same number."
    return Claim(check.reason, (false,), "Q4.divides_one_part", advice, check)


def _simplest_mistake(random: Random) -> Problem:
    return three_claims(random, "Q4", _simplest_claim, intro="Three children write fractions in simplest form.")
