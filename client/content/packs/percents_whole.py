"""P6, finding the whole or the percent: four families."""

from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import Family, Line, Problem
from client.content.packs.asking import asks, works_out, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.ratio_figures import percent_bar

_UNITS = ("$", "%", "percent", "students", "pages")
_WHOLE: Line = ("What is the whole here? It is 100 percent.",)


def families() -> tuple[Family, ...]:
    """P6."""
    return four_families("P6", "7", _whole_or_percent, _bar, _story, _whole_mistake, effort=1.6)


def _drawn(random: Random) -> tuple[int, int, int]:
    """(percent, whole, part), the part a whole number; 5 percent of the whole ends after two places."""
    while True:
        percent, whole = 5 * random.randint(2, 19), 5 * random.randint(2, 80)
        if percent * whole % 100 == 0 and percent != 50 and whole not in (5, 20, 100, percent):
            return percent, whole, percent * whole // 100


def _find_whole(stem: Line, percent: int, part: int, *, simple: Line = ()) -> Problem:
    answer, piece = Fraction(100 * part, percent), Fraction(part * 5, percent)
    return Problem(
        stem=stem,
        simple=simple,
        answer=answer,
        hints=(_WHOLE, ("Find 5 percent first. The whole is 20 times as much.",),
               (f"{part} is {percent} percent: {percent // 5} times as much as 5 percent. So divide.",)),
        steps=(works_out(piece, part, "÷", percent // 5, shown=a.decimal(piece)),
               works_out(answer, a.decimal(piece), "×", 20, shown=answer)),
        distractors=wrongs(answer, ("P6.percent_of_the_part", Fraction(percent * part, 100)),
                           ("P6.adds_the_percent", Fraction(part + percent)),
                           ("P6.multiplies", Fraction(percent * part))),
        units=_UNITS,
    )  # fmt: skip


def _find_percent(stem: Line, part: int, whole: int, *, simple: Line = ()) -> Problem:
    answer, share = Fraction(100 * part, whole), Fraction(part, whole)
    return Problem(
        stem=stem,
        simple=simple,
        answer=answer,
        hints=(_WHOLE, ("Write the part over the whole, then make it hundredths.",),
               (a.over(part, whole), " is the share. How many hundredths is that?")),
        steps=(works_out(share, part, "÷", whole, shown=a.value(share)),
               works_out(answer, a.value(share), "×", 100, shown=answer)),
        distractors=wrongs(answer, ("P6.whole_over_part", Fraction(100 * whole, part)),
                           ("P6.part_is_the_percent", Fraction(part)), ("P6.difference", Fraction(whole - part))),
        units=_UNITS,
    )  # fmt: skip


def _whole_or_percent(random: Random) -> Problem:
    percent, whole, part = _drawn(random)
    if random.random() < 0.5:
        stem: Line = (f"{part} is ", a.percent(percent), " of which number?")
        return _find_whole(stem, percent, part)
    return _find_percent((f"What percent of {whole} is {part}? Write the number of percents.",), part, whole)


def _bar(random: Random) -> Problem:
    percent, whole, part = _drawn(random)
    asked = "Which number belongs in place of the question mark? "
    if random.random() < 0.5:
        figure = percent_bar("?", str(part), str(percent), share=percent / 100)
        return _find_whole((asked, figure), percent, part)
    figure = percent_bar(str(whole), str(part), "?", share=percent / 100)
    return _find_percent((asked, figure), part, whole)


def _story(random: Random) -> Problem:
    percent, whole, part = _drawn(random)
    (name,) = names(random, 1)
    if random.random() < 0.5:
        told, simple = random.choice((
            (f"{part} students of a school play an instrument. That is {percent} % of all students. "
             "How many students has the school?",
             f"{percent} % of the students are {part} students. How many are all?"),
            (f"{name} has read {part} pages. That is {percent} % of the book. How many pages has the book?",
             f"{percent} % of a book is {part} pages. How many pages has the whole book?"),
            (f"{name} has saved ${part}, which is {percent} % of the price of a bike. What does the bike cost?",
             f"{percent} % of a price is ${part}. What is the whole price?"),
        ))  # fmt: skip
        return _find_whole((told,), percent, part, simple=(simple,))
    told, simple = random.choice((
        (f"{part} of the {whole} seats in a hall are taken. What percent of the seats are taken?",
         f"{part} of {whole} seats. How many percent?"),
        (f"{name} collects {part} of {whole} cards. What percent of the cards is that?",
         f"{part} of {whole} cards. How many percent?"),
        (f"A tank holds {whole} litres. There are {part} litres in it. What percent full is it?",
         f"{part} of {whole} litres. How many percent?"),
    ))  # fmt: skip
    return _find_percent((told,), part, whole, simple=(simple,))


def _whole_claim(random: Random) -> Claim:
    while True:
        percent, whole, part = _drawn(random)
        wrong = Fraction(percent * part, 100)
        if wrong.denominator == 1 and percent >= 10:
            break
    right, false = ((f"{part} is ", a.percent(percent), " of ", a.value(number)) for number in (whole, wrong))
    check = asks((f"{part} is {percent} % of which number?",), Fraction(whole),
                 a.row(part, "÷", a.over(percent, 100), "=", whole))  # fmt: skip
    return Claim(right, false, "P6.percent_of_the_part", "The whole is more than the part.", check)


def _whole_mistake(random: Random) -> Problem:
    intro, strategy = "Three children look for the whole.", "Take the percent of the whole: is it the part?"
    return three_claims(random, "P6", _whole_claim, intro=intro, strategy=strategy)
