"""P7, percent change: four families."""

from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import Family, Line, Problem, Step
from client.content.packs.asking import asks, works_out, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.ratio_figures import ratio_table

_UNITS = ("$", "%", "percent", "members", "litres", "visitors")
_WHOLE: Line = ("What is the whole here? It is the value before the change.",)


def families() -> tuple[Family, ...]:
    """P7."""
    return four_families("P7", "7", _change, _change_table, _price, _change_mistake, effort=1.8)


def _after(start: Fraction, percent: int) -> Fraction:
    """The value after a change; a fall is below zero."""
    return start * (100 + percent) / 100


def _new_value(stem: Line, start: int, percents: tuple[int, ...], *, simple: Line = ()) -> Problem:
    """The value after one or two changes."""
    values = [Fraction(start)]
    for percent in percents:
        values.append(_after(values[-1], percent))
    answer = values[-1]
    change = Fraction(start * abs(percents[0]), 100)
    more = " Then take the second percent of the new value." if len(percents) > 1 else ""
    together = [("P7.adds_successive", _after(Fraction(start), sum(percents)))] if more else []
    return Problem(
        stem=stem,
        simple=simple,
        answer=answer,
        hints=(_WHOLE, ("Find how much the change is, then add it or take it away.",),
               (a.percent(abs(percents[0])), f" of {start}: that is the change. More or less?{more}")),
        steps=tuple(step for before, percent in zip(values, percents, strict=False)
                    for step in _steps(before, percent)),
        distractors=wrongs(answer, *together, ("P7.only_the_change", change),
                           ("P7.percent_as_amount", Fraction(start + sum(percents))),
                           ("P7.wrong_direction", _after(Fraction(start), -percents[0]))),
        units=_UNITS,
        features=(("changes", len(percents)),),
    )  # fmt: skip


def _steps(before: Fraction, percent: int) -> tuple[Step, Step]:
    change, after = before * abs(percent) / 100, _after(before, percent)
    shown = a.decimal(before)
    sign = "+" if percent > 0 else "−"
    return (works_out(change, a.over(abs(percent), 100), "×", shown, shown=a.decimal(change)),
            works_out(after, shown, sign, a.decimal(change), shown=a.decimal(after)))  # fmt: skip


def _change_percent(stem: Line, start: int, end: int, *, simple: Line = ()) -> Problem:
    """How many percent more or less; the word for it stands in the stem, so the answer is above zero."""
    change = abs(end - start)
    answer = Fraction(100 * change, start)
    return Problem(
        stem=stem,
        simple=simple,
        answer=answer,
        hints=(_WHOLE,
               ("Find the change first. Then compare it with the old value.",),
               (a.row(max(start, end), "−", min(start, end), "=", "?"), f" Then divide by {start}.")),
        steps=(works_out(Fraction(change), max(start, end), "−", min(start, end), shown=change),
               works_out(answer, a.over(change, start), "×", 100, shown=answer)),
        distractors=wrongs(answer, ("P7.new_value_as_base", Fraction(100 * change, end)),
                           ("P7.difference_as_percent", Fraction(change)),
                           ("P7.new_over_old", Fraction(100 * end, start))),
        units=_UNITS,
    )  # fmt: skip


def _drawn_change(random: Random) -> tuple[int, int]:
    """(start, end) of a change by a whole number of percents."""
    while True:
        start, percent = 5 * random.randint(2, 60), random.choice((5, 10, 15, 20, 25, 30, 40, 50, 60, 75))
        signed = random.choice((percent, -percent))
        if start * percent % 100 == 0 and start != 100:
            return start, start + start * signed // 100


def _change(random: Random) -> Problem:
    start, end = _drawn_change(random)
    if random.random() < 0.5:
        percent = (end - start) * 100 // start
        way = "more" if percent > 0 else "less"
        return _new_value((f"Which number is {abs(percent)} % {way} than {start}?",), start, (percent,))
    way = "increase" if end > start else "decrease"
    told = f"From {start} to {end}: by how many percent does the value {way}?"
    return _change_percent((told,), start, end)


def _change_table(random: Random) -> Problem:
    start, end = _drawn_change(random)
    while abs(end - start) * start == 100 * end:  # The third hint names the change.
        start, end = _drawn_change(random)
    what = random.choice(("members", "price in $", "litres", "visitors"))
    figure = ratio_table(((what, [str(start), str(end)]), ("percent", ["100", "?"])))
    change = abs(end - start)
    answer = Fraction(100 * end, start)
    return Problem(
        stem=("The first column is before, the second after. Which number replaces the question mark? ", figure),
        answer=answer,
        hints=(_WHOLE,
               ("Find the change first. How many percent of the old value is it?",),
               (f"The change is {change}. Compare it with {start}.",)),
        steps=(asks("How many percent is the change?", Fraction(100 * change, start),
                    a.row(a.over(change, start), "×", 100, "=", Fraction(100 * change, start))),
               works_out(answer, 100, "+" if end > start else "−", Fraction(100 * change, start), shown=answer)),
        distractors=wrongs(answer, ("P7.new_value_as_base", Fraction(100 * start, end)),
                           ("P7.only_the_change", Fraction(100 * change, start)),
                           ("P7.difference_as_percent", Fraction(100 + end - start))),
        units=_UNITS,
    )  # fmt: skip


def _price(random: Random) -> Problem:
    (name,) = names(random, 1)
    start, first = 20 * random.randint(2, 30), random.choice((-50, -25, -20, -10, 10, 20, 25, 50))
    if random.random() < 0.4:
        return _two_changes(name, start, first, second=random.choice((-50, -20, -10, 10, 20, 50)))
    rise = first > 0
    told, simple = random.choice((
        (f"A coat costs ${start}. The price {'rises' if rise else 'falls'} by {abs(first)} %. What does "
         "it cost then?",
         f"Old price: ${start}. {abs(first)} % {'more' if rise else 'less'}. What is the new price?"),
        (f"A club has {start} members. In a year it {'gains' if rise else 'loses'} {abs(first)} %. "
         "How many members has it then?",
         f"{start} members. {abs(first)} % {'more' if rise else 'less'}. How many now?"),
        (f"On Monday {start} visitors came to a museum, on Tuesday {abs(first)} % {'more' if rise else 'fewer'}. "
         "How many came on Tuesday?",
         f"Monday: {start}. Tuesday: {abs(first)} % {'more' if rise else 'less'}. How many on Tuesday?"),
    ))  # fmt: skip
    return _new_value((told,), start, (first,), simple=(simple,))


def _two_changes(name: str, start: int, first: int, *, second: int) -> Problem:
    ways = ["rises" if percent > 0 else "falls" for percent in (first, second)]
    short = ["more" if percent > 0 else "less" for percent in (first, second)]
    told = (f"{name} watches the price of a bike. It is ${start}. First it {ways[0]} by {abs(first)} %, "
            f"then the new price {ways[1]} by {abs(second)} %. What does the bike cost in the end?")  # fmt: skip
    simple = (f"Price: ${start}. First {abs(first)} % {short[0]}. Then {abs(second)} % {short[1]}, "
              "of the new price. What is it now?")  # fmt: skip
    return _new_value((told,), start, (first, second), simple=(simple,))


def _claim(random: Random) -> Claim:
    while True:
        start, end = _drawn_change(random)
        right, wrong = Fraction(100 * (end - start), start), Fraction(100 * (end - start), end)
        if wrong.denominator == 1:
            break
    if random.random() < 0.4:
        return _successive_claim(random)
    way = "more" if end > start else "less"
    said, false = ((f"from {start} to {end} is ", a.percent(abs(n)), f" {way}") for n in (right, wrong))
    check = works_out(abs(right), a.over(abs(end - start), start), "×", 100, shown=abs(right))
    return Claim(said, false, "P7.new_value_as_base", "The old value is 100 percent.", check)


def _successive_claim(random: Random) -> Claim:
    first, second = random.sample((10, 20, 30, 40, 50), 2)
    both = Fraction((100 + first) * (100 + second), 100) - 100
    start = f"{first} % more and then {second} % more is "
    said, false = ((start, a.percent(n), " more in all") for n in (both, Fraction(first + second)))
    check = asks(f"What becomes of 100 after {first} % more and then {second} % more?", both + 100,
                 f"100 becomes {100 + first}, and that becomes ", a.value(both + 100))  # fmt: skip
    return Claim(said, false, "P7.adds_successive", "The second percent is of the new value.", check)


def _change_mistake(random: Random) -> Problem:
    intro, strategy = "Three children work out changes in percent.", "Which value is 100 percent?"
    return three_claims(random, "P7", _claim, intro=intro, strategy=strategy)
