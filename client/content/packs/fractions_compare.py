"""Q5, comparing fractions, and Q6, mixed numbers: four families each."""

from fractions import Fraction
from math import lcm
from random import Random

from client.content import figures
from client.content import mathml as m
from client.content.items import AnswerKind, Choice, Family, Form, Line, Problem, Step, remark
from client.content.packs.drawing import (
    Claim,
    four_families,
    in_simple_words,
    lowest,
    many,
    names,
    options,
    rewriting,
    slips,
    three_claims,
    worked,
)

_Pair = tuple[int, int]


def families() -> tuple[Family, ...]:
    """Q5 and Q6."""
    q5 = four_families("Q5", "4", _greater, _longer_bar, _ate_more, _compare_mistake)
    draws = (_to_improper, _arrow_beyond_one, _slices, _mixed_mistake)
    q6 = four_families("Q6", "4", *draws, versions=(1, 2, 1, 1))
    return q5 + q6


def _two(random: Random, most: int = 10) -> tuple[_Pair, _Pair]:
    """Two fractions with different bottoms; now and then the same value."""
    first = lowest(random, least=2, most=most)
    if random.random() < 0.15 and 2 * first[1] <= 12:
        return first, (2 * first[0], 2 * first[1])
    while True:
        second = lowest(random, least=2, most=most)
        if second[1] != first[1]:
            return first, second


def _reason_to_choose(chosen: _Pair, other: _Pair) -> str:
    """The misconception behind taking the smaller fraction for the greater."""
    if chosen[0] > other[0]:
        return "Q5.compares_tops"
    return "Q5.bigger_bottom_is_bigger" if chosen[1] > other[1] else "Q5.smaller_bottom_is_bigger"


def _reason_for_equal(first: _Pair, second: _Pair) -> str:
    """Both one piece short of a whole look equal to somebody who compares gaps."""
    same_gap = first[1] - first[0] == second[1] - second[0]
    return "Q5.gap_thinking" if same_gap else "Q5.sees_no_difference"


def _compared(stem: Line, pair: tuple[_Pair, _Pair], labels: tuple[Line, Line, Line]) -> Problem:
    first, second = pair
    difference = Fraction(*first) - Fraction(*second)
    key = 2 if difference == 0 else int(difference < 0)
    reasons = [
        _reason_to_choose(first, second),
        _reason_to_choose(second, first),
        _reason_for_equal(first, second),
    ]
    reasons[key] = ""
    common = lcm(first[1], second[1])
    rewritten = [rewriting(one, common) for one in pair]
    shown = rewritten[1] if second[1] != common else rewritten[0]
    return Problem(
        stem=stem,
        answer=f"c{key + 1}",
        kind=AnswerKind.CHOICE,
        hints=(("Are the pieces the same size?",), ("Give both fractions the same bottom number.",),
               (*shown.reason, ". And the other one?")),
        steps=(*rewritten, remark("So the answer is: ", *labels[key], ".")),
        choices=_shown(labels, reasons),
    )  # fmt: skip


def _shown(labels: tuple[Line, Line, Line], reasons: list[str]) -> tuple[Choice, ...]:
    return options(*zip(labels, reasons, strict=True))


def _greater(random: Random) -> Problem:
    pair = _two(random)
    first, second = (m.fraction(*one) for one in pair)
    stem: Line = ("Which is greater, ", first, " or ", second, "?")
    return _compared(stem, pair, ((first,), (second,), ("They are equal",)))


def _longer_bar(random: Random) -> Problem:
    pair = _two(random, most=8)
    (top, bottom), (other_top, other_bottom) = pair
    figure = figures.two_bars((bottom, other_bottom), (top, other_top))
    labels: tuple[Line, Line, Line] = (("The first bar",), ("The second bar",), ("Both the same",))
    return _compared(("Which bar has the longer shaded part? ", figure), pair, labels)


def _ate_more(random: Random) -> Problem:
    pair = _two(random)
    one, other = names(random, 2)
    what = random.choice(("pizza", "cake", "bar of chocolate", "watermelon"))
    stem: Line = (f"{one} ate ", m.fraction(*pair[0]), f" of a {what}. {other} ate ", m.fraction(*pair[1]),
                  f" of a {what} of the same size. Who ate more?")  # fmt: skip
    problem = _compared(stem, pair, ((one,), (other,), ("Both the same",)))
    return in_simple_words(problem, f"{one} ate ", m.fraction(*pair[0]), f" of a {what}. {other} ate ",
                           m.fraction(*pair[1]), ". Who ate more?")  # fmt: skip


def _compare_claim(random: Random) -> Claim:
    while True:
        pair = sorted(_two(random), key=lambda one: Fraction(*one))
        small, great = pair
        if Fraction(*small) != Fraction(*great):
            break
    first, second = m.fraction(*small), m.fraction(*great)
    advice = "With the same bottom number for both, the tops decide."
    common = lcm(small[1], great[1])
    step = rewriting(small if small[1] != common else great, common)
    check = Step(step.question, step.value, (*step.reason, ", so ", m.row(first, "<", second)))
    reason = _reason_to_choose(small, great)
    return Claim((m.row(first, "<", second),), (m.row(first, ">", second),), reason, advice, check)


def _compare_mistake(random: Random) -> Problem:
    return three_claims(random, "Q5", _compare_claim, intro="Three children compare fractions.")


def _mixed(random: Random) -> tuple[int, int, int]:
    top, bottom = lowest(random, least=2, most=9)
    return random.randint(2, 6), top, bottom


def _mixed_slips(whole: int, top: int, bottom: int) -> tuple[tuple[str, Fraction], ...]:
    return (
        ("Q6.whole_times_top", Fraction(whole * top, bottom)),
        ("Q6.whole_added_to_top", Fraction(whole + top, bottom)),
    )


def _to_improper(random: Random) -> Problem:
    whole, top, bottom = _mixed(random)
    answer = whole + Fraction(top, bottom)
    return Problem(
        stem=("Write as one fraction: ", m.mixed(whole, top, bottom)),
        answer=answer,
        form=Form.IMPROPER,
        hints=(("How many pieces does one whole have?",), (f"One whole is {bottom} pieces of this size.",),
               (m.row(m.number(whole), "×", m.number(bottom), "=", m.number(whole * bottom)),
                " pieces in the wholes. And the rest?")),
        steps=(worked(whole * bottom, m.number(whole), "×", m.number(bottom)),
               Step((f"{whole * bottom} pieces and {top} more: how many pieces are that?",),
                    Fraction(whole * bottom + top),
                    (f"{whole} wholes are {whole * bottom} pieces, and {top} more make {whole * bottom + top}.",)),
               Step(("Which fraction is that?",), answer, (m.fraction(whole * bottom + top, bottom),))),
        distractors=slips(answer, *_mixed_slips(whole, top, bottom)),
    )  # fmt: skip


def _to_mixed(stem: Line, numbers: tuple[int, int, int], wrong: tuple[str, Fraction]) -> Problem:
    whole, top, bottom = numbers
    pieces = whole * bottom + top
    answer = Fraction(pieces, bottom)
    return Problem(
        stem=stem,
        answer=answer,
        form=Form.MIXED,
        hints=(("How many pieces make one whole?",), (f"{bottom} pieces make one whole.",),
               ("Take out all the wholes first. The pieces left over go on top.",)),
        steps=(Step((f"How many wholes are in {pieces} pieces, if each whole has {bottom}?",), Fraction(whole),
                    (f"{pieces} pieces are {many(whole, 'whole')} of {bottom} pieces, and {top} left over.",)),
               Step(("How many pieces are left over then?",), Fraction(top),
                    (f"{top} left over goes on top.",)),
               Step(("Which mixed number is that?",), answer, (m.mixed(whole, top, bottom),))),
        distractors=slips(answer, wrong, ("Q6.forgets_the_wholes", Fraction(top, bottom))),
    )  # fmt: skip


def _arrow_beyond_one(random: Random) -> Problem:
    top, bottom = lowest(random, least=2, most=8)
    whole = random.choice((1, 2, 3))
    figure = figures.number_line(4, bottom, whole * bottom + top)
    stem: Line = ("Which number does the arrow show? Write a whole number and a fraction. ", figure)
    wrong = ("Q6.whole_line_is_one", Fraction(whole * bottom + top, 4 * bottom))
    return _to_mixed(stem, (whole, top, bottom), wrong)


def _slices(random: Random) -> Problem:
    whole, top, bottom = _mixed(random)
    what = random.choice(("pizza", "pie", "melon", "cheese"))
    text = f"Each {what} is cut into {bottom} equal slices. {whole * bottom + top} slices are on the table. "
    text += "How many is that? Write a whole number and a fraction."
    wrong = ("Q6.parts_swapped", top + Fraction(whole, bottom))
    simple = f"A {what} has {bottom} slices. Here are {whole * bottom + top} slices. "
    simple += "Write a whole number and a fraction."
    return in_simple_words(_to_mixed((text,), (whole, top, bottom), wrong), simple)


def _mixed_claim(random: Random) -> Claim:
    whole, top, bottom = _mixed(random)
    start = m.mixed(whole, top, bottom)
    pieces = whole * bottom + top
    check = worked(Fraction(pieces, bottom), start, shown=m.fraction(pieces, bottom))
    if top > 1 and random.random() < 0.5:
        false = m.row(start, "=", m.fraction(whole * top, bottom))
        advice = "Each whole has as many pieces as the bottom number says."
        return Claim(check.reason, (false,), "Q6.whole_times_top", advice, check)
    false = m.row(start, "=", m.fraction(whole + top, bottom))
    advice = "Each whole has to be cut into pieces before you add them."
    return Claim(check.reason, (false,), "Q6.whole_added_to_top", advice, check)


def _mixed_mistake(random: Random) -> Problem:
    return three_claims(random, "Q6", _mixed_claim, intro="Three children write mixed numbers as one fraction.")
