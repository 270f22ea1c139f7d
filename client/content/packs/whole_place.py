"""V1, place value and expanded form, and V2, comparing whole numbers: four families each."""

from fractions import Fraction
from random import Random

from client.content import mathml as m
from client.content import number_figures as figures
from client.content.items import AnswerKind, Family, Line, Problem, Step, remark
from client.content.packs.drawing import (
    Claim,
    four_families,
    in_simple_words,
    names,
    options,
    slips,
    three_claims,
    worked,
)

_WHICH_DIGIT: Line = ("Which digit counts hundreds? Which counts tens?",)
_PLACES = {100: "hundreds", 10: "tens", 1: "ones"}
_BY_PLACE = "Write the hundreds, tens and ones below each other."


def families() -> tuple[Family, ...]:
    """V1 and V2."""
    v1 = four_families("V1", "1–3", _parts_of_a_number, _number_of_blocks, _packs_of_ten, _place_mistake)
    v2 = four_families("V2", "2–4", _greater, _more_blocks, _more_steps, _order_mistake)
    return v1 + v2


def _digits(number: int) -> tuple[int, int, int]:
    return number // 100, number // 10 % 10, number % 10


def _drawn(random: Random) -> int:
    """A number of two or three digits, all different and none zero."""
    while True:
        number = random.randint(12, 98) if random.random() < 0.3 else random.randint(123, 987)
        digits = str(number)
        if "0" not in digits and len(set(digits)) == len(digits):
            return number


def _in_a_row(*parts: int) -> int:
    """352 written as it is spoken: 300502."""
    return int("".join(str(part) for part in parts if part))


def _expanded(number: int) -> list[int]:
    return [digit * place for digit, place in zip(_digits(number), _PLACES, strict=True) if digit]


def _parts_of_a_number(random: Random) -> Problem:
    number = _drawn(random)
    return _value_of_a_digit(random, number) if random.random() < 0.6 else _put_together(number)


def _value_of_a_digit(random: Random, number: int) -> Problem:
    parts = _expanded(number)
    asked = random.randrange(len(parts) - 1)
    part = parts[asked]
    place = next(place for place in _PLACES if part >= place)
    digit = part // place
    stem: Line = (f"What is the {digit} in {number} worth?",)
    if random.random() < 0.5:
        sides: list[m.Expression | str] = []
        for n, other in enumerate(parts):
            sides += ["+", m.blank() if n == asked else m.number(other)]
        stem = (m.row(m.number(number), "=", *sides[1:]),)
    return Problem(
        stem=stem,
        answer=Fraction(part),
        kind=AnswerKind.NUMBER,
        hints=(_WHICH_DIGIT, (_BY_PLACE,), (f"The {digit} stands in the place of the {_PLACES[place]}.",)),
        steps=(Step((f"How many {_PLACES[place]} are there in {number}?",), Fraction(digit),
                    (f"{number} has {digit} in the place of the {_PLACES[place]}.",)),
               worked(part, m.number(digit), "×", m.number(place))),
        distractors=slips(Fraction(part), ("V1.face_value", Fraction(digit))),
    )  # fmt: skip


def _put_together(number: int) -> Problem:
    parts = _expanded(number)
    sides: list[m.Expression | str] = []
    for part in parts:
        sides += ["+", m.number(part)]
    return _number_of_parts((m.row(*sides[1:], "=", m.blank()),), number)


def _number_of_parts(stem: Line, number: int) -> Problem:
    """The number that so many hundreds, tens and ones make."""
    hundreds, tens, ones = _digits(number)
    counted = [(hundreds, "hundreds"), (tens, "tens"), (ones, "ones")][0 if hundreds else 1 :]
    places = tuple(
        Step(
            (f"Which digit goes in the place of the {place}?",),
            Fraction(digit),
            (f"{digit} in the place of the {place}.",),
        )
        for digit, place in counted
    )
    answer = Fraction(number)
    first = counted[0]
    return Problem(
        stem=stem,
        answer=answer,
        kind=AnswerKind.NUMBER,
        hints=(_WHICH_DIGIT, (_BY_PLACE,), (f"Start with the {first[1]}: write {first[0]}. What comes next?",)),
        steps=(*places, Step(("Which number is that?",), answer, ("Together: ", m.number(number), "."))),
        distractors=slips(answer, ("V1.parts_in_a_row", Fraction(_in_a_row(100 * hundreds, 10 * tens, ones))),
                          ("V1.counts_the_pieces", Fraction(hundreds + tens + ones)),
                          ("V1.zero_left_out", Fraction(_in_a_row(hundreds, tens, ones)))),
    )  # fmt: skip


def _with_zero(random: Random) -> int:
    """Three digits; the tens may be zero."""
    return 100 * random.randint(1, 9) + 10 * random.randint(0, 9) + random.randint(1, 9)


def _number_of_blocks(random: Random) -> Problem:
    number = _with_zero(random)
    return _number_of_parts(("Which number do the blocks show? ", figures.blocks(*_digits(number))), number)


def _packs_of_ten(random: Random) -> Problem:
    number = 100 * random.randint(2, 9) + 10 * random.randint(2, 9) + random.randint(2, 9)
    hundreds, tens, ones = _digits(number)
    (name,) = names(random, 1)
    things, box, pack = random.choice(
        (("pens", "boxes", "packs"), ("buttons", "jars", "bags"), ("beads", "tins", "strings"),
         ("cards", "boxes", "piles"))
    )  # fmt: skip
    text = f"In each of {hundreds} {box} there are 100 {things}. In each of {tens} {pack} there are 10. "
    text += f"{name} also has {ones} single {things}. How many {things} is that in all?"
    simple = f"{hundreds} {box} of 100. {tens} {pack} of 10. {ones} single {things}. How many {things}?"
    return in_simple_words(_number_of_parts((text,), number), simple)


def _place_claim(random: Random) -> Claim:
    number = _drawn(random)
    parts = _expanded(number)
    if random.random() < 0.4:
        tens, ones = _expanded(number % 100)
        check = worked(tens + ones, m.number(tens), "+", m.number(ones))
        false = m.row(m.number(tens), "+", m.number(ones), "=", m.number(_in_a_row(tens, ones)))
        advice = "The ones go into the place of the zero."
        return Claim(check.reason, (false,), "V1.parts_in_a_row", advice, check)
    part = random.choice(parts[:-1])
    digit = int(str(part)[0])
    start = f"the {digit} in {number} is worth "
    check = Step((f"What is the {digit} in {number} worth?",), Fraction(part), (start, m.number(part)))
    advice = "A digit is worth as much as its place says."
    return Claim(check.reason, (start, m.number(digit)), "V1.face_value", advice, check)


def _place_mistake(random: Random) -> Problem:
    return three_claims(random, "V1", _place_claim, intro="Three children look at numbers.", strategy=_BY_PLACE)


def _pair(random: Random, most: int = 9_999) -> tuple[int, int]:
    """Two numbers that are easily confused: a digit shorter with a larger first digit, or digits exchanged."""
    while True:
        first = random.randint(101, most)
        if random.random() < 0.4:
            second = random.randint(first // 20 + 1, first // 10 + 9)
        else:
            digits = list(str(first))
            one, other = random.sample(range(len(digits)), 2)
            digits[one], digits[other] = digits[other], digits[one]
            second = int("".join(digits))
        if first != second and second > 9 and len(str(second)) + 1 >= len(str(first)):
            return (first, second) if random.random() < 0.5 else (second, first)


def _reason_to_choose(smaller: int, larger: int) -> str:
    first_digit = str(smaller)[0] > str(larger)[0]
    return "V2.first_digit_decides" if first_digit else "V2.sign_reversed"


def _compared(stem: Line, pair: tuple[int, int], labels: tuple[Line, Line, Line]) -> Problem:
    first, second = pair
    key = int(first < second)
    reasons = [_reason_to_choose(first, second), _reason_to_choose(second, first), "V2.sees_no_difference"]
    reasons[key] = ""
    return Problem(
        stem=stem,
        answer=f"c{key + 1}",
        kind=AnswerKind.CHOICE,
        hints=(("How many digits has each number?",), ("More digits mean more. Else compare place by place.",),
               ("Start on the left, with the highest place that differs.",)),
        steps=(*_compare_steps(*pair), remark("So the answer is: ", *labels[key], ".")),
        choices=options(*zip(labels, reasons, strict=True)),
    )  # fmt: skip


def _compare_steps(first: int, second: int) -> tuple[Step, ...]:
    digits = [str(number) for number in (first, second)]
    if len(digits[0]) != len(digits[1]):
        long = max(first, second)
        return (Step((f"How many digits has {long}?",), Fraction(len(str(long))),
                     (f"{long} has {len(str(long))} digits, one more than {min(first, second)}.",)),)  # fmt: skip
    at = next(n for n in range(len(digits[0])) if digits[0][n] != digits[1][n])
    name = ("ones", "tens", "hundreds", "thousands")[len(digits[0]) - 1 - at]
    asked = f"What is the digit of the {name} in {max(first, second)}?"
    larger, smaller = max(digits[0][at], digits[1][at]), min(digits[0][at], digits[1][at])
    return (Step((asked,), Fraction(int(larger)), (f"The {name} decide: {larger} is more than {smaller}.",)),)


def _greater(random: Random) -> Problem:
    pair = _pair(random)
    first, second = (m.number(one) for one in pair)
    stem: Line = ("Which is greater, ", first, " or ", second, "?")
    return _compared(stem, pair, ((first,), (second,), ("They are equal",)))


def _more_blocks(random: Random) -> Problem:
    first, second = _pair(random, most=999)
    figure = figures.two_sets_of_blocks(_digits(first), _digits(second))
    labels: tuple[Line, Line, Line] = (("The first set",), ("The second set",), ("Both the same",))
    return _compared(("Which set of blocks shows the greater number? ", figure), (first, second), labels)


def _more_steps(random: Random) -> Problem:
    pair = _pair(random)
    one, other = names(random, 2)
    did, what = random.choice(
        (
            ("walked", "steps"),
            ("read", "words"),
            ("collected", "stamps"),
            ("saved", "points"),
            ("planted", "seeds"),
        )
    )
    text = f"{one} {did} {pair[0]} {what} and {other} {did} {pair[1]} {what}. Who has more {what}?"
    simple = f"{one}: {pair[0]} {what}. {other}: {pair[1]} {what}. Who has more?"
    return in_simple_words(_compared((text,), pair, ((one,), (other,), ("Both the same",))), simple)


def _order_claim(random: Random) -> Claim:
    small, great = sorted(_pair(random))
    (step,) = _compare_steps(small, great)
    right = m.row(m.number(small), "<", m.number(great))
    check = Step(step.question, step.value, (right,))
    advice = "First count the digits. Then compare place by place from the left."
    false = m.row(m.number(small), ">", m.number(great))
    return Claim((right,), (false,), _reason_to_choose(small, great), advice, check)


def _order_mistake(random: Random) -> Problem:
    return three_claims(random, "V2", _order_claim, intro="Three children compare numbers.", strategy=_BY_PLACE)
