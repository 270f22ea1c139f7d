"""V8, decimals: what each place is worth and comparing, and V9, calculating with them: four families each."""

from fractions import Fraction
from random import Random

from client.content import mathml as m
from client.content import number_figures as figures
from client.content.items import AnswerKind, Family, Form, Line, Problem, Step, remark
from client.content.packs.drawing import (
    Claim,
    four_families,
    in_simple_words,
    many,
    names,
    options,
    slips,
    three_claims,
    worked,
)

_TENTHS_HINT: Line = ("Which digit counts tenths? Which counts hundredths?",)
_SAME_LENGTH = "Write zeros at the end until both have as many digits after the point."
_POINT_UNDER_POINT = "Write point under point."
_Pair = tuple[Fraction, Fraction]


def families() -> tuple[Family, ...]:
    """V8 and V9."""
    v8 = four_families("V8", "4–5", _compare_or_write, _arrow_between, _who_more, _compare_mistake)
    v9 = four_families("V9", "5–6", _calculate, _jump_on, _lengths_and_prices, _calculate_mistake, effort=1.5)
    return v8 + v9


def places(amount: Fraction) -> int:
    """Digits after the point that it needs."""
    return next(n for n in range(10) if (amount * 10**n).denominator == 1)


def _text(amount: Fraction) -> str:
    return m.decimal(amount).alternative


def _drawn(random: Random, *, digits: int, most: int) -> Fraction:
    """With exactly so many digits after the point, below `most`."""
    while True:
        amount = Fraction(random.randint(1, most * 10**digits - 1), 10**digits)
        if places(amount) == digits:
            return amount


def _confused(random: Random) -> _Pair:
    """Different lengths and the same whole part."""
    while True:
        whole = random.choice((0, 0, random.randint(1, 9)))
        short, long = random.choice(((1, 2), (1, 3), (2, 3)))
        pair = (whole + _drawn(random, digits=short, most=1), whole + _drawn(random, digits=long, most=1))
        if random.random() < 0.5:
            pair = pair[::-1]
        return pair


def _reason_to_choose(chosen: Fraction, other: Fraction) -> str:
    return "V8.longer_is_larger" if places(chosen) > places(other) else "V8.shorter_is_larger"


def _same_length(pair: _Pair) -> tuple[Step, ...]:
    """The number of the smallest parts in each, as whole numbers to compare."""
    long = max(map(places, pair))
    name = {1: "tenth", 2: "hundredth", 3: "thousandth"}[long]
    steps = []
    for one in pair:
        parts = int(one * 10**long)
        steps.append(Step((f"How many {name}s are ", m.decimal(one), "?"), Fraction(parts),
                          (m.decimal(one), f" is {many(parts, name)}.")))  # fmt: skip
    return tuple(steps)


def _compared(stem: Line, pair: _Pair, labels: tuple[Line, Line, Line]) -> Problem:
    first, second = pair
    key = int(first < second)
    reasons = [_reason_to_choose(first, second), _reason_to_choose(second, first), "V8.sees_no_difference"]
    reasons[key] = ""
    long = max(map(places, pair))
    return Problem(
        stem=stem,
        answer=f"c{key + 1}",
        kind=AnswerKind.CHOICE,
        hints=(
            _TENTHS_HINT,
            (_SAME_LENGTH,),
            ("Which has fewer digits after the point? Add zeros there.",),
        ),
        steps=(*_same_length(pair), remark("So the answer is: ", *labels[key], ".")),
        choices=options(*zip(labels, reasons, strict=True)),
        features=(("places", long),),
    )


def _compare_or_write(random: Random) -> Problem:
    if random.random() < 0.4:
        return _written(random)
    pair = _confused(random)
    first, second = (m.decimal(one) for one in pair)
    stem: Line = ("Which is greater, ", first, " or ", second, "?")
    return _compared(stem, pair, ((first,), (second,), ("They are equal",)))


def _written(random: Random) -> Problem:
    """So many hundredths, or ones and hundredths without tenths, as a decimal."""
    ones, hundredths = random.choice((0, random.randint(1, 9))), random.randint(1, 9)
    answer = ones + Fraction(hundredths, 100)
    said = f"{many(ones, 'one')} and " if ones else ""
    said += many(hundredths, "hundredth")
    return Problem(
        stem=(f"Write as a decimal: {said}.",),
        answer=answer,
        form=Form.DECIMAL,
        kind=AnswerKind.NUMBER,
        hints=(_TENTHS_HINT, ("Right of the point come tenths, then hundredths.",),
               ("There are no tenths. What stands in their place?",)),
        steps=(Step(("How many tenths are there?",), Fraction(0), ("There are no tenths: 0 after the point.",)),
               Step((f"Which decimal is {said}?",), answer, (f"{said}: ", m.decimal(answer), "."))),
        distractors=slips(answer, ("V8.place_skipped", ones + Fraction(hundredths, 10)),
                          ("V8.point_left_out", Fraction(int(f"{ones or ''}{hundredths}")))),
    )  # fmt: skip


def _arrow_between(random: Random) -> Problem:
    """On a line of one whole or one tenth."""
    wide = random.random() < 0.4
    length = Fraction(1) if wide else Fraction(1, 10)
    low = random.randint(0, 9) + (Fraction(0) if wide else Fraction(random.randint(0, 9), 10))
    at = random.choice((1, 2, 3, 4, 6, 7, 8, 9))
    answer = low + at * length / 10
    figure = figures.line_between(_text(low), _text(low + length), gaps=10, at=at)
    gap = length / 10
    jumped = Step((f"How far is it over {many(at, 'gap')}?",), at * gap,
                  (f"Over {many(at, 'gap')} it is ", m.decimal(at * gap), "."))  # fmt: skip
    return Problem(
        stem=("Which decimal does the arrow show? ", figure),
        answer=answer,
        form=Form.DECIMAL,
        kind=AnswerKind.NUMBER,
        hints=(_TENTHS_HINT, ("How much is one gap?",),
               ("Ten gaps make ", m.decimal(length), ". Count the gaps up to the arrow.")),
        steps=(Step(("How much is one gap?",), gap, ("One gap is ", m.decimal(gap), ".")), jumped,
               worked(answer, m.decimal(low), "+", m.decimal(at * gap), shown=m.decimal(answer))),
        distractors=slips(answer, ("V8.place_skipped", low + at * length),
                          ("V8.counts_marks", answer + gap)),
    )  # fmt: skip


def _who_more(random: Random) -> Problem:
    pair = _confused(random)
    one, other = names(random, 2)
    did, unit, more = random.choice(
        (("jumped", "m", "jumped further"), ("cycled", "km", "cycled further"), ("collected", "kg", "has more"),
         ("poured", "litres", "poured more"))
    )  # fmt: skip
    first, second = (m.decimal(amount) for amount in pair)
    stem: Line = (f"{one} {did} ", first, f" {unit} and {other} {did} ", second, f" {unit}. Who {more}?")
    problem = _compared(stem, pair, ((one,), (other,), ("Both the same",)))
    return in_simple_words(problem, f"{one}: ", first, f" {unit}. {other}: ", second, f" {unit}. Who {more}?")


def _compare_claim(random: Random) -> Claim:
    small, great = sorted(_confused(random))
    step = _same_length((small, great))[0]
    right = (m.row(m.decimal(small), "<", m.decimal(great)),)
    false = (m.row(m.decimal(small), ">", m.decimal(great)),)
    advice = "Compare tenths with tenths, then hundredths with hundredths."
    return Claim(right, false, _reason_to_choose(small, great), advice, Step(step.question, step.value, right))


def _compare_mistake(random: Random) -> Problem:
    intro = "Three children compare decimals."
    return three_claims(random, "V8", _compare_claim, intro=intro, strategy=_SAME_LENGTH)


def point_misaligned(first: Fraction, second: Fraction, sign: str) -> Fraction:
    """Last digit under last digit instead of point under point; the smaller from the larger."""
    long = max(places(first), places(second))
    above, below = int(first * 10 ** places(first)), int(second * 10 ** places(second))
    return Fraction(above + below if sign == "+" else abs(above - below), 10**long)


def _to_add(random: Random) -> _Pair:
    """Different lengths, the larger first."""
    while True:
        short, long = random.choice(((0, 1), (1, 2), (1, 2), (0, 2)))
        pair = (_drawn(random, digits=short, most=30), _drawn(random, digits=long, most=30))
        first, second = max(pair), min(pair)
        if first > second:
            return first, second


def _added(stem: Line, pair: _Pair, sign: str) -> Problem:
    first, second = pair
    answer = first + second if sign == "+" else first - second
    long = max(map(places, pair))
    filled = [m.decimal(one, long) for one in pair]
    shorter = min(pair, key=places)
    return Problem(
        stem=stem,
        answer=answer,
        kind=AnswerKind.NUMBER,
        hints=(_TENTHS_HINT, (_POINT_UNDER_POINT,),
               (m.decimal(shorter), " can also be written ", m.decimal(shorter, long), ". Now place by place.")),
        steps=(remark("Give both as many digits after the point: ", filled[0], " and ", filled[1], "."),
               worked(answer, filled[0], sign, filled[1], shown=m.decimal(answer))),
        distractors=slips(answer, ("V9.point_misaligned", point_misaligned(first, second, sign))),
        units=("m", "km", "kg", "l", "litre", "litres"),
        features=(("places", long),),
    )  # fmt: skip


def _multiplied(stem: Line, pair: _Pair) -> Problem:
    first, second = pair
    answer = first * second
    counted = places(first) + places(second)
    tops = [int(one * 10 ** places(one)) for one in pair]
    return Problem(
        stem=stem,
        answer=answer,
        kind=AnswerKind.NUMBER,
        hints=(("About how much will it be?",), ("Multiply without the points first.",),
               ("How many digits stand after the points of both numbers together?",)),
        steps=(worked(tops[0] * tops[1], m.number(tops[0]), "×", m.number(tops[1])),
               Step(("How many digits stand after both points together?",), Fraction(counted),
                    (f"Put {many(counted, 'digit')} after the point.",)),
               worked(answer, m.decimal(first), "×", m.decimal(second), shown=m.decimal(answer))),
        distractors=slips(answer, ("V9.places_miscounted", answer * 10), ("V9.places_miscounted", answer / 10)),
        units=("m", "km", "kg", "l", "litre", "litres"),
        features=(("places", counted),),
    )  # fmt: skip


def _to_multiply(random: Random) -> _Pair:
    first = _drawn(random, digits=random.choice((1, 1, 2)), most=3)
    return first, _drawn(random, digits=random.choice((0, 1, 1)), most=9)


def _calculate(random: Random) -> Problem:
    if random.random() < 0.4:
        pair = _to_multiply(random)
        return _multiplied((m.row(m.decimal(pair[0]), "×", m.decimal(pair[1]), "=", m.blank()),), pair)
    pair, sign = _to_add(random), random.choice("+−")
    return _added((m.row(m.decimal(pair[0]), sign, m.decimal(pair[1]), "=", m.blank()),), pair, sign)


def _jump_on(random: Random) -> Problem:
    """Ones, tenths and hundredths of the second number as jumps."""
    start = _drawn(random, digits=random.choice((1, 2)), most=9)
    ones, tenths, hundredths = random.randint(1, 5), random.randint(1, 9), random.choice((0, *range(1, 10)))
    leaps = [part for part in (Fraction(ones), Fraction(tenths, 10), Fraction(hundredths, 100)) if part]
    landed, steps = start, []
    for leap in leaps:
        landed += leap
        steps.append(worked(landed, m.decimal(landed - leap), "+", m.decimal(leap), shown=m.decimal(landed)))
    figure = figures.jumps(_text(start), tuple(_text(leap) for leap in leaps))
    second = sum(leaps, Fraction(0))
    return Problem(
        stem=("Where do the jumps end? ", figure),
        answer=landed,
        kind=AnswerKind.NUMBER,
        hints=(_TENTHS_HINT, ("Take one jump at a time.",), (*steps[0].reason, ". And the next jump?")),
        steps=tuple(steps),
        distractors=slips(landed, ("V9.point_misaligned", point_misaligned(start, second, "+")),
                          ("V9.last_jump_left_out", landed - leaps[-1])),
    )  # fmt: skip


def _lengths_and_prices(random: Random) -> Problem:
    return random.choice((_together, _the_rest, _several))(random)


def _together(random: Random) -> Problem:
    pair = _to_add(random)
    (name,) = names(random, 1)
    first, second = (m.decimal(one) for one in pair)
    does, then, unit = random.choice(
        (("cycles", "walks", "km"), ("carries", "adds", "kg"), ("pours", "adds", "litres"))
    )
    stem: Line = (f"{name} {does} ", first, f" {unit} and then {then} ", second, f" {unit}. "
                  f"How many {unit} is that in all?")  # fmt: skip
    simple: Line = ("First ", first, f" {unit}. Then ", second, f" {unit} more. How many {unit} in all?")
    return in_simple_words(_added(stem, pair, "+"), *simple)


def _the_rest(random: Random) -> Problem:
    pair = _to_add(random)
    first, second = (m.decimal(one) for one in pair)
    what, unit = random.choice(
        (("rope", "m"), ("cloth", "m"), ("flour", "kg"), ("water", "litres"), ("wire", "m"))
    )
    stem: Line = ("There are ", first, f" {unit} of {what}. ", second, f" {unit} of it are used. "
                  f"How many {unit} are left?")  # fmt: skip
    simple: Line = (first, f" {unit} of {what}. Take away ", second, f" {unit}. What is left?")
    return in_simple_words(_added(stem, pair, "−"), *simple)


def _several(random: Random) -> Problem:
    each = _drawn(random, digits=random.choice((1, 2)), most=5)
    count = random.randint(3, 9)
    what, unit = random.choice((("boards", "m"), ("bags", "kg"), ("bottles", "litres"), ("ribbons", "m")))
    stem: Line = (f"There are {count} {what}, and each of them has ", m.decimal(each), f" {unit}. "
                  f"How many {unit} is that in all?")  # fmt: skip
    simple: Line = (f"{count} {what}. Each has ", m.decimal(each), f" {unit}. How many {unit} in all?")
    return in_simple_words(_multiplied(stem, (each, Fraction(count))), *simple)


def _calculate_claim(random: Random) -> Claim:
    draw = random.choice((_sum_gone_wrong, _product_gone_wrong))
    (first, second), sign, right, wrong = draw(random)
    start = m.row(m.decimal(first), sign, m.decimal(second))
    check = worked(right, start, shown=m.decimal(right))
    false = (m.row(start, "=", m.decimal(wrong)),)
    if sign == "×":
        return Claim(check.reason, false, "V9.places_miscounted", "Count the digits after both points.", check)
    return Claim(check.reason, false, "V9.point_misaligned", "The points have to stand under each other.", check)


def _sum_gone_wrong(random: Random) -> tuple[_Pair, str, Fraction, Fraction]:
    first, second = _to_add(random)
    return (first, second), "+", first + second, point_misaligned(first, second, "+")


def _product_gone_wrong(random: Random) -> tuple[_Pair, str, Fraction, Fraction]:
    first, second = _to_multiply(random)
    return (first, second), "×", first * second, first * second * 10


def _calculate_mistake(random: Random) -> Problem:
    intro = "Three children calculate with decimals."
    return three_claims(random, "V9", _calculate_claim, intro=intro, strategy=_POINT_UNDER_POINT)
