"""Oracles of P4 to P7: shares are counted or read, and percents are worked out as hundredths."""

from collections.abc import Callable
from fractions import Fraction

from benchmarks.packs.algebra_reader import is_true, sides, signed_numbers, tokens_of, value_at
from benchmarks.packs.derivation import Derivation, Oracle, Reading, Slips, find_the_mistake
from benchmarks.packs.ratios_oracle import table
from benchmarks.packs.stem_reader import expressions, figure_of, fraction_pairs, labels, shapes
from client.content.items import Item, Line, plain_text
from client.content.mathml import Expression


def _value(expression: Expression) -> Fraction:
    return value_at(list(tokens_of(expression)), {})


def _numbers(line: Line) -> list[Fraction]:
    """Of text and of expressions, in order; a percent counts as its number."""
    found: list[Fraction] = []
    for part in line:
        if isinstance(part, str):
            found += signed_numbers((part,))
        elif isinstance(part, Expression):
            found += [token for token in tokens_of(part) if isinstance(token, Fraction)]
    return found


# P4


def _share_slips(share: Fraction, written: tuple[int, int] | None) -> Slips:
    digits: set[Fraction] = set()
    for top, bottom in {written, share.as_integer_ratio()} - {None}:  # type: ignore[misc]
        digits.add(Fraction(f"0.{top}{bottom}") if top > 1 else Fraction(f"0.{bottom}"))
    return {"P4.digits_of_the_fraction": set(digits), "P4.decimal_shift": {share * 10, share / 10}}


def _converted(item: Item) -> Derivation:
    (given,) = expressions(item.stem)
    pairs = fraction_pairs(given)
    return Derivation(_value(given), _share_slips(_value(given), pairs[0] if pairs else None))


def _shaded(item: Item) -> Derivation:
    boxes = shapes(figure_of(item.stem), "rect")
    share = Fraction(sum(box["fill"] != "#ffffff" for box in boxes), len(boxes))
    return Derivation(share, _share_slips(share, None))


def _out_of(item: Item) -> Derivation:
    """The part is the smaller number, also when the whole is told first."""
    part, whole = sorted(signed_numbers(item.stem))
    share = part / whole
    return Derivation(share, _share_slips(share, (int(part), int(whole))))


def _conversion_claim(claim: Line) -> Reading:
    (written,) = expressions(claim)
    (left, right), _ = sides(written)
    share, said = value_at(left, {}), value_at(right, {})
    slips = _share_slips(share, None)
    return Reading(is_true(written), {name for name, values in slips.items() if said in values})


# P5 and P6


def _of_whole(percent: Fraction, whole: Fraction) -> Derivation:
    """One hundredth, as often as the percent says."""
    part = whole / 100 * percent
    slips: Slips = {
        "P5.divides_by_the_percent": {whole / percent},
        "P5.subtracts_the_percent": {whole - percent},
        "P5.takes_the_rest": {whole - part},
        "P5.percent_is_the_part": {percent},
    }
    return Derivation(part, slips)


def _bar(item: Item) -> tuple[str, str, str]:
    """(whole, part, percent) of a percent bar, one of them "?"."""
    texts = labels(figure_of(item.stem))
    left, right = min(x for _, x, _ in texts), max(x for _, x, _ in texts)
    at_mark = sorted((y, text) for text, x, y in texts if left < x < right)
    at_end = sorted((y, text) for text, x, y in texts if x == right)
    (_, part), (_, percent) = at_mark
    whole = at_end[0][1]
    return whole, part, percent.removesuffix(" %")


def _percent_bar(item: Item) -> Derivation:
    whole, _, percent = _bar(item)
    return _of_whole(Fraction(percent), Fraction(whole))


def _percent_and_whole(item: Item) -> Derivation:
    numbers = _numbers(item.stem)
    if len(expressions(item.stem)) == 1:
        percent, whole = numbers
    else:
        whole, percent = numbers
    return _of_whole(percent, whole)


def _percent_claim(claim: Line) -> Reading:
    percent, whole, said = _numbers(claim)
    derived = _of_whole(percent, whole)
    return Reading(said == derived.key, {name for name, values in derived.slips.items() if said in values})


def _whole(percent: Fraction, part: Fraction) -> Derivation:
    slips: Slips = {
        "P6.percent_of_the_part": {part * percent / 100},
        "P6.adds_the_percent": {part + percent},
        "P6.multiplies": {part * percent},
    }
    return Derivation(part / percent * 100, slips)


def _percent(part: Fraction, whole: Fraction) -> Derivation:
    slips: Slips = {
        "P6.whole_over_part": {whole / part * 100},
        "P6.part_is_the_percent": {part},
        "P6.difference": {whole - part},
    }
    return Derivation(part / whole * 100, slips)


def _whole_or_percent(item: Item) -> Derivation:
    first, second = _numbers(item.stem)
    if "What percent" in plain_text(item.stem):
        return _percent(second, first)
    return _whole(second, first)


def _whole_on_bar(item: Item) -> Derivation:
    whole, part, percent = _bar(item)
    if whole == "?":
        return _whole(Fraction(percent), Fraction(part))
    return _percent(Fraction(part), Fraction(whole))


def _whole_story(item: Item) -> Derivation:
    first, second = signed_numbers(item.stem)
    if "hat percent" in plain_text(item.stem):
        return _percent(min(first, second), max(first, second))
    return _whole(second, first)


def _whole_claim(claim: Line) -> Reading:
    part, percent, said = _numbers(claim)
    derived = _whole(percent, part)
    return Reading(said == derived.key, {name for name, values in derived.slips.items() if said in values})


# P7


def _after(start: Fraction, *percents: Fraction) -> Fraction:
    for percent in percents:
        start += start / 100 * percent
    return start


def _new_value(start: Fraction, percents: list[Fraction]) -> Derivation:
    first = percents[0]
    slips: Slips = {
        "P7.adds_successive": {_after(start, sum(percents, Fraction(0)))},
        "P7.only_the_change": {abs(start / 100 * first)},
        "P7.percent_as_amount": {start + sum(percents, Fraction(0))},
        "P7.wrong_direction": {_after(start, -first)},
    }
    return Derivation(_after(start, *percents), slips)


def _changed_by(start: Fraction, end: Fraction) -> Derivation:
    change = abs(end - start)
    slips: Slips = {
        "P7.new_value_as_base": {change / end * 100},
        "P7.difference_as_percent": {change},
        "P7.new_over_old": {end / start * 100},
    }
    return Derivation(change / start * 100, slips)


def _change(item: Item) -> Derivation:
    said, (first, second) = plain_text(item.stem), signed_numbers(item.stem)
    if said.startswith("From"):
        return _changed_by(first, second)
    return _new_value(second, [first if "more" in said else -first])


def _change_table(item: Item) -> Derivation:
    (_, start, end), (_, hundred, asked) = table(item)
    if (hundred, asked) != ("100", "?"):
        raise ValueError("another table")
    old, new = Fraction(start), Fraction(end)
    slips: Slips = {
        "P7.new_value_as_base": {old / new * 100},
        "P7.only_the_change": {abs(new - old) / old * 100},
        "P7.difference_as_percent": {100 + new - old},
    }
    return Derivation(new / old * 100, slips)


def _price(item: Item) -> Derivation:
    said, (start, *sizes) = plain_text(item.stem), signed_numbers(item.stem)
    ups, downs = ("rises", "gains", "more"), ("falls", "loses", "fewer")
    words = [word.strip(".,") for word in said.split()]
    signs = [1 if word in ups else -1 for word in words if word in ups or word in downs]
    return _new_value(start, [sign * size for sign, size in zip(signs, sizes, strict=True)])


def _change_claim(claim: Line) -> Reading:
    numbers = _numbers(claim)
    first, second, said = numbers
    if "then" in plain_text(claim):
        key = _after(Fraction(100), first, second) - 100
        return Reading(said == key, {"P7.adds_successive"} if said == first + second else frozenset())
    derived = _changed_by(first, second)
    ways = "more" in plain_text(claim)
    right = said == derived.key and ways == (second > first)
    return Reading(right, {name for name, values in derived.slips.items() if said in values})


_Reader = Callable[[Item], Derivation]
_READERS: dict[str, _Reader] = {
    "P4.procedure": _converted,
    "P4.representation": _shaded,
    "P4.word_problem": _out_of,
    "P5.procedure": _percent_and_whole,
    "P5.representation": _percent_bar,
    "P5.word_problem": _percent_and_whole,
    "P6.procedure": _whole_or_percent,
    "P6.representation": _whole_on_bar,
    "P6.word_problem": _whole_story,
    "P7.procedure": _change,
    "P7.representation": _change_table,
    "P7.word_problem": _price,
}
ORACLES: dict[str, Oracle] = {
    **_READERS,
    "P4.find_the_mistake": find_the_mistake("P4", _conversion_claim),
    "P5.find_the_mistake": find_the_mistake("P5", _percent_claim),
    "P6.find_the_mistake": find_the_mistake("P6", _whole_claim),
    "P7.find_the_mistake": find_the_mistake("P7", _change_claim),
}
