"""Oracles of N5 to N7: calculations are worked out from their MathML, and dots and squares are counted."""

from collections.abc import Callable
from fractions import Fraction

from benchmarks.packs.algebra_reader import Token, is_true, sides, signed_numbers, tokens_of, value_at
from benchmarks.packs.derivation import Derivation, Oracle, Reading, Slips, find_the_mistake
from benchmarks.packs.stem_reader import expressions, figure_of, labels, shapes
from client.content.items import Answer, Item, Line, plain_text
from client.content.mathml import Expression

_NO_LETTERS: dict[str, Fraction] = {}


def _value(tokens: list[Token]) -> Fraction:
    return value_at(tokens, _NO_LETTERS)


def _without_group(tokens: list[Token]) -> list[Token]:
    """With the value of the brackets in their place."""
    if "(" not in tokens:
        return list(tokens)
    start, end = tokens.index("("), tokens.index(")")
    return [*tokens[:start], _value(tokens[start + 1 : end]), *tokens[end + 1 :]]


def _left_to_right(tokens: list[Token]) -> Fraction:
    flat = _without_group(tokens)
    total = _value(flat[:1])
    for place in range(1, len(flat), 2):
        total = _value([total, flat[place], flat[place + 1]])
    return total


def _plus_first(tokens: list[Token]) -> Fraction:
    """Products first, then the sums between two minus signs."""
    total, seen_minus = Fraction(0), False
    part: list[Token] = []
    for piece in [*_without_group(tokens), "−"]:
        if piece == "−":
            total = total - _value(part) if seen_minus else _value(part)
            part, seen_minus = [], True
        else:
            part.append(piece)
    return total


def _order_slips(tokens: list[Token]) -> Slips:
    return {"N5.left_to_right": {_left_to_right(tokens)}, "N5.plus_before_minus": {_plus_first(tokens)}}


def _bracket_slips(tokens: list[Token]) -> Slips:
    bare = [token for token in tokens if token not in ("(", ")")]
    slips: dict[str, set[Answer]] = {"N6.brackets_ignored": {_value(bare)}}
    if tokens[0] == "(" and tokens[5] in ("×", "÷"):
        _, one, sign, two, _, strong, factor = tokens[:7]
        slips["N6.first_term_only"] = {_value([one, strong, factor, sign, two])}
    return slips


def _calculation(rules: Callable[[list[Token]], Slips]) -> Oracle:
    def derive(item: Item) -> Derivation:
        tokens = sides(expressions(item.stem)[0])[0][0]
        return Derivation(_value(tokens), rules(tokens))

    return derive


def _told(rules: Callable[[list[Token]], Slips], write: Callable[[Item], list[Token]]) -> Oracle:
    def derive(item: Item) -> Derivation:
        tokens = write(item)
        return Derivation(_value(tokens), rules(tokens))

    return derive


def _bought(item: Item) -> list[Token]:
    first, many, price = signed_numbers(item.stem)
    return [first, "−" if "left" in plain_text(item.stem) else "+", many, "×", price]


def _packed(item: Item) -> list[Token]:
    first, second, third = signed_numbers(item.stem)
    if "shares" in plain_text(item.stem):
        return ["(", first, "+", second, ")", "÷", third]
    return [first, "×", "(", second, "+", third, ")"]


def _dots(item: Item) -> Derivation:
    """The key is the one choice that gives as many as there are dots."""
    count = len(shapes(figure_of(item.stem), "circle"))
    written = {choice.id: list(tokens_of(expressions(choice.label)[0])) for choice in item.choices}
    (key,) = (choice for choice, tokens in written.items() if _value(tokens) == count)
    right = written[key]
    bare = [token for token in right if token not in ("(", ")")]
    slips: dict[str, set[Answer]] = {}
    for choice, tokens in written.items():
        if choice == key:
            continue
        if "(" in right:
            name = "N6.first_term_only" if tokens == bare else "N6.wrong_part_in_brackets"
        else:
            name = "N5.left_to_right" if "(" in tokens else "N5.wrong_part_multiplied"
        slips.setdefault(name, set()).add(choice)
    return Derivation(key, slips)


def _claimed(rules: Callable[[list[Token]], Slips]) -> Callable[[Line], Reading]:
    def read(claim: Line) -> Reading:
        (written,) = expressions(claim)
        (calculation, result), _ = sides(written)
        claimed = _value(result)
        believed = {name for name, values in rules(calculation).items() if claimed in values}
        return Reading(is_true(written), believed)

    return read


# N7


def _power_slips(written: Expression, value: Fraction) -> Slips:
    """By what is written: a root, or a power with or without a minus sign in front or in its base."""
    said = written.alternative
    numbers = [int(word) for word in said.replace("?", "").split() if word.isdecimal()]
    if said.startswith("the square root"):
        return {"N7.root_halves": {Fraction(numbers[0], 2)}}
    exponent = 2 if "squared" in said else 3 if "cubed" in said else numbers[1]
    if said.startswith("minus"):
        return {"N7.minus_squared_too": {-value}, "N7.base_times_exponent": {Fraction(-numbers[0] * exponent)}}
    base = -numbers[0] if "open bracket minus" in said else numbers[0]
    return {"N7.base_times_exponent": {Fraction(base * exponent)}, "N7.sign_wrong": {-value}}


def _written_power(item: Item) -> Derivation:
    (asked,) = expressions(item.stem)
    value = _value(sides(asked)[0][0])
    return Derivation(value, _power_slips(asked, value))


def _power(base: Fraction, exponent: int) -> Derivation:
    value = Fraction(1)
    for _ in range(exponent):
        value *= base
    return Derivation(value, {"N7.base_times_exponent": {base * exponent}})


def _root(square: Fraction) -> Derivation:
    side = next(n for n in range(1, 100) if n * n == square)
    return Derivation(Fraction(side), {"N7.root_halves": {square / 2}})


def _square(item: Item) -> Derivation:
    area, side = (text for text, _, _ in labels(figure_of(item.stem)))
    if "?" in side:
        return _root(Fraction(area.split()[1]))
    return _power(Fraction(side.split()[1]), 2)


def _told_power(item: Item) -> Derivation:
    said, numbers = plain_text(item.stem), signed_numbers(item.stem)
    if "area" in said:
        return _root(numbers[0])
    if "in half" in said:
        return _power(Fraction(2), int(numbers[0]))
    if "secret" in said:
        return _power(numbers[1], int(numbers[-1]))
    return _power(numbers[0], 3)


def _power_claim(claim: Line) -> Reading:
    (written,) = expressions(claim)
    (shown, result), _ = sides(written)
    claimed = _value(result)
    rules = _power_slips(written, _value(shown))
    return Reading(is_true(written), {name for name, values in rules.items() if claimed in values})


ORACLES: dict[str, Oracle] = {
    "N5.procedure": _calculation(_order_slips),
    "N5.representation": _dots,
    "N5.word_problem": _told(_order_slips, _bought),
    "N5.find_the_mistake": find_the_mistake("N5", _claimed(_order_slips)),
    "N6.procedure": _calculation(_bracket_slips),
    "N6.representation": _dots,
    "N6.word_problem": _told(_bracket_slips, _packed),
    "N6.find_the_mistake": find_the_mistake("N6", _claimed(_bracket_slips)),
    "N7.procedure": _written_power,
    "N7.representation": _square,
    "N7.word_problem": _told_power,
    "N7.find_the_mistake": find_the_mistake("N7", _power_claim),
}
