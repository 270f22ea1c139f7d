"""Oracles of the number facts: counting, repeated addition and subtraction, slips as the skill table has them."""

from fractions import Fraction

from benchmarks.packs.derivation import Derivation, Oracle, Slips
from benchmarks.packs.stem_reader import DARK, expressions, figure_of, shapes, tokens
from client.content.items import Answer, Item


def plus(item: Item) -> Derivation:
    """a + b by counting on, or by counting the dots of a figure."""
    if expressions(item.stem):
        first, second = _numbers(item)
    else:
        dots = shapes(figure_of(item.stem), "circle")
        first = sum(dot["fill"] == DARK for dot in dots)
        second = len(dots) - first
    total = len([*range(first), *range(second)])
    slips: Slips = {
        "F1.counts_the_start": _values(total - 1),
        "F1.plus_zero_is_zero": _values(0) if 0 in (first, second) else set(),
        "F2.drops_the_ten": _values(int(str(total)[1:] or "0")),
        "F2.off_by_one": _values(total - 1, total + 1),
    }
    return Derivation(Fraction(total), slips)


def minus(item: Item) -> Derivation:
    """s − a by taking one away at a time, or by counting dots that aren't crossed out."""
    if expressions(item.stem):
        whole, taken = _numbers(item)
    else:
        whole, taken = (len(shapes(figure_of(item.stem), tag)) for tag in ("circle", "path"))
    left = list(range(whole))
    for _ in range(taken):
        left.pop()
    slips: Slips = {
        "F3.counts_the_start": _values(len(left) + 1),
        "F3.adds": _values(whole + taken),
        "F4.smaller_from_larger": _values(_column_by_column(whole, taken)),
        "F4.off_by_one": _values(len(left) - 1, len(left) + 1),
    }
    return Derivation(Fraction(len(left)), slips)


def _column_by_column(first: int, second: int) -> int:
    """The smaller digit from the larger in each column."""
    columns = zip(str(first).rjust(2, "0"), str(second).rjust(2, "0"), strict=True)
    return int("".join(str(abs(int(above) - int(below))) for above, below in columns))


def divided(item: Item) -> Derivation:
    """p ÷ d by counting how often d can be taken away; also asked as d × ? = p."""
    product, divisor = _numbers(item)
    if "times" in expressions(item.stem)[0].alternative:
        product, divisor = divisor, product
    quotient = len(range(divisor, product + 1, divisor))
    near = _values(quotient - 1, quotient + 1)
    first_digits = int(str(product)[:-1] or "0") // int(str(divisor)[:-1] or str(divisor))
    slips: Slips = {
        "F9.by_one_is_one": _values(1) if divisor == 1 else set(),
        "F9.zero_shared_is_the_divisor": _values(divisor) if product == 0 else set(),
        "F9.swaps": {Fraction(divisor, product)} if product else set(),
        "F10.subtracts": _values(product - divisor),
        "F10.neighbouring_fact": near,
        "F11.neighbouring_fact": near,
        "F12.divides_one_digit": _values(first_digits),
        "F12.neighbouring_fact": near,
    }
    return Derivation(Fraction(quotient), slips)


def _numbers(item: Item) -> tuple[int, int]:
    (asked,) = expressions(item.stem)
    first, second = (int(n) for n in tokens((asked,)))
    return first, second


def times(item: Item) -> Derivation:
    """a × b by adding b as often as a says."""
    first, second = _numbers(item)
    product = sum([second] * first)
    return Derivation(Fraction(product), _times_slips(first, second, product))


def _times_slips(a: int, b: int, product: int) -> Slips:
    near = {x * y for x in (a - 1, a, a + 1) for y in (b - 1, b, b + 1)} - {product}
    return {
        "F5.times_zero_keeps": _values(max(a, b)) if 0 in (a, b) else set(),
        "F5.times_one_is_one": _values(1) if 1 in (a, b) else set(),
        "F5.adds": _values(a + b),
        "F6.one_group_too_few": _values(product - a, product - b),
        "F6.one_group_too_many": _values(product + a, product + b),
        "F6.adds": _values(a + b),
        "F7.digits_swapped": _values(int("".join(reversed(str(product))))),
        "F7.neighbouring_fact": _values(*near),
        "F8.loses_the_tens": _values(a % 10 * b, a * (b % 10)),
        "F8.tens_only": _values(a // 10 * 10 * b, a * (b // 10 * 10)),
        "F8.neighbouring_fact": _values(*near),
    }


def _values(*numbers: int) -> set[Answer]:
    return {Fraction(number) for number in numbers}


ORACLES: dict[str, Oracle] = {
    **dict.fromkeys(("F1", "F2"), plus),
    **dict.fromkeys(("F3", "F4"), minus),
    **dict.fromkeys(("F5", "F6", "F7", "F8"), times),
    **dict.fromkeys(("F9", "F10", "F11", "F12"), divided),
}
