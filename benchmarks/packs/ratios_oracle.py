"""Oracles of P1 to P3: pairs that belong together are read from text, MathML and tables."""

import re
from collections.abc import Callable
from fractions import Fraction

from benchmarks.packs.algebra_reader import Token, linear_root, signed_numbers, tokens_of, value_at
from benchmarks.packs.derivation import Derivation, Oracle, Reading, Slips, find_the_mistake
from benchmarks.packs.stem_reader import expressions, figure_of, labels, parse_xml
from client.content.items import Item, Line, plain_text
from client.content.mathml import Expression

# first : second = known : ?, or first : second = ? : known when the flag is set
Ratio = tuple[Fraction, Fraction, Fraction, bool]


def table(item: Item) -> list[list[str]]:
    """The rows of a table, each from its name on."""
    texts = [(text, round(y)) for text, _, y in labels(figure_of(item.stem))]
    heights = sorted({y for _, y in texts})
    return [[text for text, y in texts if y == height] for height in heights]


def _equal(skill: str, read: Callable[[Item], Ratio]) -> Oracle:
    def derive(item: Item) -> Derivation:
        ratio = read(item)
        return Derivation(_fourth(ratio), _slips(skill, ratio))

    return derive


def _fourth(ratio: Ratio) -> Fraction:
    """By equal products across."""
    first, second, known, asks_first = ratio
    return first * known / second if asks_first else second * known / first


def _slips(skill: str, ratio: Ratio) -> Slips:
    first, second, known, asks_first = ratio
    beside, across = (second, first) if asks_first else (first, second)
    return {
        f"{skill}.additive": {across + (known - beside)},
        "P1.order_swapped" if skill == "P1" else "P3.pairs_wrongly": {known * beside / across},
    }


def _halves(tokens: tuple[Token, ...]) -> list[Token]:
    return [token for token in tokens if token not in (":", "=")]


def _of_row(written: Expression) -> Ratio:
    first, second, third, fourth = _halves(tokens_of(written))
    asks_first = third == "?"
    known = fourth if asks_first else third
    return _fraction(first), _fraction(second), _fraction(known), asks_first


def _fraction(token: Token) -> Fraction:
    if not isinstance(token, Fraction):
        raise TypeError(f"no number: {token}")
    return token


def _of_table(item: Item) -> Ratio:
    (_, first, third), (_, second, fourth) = table(item)
    asks_first = third == "?"
    return Fraction(first), Fraction(second), Fraction(fourth if asks_first else third), asks_first


def _of_story(item: Item) -> Ratio:
    """The word that is asked for tells which number of the pair is not known."""
    first, second, known = signed_numbers(item.stem)
    said = plain_text(item.stem)
    asked = said.partition("How many ")[2]
    places = [found.start() for found in re.finditer(r"\d+", said)]
    return first, second, known, said.find(_unit(asked)) < places[1]


def _unit(asked: str) -> str:
    """The words for what is asked for, as the story told them before."""
    return " ".join(asked.split()[:3]).partition(" go")[0].partition(" belong")[0]


def _claimed_ratio(claim: Line) -> Reading:
    first, second, third, fourth = (_fraction(token) for token in _halves(tokens_of(expressions(claim)[0])))
    found = Reading(first * fourth == second * third, _believed("P1", (first, second, third, fourth)))
    return found


def _believed(skill: str, four: tuple[Fraction, Fraction, Fraction, Fraction]) -> set[str]:
    """Either number of the second pair may be the one that was worked out."""
    first, second, third, fourth = four
    rules = [_slips(skill, (first, second, third, False)), _slips(skill, (first, second, fourth, True))]
    told = zip(rules, (fourth, third), strict=True)
    return {name for slips, said in told for name, values in slips.items() if said in values}


def _fractions(written: Expression) -> list[list[str]]:
    nodes = parse_xml(written.mathml).iter("{http://www.w3.org/1998/Math/MathML}mfrac")
    return [[child.text or "" for child in node] for node in nodes]


def _proportion(item: Item) -> Ratio:
    (written,) = expressions(item.stem)
    (first, second), (third, fourth) = _fractions(written)
    asks_first = third == "x"
    ratio = Fraction(first), Fraction(second), Fraction(fourth if asks_first else third), asks_first
    if linear_root(written, "x") != _fourth(ratio):
        raise ValueError("two ways give two answers")
    return ratio


def _claimed_proportion(claim: Line) -> Reading:
    (first, second), (third, fourth) = (
        [Fraction(text) for text in pair] for pair in _fractions(expressions(claim)[0])
    )
    return Reading(first / second == third / fourth, _believed("P3", (first, second, third, fourth)))


# P2


def _one(read: Callable[[Item], tuple[Fraction, Fraction]]) -> Oracle:
    def derive(item: Item) -> Derivation:
        amount, count = read(item)
        return Derivation(amount / count, _rate_slips(amount, count))

    return derive


def _rate_slips(amount: Fraction, count: Fraction) -> Slips:
    return {
        "P2.inverse_rate": {count / amount},
        "P2.multiplies": {amount * count},
        "P2.subtracts": {amount - count},
    }


def _amount_and_count(item: Item) -> tuple[Fraction, Fraction]:
    first, second = signed_numbers(item.stem)
    return (second, first) if "packs" in plain_text(item.stem) else (first, second)


def _rate_table(item: Item) -> tuple[Fraction, Fraction]:
    (_, count, one), (_, amount, _) = table(item)
    if one != "1":
        raise ValueError("not a rate for one")
    return Fraction(amount), Fraction(count)


def _rate_claim(claim: Line) -> Reading:
    amount, count = signed_numbers(claim)[:2]
    said = value_at(list(tokens_of(expressions(claim)[0])), {})
    believed = {name for name, values in _rate_slips(amount, count).items() if said in values}
    return Reading(said == amount / count, believed)


ORACLES: dict[str, Oracle] = {
    "P1.procedure": _equal("P1", lambda item: _of_row(expressions(item.stem)[0])),
    "P1.representation": _equal("P1", _of_table),
    "P1.word_problem": _equal("P1", _of_story),
    "P1.find_the_mistake": find_the_mistake("P1", _claimed_ratio),
    "P2.procedure": _one(_amount_and_count),
    "P2.representation": _one(_rate_table),
    "P2.word_problem": _one(_amount_and_count),
    "P2.find_the_mistake": find_the_mistake("P2", _rate_claim),
    "P3.procedure": _equal("P3", _proportion),
    "P3.representation": _equal("P3", _of_table),
    "P3.word_problem": _equal("P3", _of_story),
    "P3.find_the_mistake": find_the_mistake("P3", _claimed_proportion),
}
