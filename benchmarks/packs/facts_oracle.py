"""Oracle of the multiplication facts: repeated addition, and the slips as the skill table words them."""

from fractions import Fraction

from benchmarks.packs.derivation import Derivation, Oracle, Slips
from benchmarks.packs.stem_reader import expressions, tokens
from client.content.items import Answer, Item


def times(item: Item) -> Derivation:
    """a × b by adding b as often as a says."""
    (asked,) = expressions(item.stem)
    first, second = (int(n) for n in tokens((asked,)))
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


ORACLES: dict[str, Oracle] = dict.fromkeys(("F5", "F6", "F7", "F8"), times)
