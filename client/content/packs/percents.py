"""P4, fractions, decimals and percents, and P5, the percent of a quantity: four families each."""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import Family, Form, Line, Problem, Step
from client.content.mathml import Expression
from client.content.packs.asking import asks, works_out, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.ratio_figures import percent_bar
from client.content.tile_figures import hundred_square

_IN_HINTS = (1, 10, 100)
_BOTTOMS = (2, 4, 5, 10, 20, 25, 50)


def families() -> tuple[Family, ...]:
    """P4 and P5."""
    p4 = four_families("P4", "6", _convert, _hundred, _out_of, _convert_mistake)
    p5 = four_families("P5", "6", _percent_of, _bar, _of_a_group, _percent_mistake, effort=1.4)
    return p4 + p5


@dataclass(frozen=True, slots=True)
class _Share:
    """A number below one that is a whole number of percents, as a fraction that need not be in lowest terms."""

    top: int
    bottom: int

    @property
    def value(self) -> Fraction:
        """The number."""
        return Fraction(self.top, self.bottom)

    @property
    def percents(self) -> int:
        """In hundredths."""
        return self.top * 100 // self.bottom

    def slips(self) -> list[tuple[str, Fraction]]:
        """What the known mistakes give."""
        top, bottom = self.value.as_integer_ratio()
        digits = Fraction(f"0.{top}{bottom}") if top > 1 else Fraction(f"0.{bottom}")
        found = [("P4.digits_of_the_fraction", digits)] if bottom < 100 else []
        return [*found, ("P4.decimal_shift", self.value * 10),
                ("P4.decimal_shift", self.value / 10)]  # fmt: skip


def _share(random: Random) -> _Share:
    bottom = random.choice(_BOTTOMS)
    return _Share(random.randint(1, bottom - 1), bottom)


def _hundredths(share: _Share) -> Step:
    return asks("How many hundredths is that?", Fraction(share.percents), f"That is {share.percents} hundredths.")


def _to(stem: Line, share: _Share, form: Form, *, simple: Line = (), told: Expression | None = None) -> Problem:
    shown = {Form.PERCENT: a.percent(share.percents), Form.DECIMAL: a.decimal(share.value)}
    result = shown.get(form, a.value(share.value))
    advice = {Form.PERCENT: "Percent means hundredths: so many out of 100.",
              Form.DECIMAL: "The first place after the point is tenths, the second hundredths."}  # fmt: skip
    start = told or a.value(share.value)
    last: Line = ("Write it with 100 as the bottom number, or divide the top number by the bottom number.",)
    if start.inner.startswith("<mn>") or "%" in start.inner:
        last = ("Say how many hundredths it is.",)
    return Problem(
        stem=stem,
        simple=simple,
        answer=share.value,
        form=form,
        form_misconception="P4.form_not_changed",
        hints=(("What is the whole here? How much of it is meant?",),
               (advice.get(form, "Hundredths have 100 as their bottom number. Then make it simple."),), last),
        steps=(_hundredths(share), asks(("Write it as asked: ", start), share.value, a.row(start, "=", result))),
        distractors=wrongs(share.value, *(slip for slip in share.slips() if slip[1] != share.value)),
    )  # fmt: skip


def _convert(random: Random) -> Problem:
    share = _share(random)
    kind = random.randrange(5)
    if kind == 0:
        return _to(("Write as a percent: ", a.value(share.value)), share, Form.PERCENT)
    if kind == 1:
        return _to(("Write as a decimal: ", a.value(share.value)), share, Form.DECIMAL)
    percent = random.choice([n for n in range(1, 100) if n != 50])
    exact = _Share(percent, 100)
    told = a.decimal(exact.value) if kind == 2 else a.percent(percent)
    if kind == 2:
        return _to(("Write as a percent: ", told), exact, Form.PERCENT, told=told)
    if kind == 3:
        return _to(("Write as a decimal: ", told), exact, Form.DECIMAL, told=told)
    asked = "Write as a fraction in simplest form: "
    return _to((asked, a.percent(share.percents)), share, Form.SIMPLEST, told=a.percent(share.percents))


def _hundred(random: Random) -> Problem:
    share = _Share(random.randint(1, 99), 100)
    form, word = random.choice(((Form.PERCENT, "percent"), (Form.DECIMAL, "decimal"), (Form.SIMPLEST, "fraction")))
    kind = f"a {word}" if form is not Form.SIMPLEST else "a fraction in simplest form"
    asked = f"Which part of the square is shaded? Write it as {kind}. "
    return _to((asked, hundred_square(share.top)), share, form, told=a.over(share.top, 100))


def _out_of(random: Random) -> Problem:
    bottom = random.choice((4, 5, 10, 20, 25, 50))
    share = _Share(random.randint(1, bottom - 1), bottom)
    times = random.randint(2 if share.top == 1 else 1, 4)
    part, whole = share.top * times, bottom * times
    (name,) = names(random, 1)
    told, simple = random.choice((
        (f"{part} of {whole} students in a class come by bike. What percent of the class is that?",
         f"{part} of {whole} come by bike. What percent is that?"),
        (f"{name} has read {part} of the {whole} pages of a book. What percent of the book is that?",
         f"{part} of {whole} pages are read. What percent is that?"),
        (f"{name} throws a ball {whole} times and hits {part} times. What percent of the throws are hits?",
         f"{part} hits in {whole} throws. What percent is that?"),
        (f"In a box of {whole} pencils, {part} are red. What percent of the pencils are red?",
         f"{part} of {whole} pencils are red. What percent is that?"),
    ))  # fmt: skip
    write = " Write it with a percent sign."
    return _to((told + write,), share, Form.PERCENT, simple=(simple + write,))


def _convert_claim(random: Random) -> Claim:
    if random.random() < 0.5:
        top, bottom = random.choice([(t, b) for b in (4, 5, 10, 20, 25) for t in range(1, b)])
        share = _Share(top, bottom)
        rule, wrong = share.slips()[0]
        start, result = a.value(share.value), a.decimal(share.value)
        shown = a.decimal(wrong)
        if Fraction(top, bottom).denominator != bottom or wrong == share.value:
            return _convert_claim(random)
        advice = "The digits of a fraction are not those of its decimal."
    else:
        share = _Share(random.randint(1, 9), 100)
        rule, start, result = "P4.decimal_shift", a.decimal(share.value), a.percent(share.percents)
        shown, advice = a.percent(10 * share.percents), "The second place after the point is hundredths."
    check = asks(("How many hundredths is ", start, "?"), Fraction(share.percents), a.row(start, "=", result))
    return Claim((a.row(start, "=", result),), (a.row(start, "=", shown),), rule, advice, check)


def _convert_mistake(random: Random) -> Problem:
    intro, strategy = "Three children write numbers in another way.", "Say each number in hundredths."
    return three_claims(random, "P4", _convert_claim, intro=intro, strategy=strategy)


def _of_whole(stem: Line, percent: int, whole: int, *, simple: Line = ()) -> Problem:
    answer = Fraction(percent * whole, 100)
    one = Fraction(whole, 100)
    start = Fraction(whole, 10) if percent % 10 == 0 else one
    piece = 10 if percent % 10 == 0 else 1
    first = works_out(start, whole, "÷", 100 // piece, shown=a.decimal(start))
    last = works_out(answer, a.decimal(start), "×", percent // piece, shown=a.decimal(answer))
    return Problem(
        stem=stem,
        simple=simple,
        answer=answer,
        hints=(("What is the whole here? It is 100 percent.",),
               (f"Find {piece} percent first, then as many of them as you need.",),
               (a.percent(piece), f" of the whole is {whole} divided by {100 // piece}. How many times that?")),
        steps=(first,) if percent == piece else (first, last),
        distractors=wrongs(answer, ("P5.divides_by_the_percent", Fraction(whole, percent)),
                           ("P5.subtracts_the_percent", Fraction(whole - percent)),
                           ("P5.takes_the_rest", whole - answer), ("P5.percent_is_the_part", Fraction(percent))),
        units=("$", "kg", "g", "km", "cm", "litres", "l", "pages"),
        features=(("tens", int(percent % 10 == 0)),),
    )  # fmt: skip


def _drawn(random: Random, *, multiple: int = 1) -> tuple[int, int]:
    """(percent, whole) whose part is a whole number and differs from what the mistakes give."""
    while True:
        percent, whole = 5 * random.randint(1, 19), multiple * random.randint(1, 60)
        part = Fraction(percent * whole, 100)
        if part.denominator == 1 and part not in _IN_HINTS and whole >= 8 and percent != 50 and whole != 100:
            return percent, whole


def _percent_of(random: Random) -> Problem:
    percent, whole = _drawn(random, multiple=random.choice((4, 5, 10, 20)))
    return _of_whole(("How much is ", a.percent(percent), f" of {whole}?"), percent, whole)


def _bar(random: Random) -> Problem:
    percent, whole = _drawn(random, multiple=random.choice((5, 10, 20)))
    figure = percent_bar(str(whole), "?", str(percent), share=percent / 100)
    return _of_whole(("Which number belongs in place of the question mark? ", figure), percent, whole)


def _of_a_group(random: Random) -> Problem:
    percent, whole = _drawn(random, multiple=20)
    (name,) = names(random, 1)
    told, simple = random.choice((
        (f"A school has {whole} students. {percent} % of them sing in the choir. How many students is that?",
         f"{whole} students. {percent} % sing. How many sing?"),
        (f"A book has {whole} pages. {name} has read {percent} % of them. How many pages is that?",
         f"{whole} pages. {percent} % are read. How many pages?"),
        (f"A bike costs ${whole}. {name} has saved {percent} % of the price. How many dollars is that?",
         f"The price is ${whole}. {name} has {percent} % of it. How many dollars?"),
        (f"A tank holds {whole} litres when full. It is {percent} % full. How many litres are in it?",
         f"Full: {whole} litres. Now {percent} % of that. How many litres?"),
    ))  # fmt: skip
    return _of_whole((told,), percent, whole, simple=(simple,))


def _percent_claim(random: Random) -> Claim:
    while True:
        percent, whole = _drawn(random, multiple=20)
        answer = percent * whole // 100
        slips = [("P5.subtracts_the_percent", Fraction(whole - percent)),
                 ("P5.divides_by_the_percent", Fraction(whole, percent))]  # fmt: skip
        usable = [slip for slip in slips if slip[1] != answer and slip[1] > 0 and slip[1].denominator == 1]
        if usable:
            break
    rule, wrong = random.choice(usable)
    right, false = ((a.percent(percent), f" of {whole} is ", a.value(n)) for n in (answer, wrong))
    check = asks((f"How much is {percent} % of {whole}?",), Fraction(answer),
                 a.row(a.over(percent, 100), "×", whole, "=", answer))  # fmt: skip
    return Claim(right, false, rule, "Percent means hundredths of the whole.", check)


def _percent_mistake(random: Random) -> Problem:
    intro, strategy = "Three children work out percents.", "Find ten percent first: is the answer near?"
    return three_claims(random, "P5", _percent_claim, intro=intro, strategy=strategy)
