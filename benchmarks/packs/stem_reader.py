"""Reads stems and figures back to numbers, apart from the code that made them: what every oracle begins with."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

from client.content.figures import Figure
from client.content.items import Item, Line, Part
from client.content.mathml import Expression

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_SVG = "{http://www.w3.org/2000/svg}"
SHADED, DARK = "#9cc3e6", "#1f4e79"
_NUMBER = re.compile(r"\d+(?:\.\d+|/\d+)?")
_MIXED = re.compile(
    r"(?=<mn>|<mfrac>)(?:<mn>(\d+)</mn>)?(?:<mfrac><mn>(\d+)</mn><mn>(\d+)</mn></mfrac>)?",
)
# The same expressions and figures come back in many items.
_REMEMBERED = 20_000


def parse_xml(text: str) -> ElementTree.Element:
    """The root; an error unless the text is well formed."""
    return ElementTree.fromstring(text)  # noqa: S314 - our own packs made it


def expressions(line: Line) -> list[Expression]:
    """The expressions of a line in order."""
    return [part for part in line if isinstance(part, Expression)]


def figure_of(line: Line) -> Figure:
    """The one figure of a line."""
    (figure,) = (part for part in line if isinstance(part, Figure))
    return figure


def numbers_in_text(line: Line) -> list[int]:
    """Whole numbers of the text parts only, in order."""
    return [int(n) for part in line if isinstance(part, str) for n in re.findall(r"\d+", part)]


@lru_cache(_REMEMBERED)
def value_of(expression: Expression) -> Fraction:
    """The value of an expression without a relation or blank."""
    return _value(_root(expression))


@lru_cache(_REMEMBERED)
def holds(expression: Expression) -> bool:
    """Whether an equation or inequality is true."""
    left, relation, right = _sides(expression)
    return {"=": left == right, "<": left < right, ">": left > right}[relation]


@lru_cache(_REMEMBERED)
def solved(expression: Expression) -> Fraction:
    """The number for the blank: the value of the other side, times the blank's bottom number if it has one."""
    row = _root(expression)
    at = next(i for i, child in enumerate(row) if child.text in ("=",))
    sides = [list(row)[:at], list(row)[at + 1 :]]
    blank = next(side for side in sides if any(node.text == "?" for child in side for node in child.iter()))
    other = sides[1] if blank is sides[0] else sides[0]
    bottoms = [node for child in blank for node in child.iter(f"{_MATHML}mn")]
    return _chain(other) * (int(bottoms[0].text or "") if bottoms else 1)


def claims(item: Item) -> list[Line]:
    """The claims of a find-the-mistake stem, without who made them."""
    found: list[list[Part]] = []
    for part in item.stem:
        if isinstance(part, str) and part.endswith(": "):
            found.append([])
        elif found and part != ".":
            found[-1].append(part)
    return [tuple(claim) for claim in found[:-1]] + [tuple(found[-1][:-1])]


@lru_cache(_REMEMBERED)
def shapes(figure: Figure, tag: str) -> tuple[dict[str, str], ...]:
    """Attributes of a figure's elements of one kind."""
    return tuple(dict(node.attrib) for node in parse_xml(figure.svg).iter(f"{_SVG}{tag}"))


@lru_cache(_REMEMBERED)
def labels(figure: Figure) -> tuple[tuple[str, float, float], ...]:
    """(text, x, y) of everything written in a figure."""
    texts = parse_xml(figure.svg).iter(f"{_SVG}text")
    return tuple((t.text or "", float(t.get("x", "0")), float(t.get("y", "0"))) for t in texts)


def shaded_share(boxes: Sequence[dict[str, str]], colour: str = SHADED) -> Fraction:
    """How many of the boxes are filled with the colour, as a fraction."""
    return Fraction(sum(box["fill"] == colour for box in boxes), len(boxes))


def arrow_value(figure: Figure) -> Fraction:
    """What the arrow of a number line points at, measured between the labels 0 and 1."""
    gap, gaps, _ = arrow_place(figure)
    return Fraction(gap, gaps)


def arrow_place(figure: Figure) -> tuple[int, int, int]:
    """(gaps from 0 to the arrow, gaps to a whole, wholes of the line) of a line that is labelled 0, 1, ..."""
    places = {text: x for text, x, _ in labels(figure)}
    tip = float(shapes(figure, "polygon")[0]["points"].split(",")[0])
    marks = [float(line["x1"]) for line in shapes(figure, "line")[1:]]
    gaps = sum(places["0"] < mark <= places["1"] for mark in marks)
    return round((tip - places["0"]) / (places["1"] - places["0"]) * gaps), gaps, len(places) - 1


@lru_cache(_REMEMBERED)
def fraction_pairs(expression: Expression) -> tuple[tuple[int, int], ...]:
    """(top, bottom) of every fraction as written, in order; a fraction with a blank or a sum in it is left out."""
    nodes = parse_xml(expression.mathml).iter(f"{_MATHML}mfrac")
    written = ([child.text or "" for child in node] for node in nodes)
    return tuple((int(top), int(bottom)) for top, bottom in written if top.isdecimal() and bottom.isdecimal())


@lru_cache(_REMEMBERED)
def mixed_numbers(expression: Expression) -> tuple[tuple[int, int, int], ...]:
    """(whole, top, bottom) of every number as written: whole numbers have 0 over 1, fractions a whole of 0."""
    drawn = visible_marks(expression)[0]
    found = _MIXED.findall(drawn)
    return tuple((int(whole or 0), int(top or 0), int(bottom or 1)) for whole, top, bottom in found)


@lru_cache(_REMEMBERED)
def visible_marks(part: Expression | Figure) -> tuple[str, str]:
    """(what is drawn, the label). Rows of an expression are left out: they group, nobody sees or hears them."""
    if isinstance(part, Figure):
        return part.svg, parse_xml(part.svg).get("aria-label", "")
    parse_xml(part.mathml)
    return part.inner.replace("<mrow>", "").replace("</mrow>", ""), part.alternative


def tokens(line: Line) -> Iterator[Fraction]:
    """Every number and fraction that a line shows, in words, figures' words or mathematics."""
    for part in line:
        if isinstance(part, Expression):
            yield from _shown(part)
        else:
            text = part if isinstance(part, str) else part.alternative
            yield from (Fraction(found) for found in _NUMBER.findall(text))


@lru_cache(_REMEMBERED)
def _shown(expression: Expression) -> tuple[Fraction, ...]:
    found = []
    for node in parse_xml(expression.mathml).iter():
        if node.tag == f"{_MATHML}mfrac" and next(node.iter(f"{_MATHML}mi"), None) is None:
            found.append(_value(node))
        if node.tag == f"{_MATHML}mn":
            found.append(Fraction(node.text or ""))
    return tuple(found)


def _root(expression: Expression) -> ElementTree.Element:
    (root,) = list(parse_xml(expression.mathml))
    return root


def _sides(expression: Expression) -> tuple[Fraction, str, Fraction]:
    children = list(_root(expression))
    at = next(i for i, child in enumerate(children) if child.text in ("=", "<", ">"))
    return _chain(children[:at]), children[at].text or "", _chain(children[at + 1 :])


def _value(node: ElementTree.Element) -> Fraction:
    tag = node.tag.removeprefix(_MATHML)
    if tag == "mn":
        return Fraction(node.text or "")
    if tag == "mfrac":
        top, bottom = list(node)
        return _value(top) / _value(bottom)
    return _chain(list(node))


def _chain(nodes: list[ElementTree.Element]) -> Fraction:
    """Operands joined by one kind of sign, a mixed number, or a number with its own sign."""
    total, sign = Fraction(0), "+"
    for node in nodes:
        if node.tag == f"{_MATHML}mo":
            sign = node.text or ""
            continue
        value = _value(node)
        total = _applied(total, sign, value)
        sign = "+"
    return total


def _applied(total: Fraction, sign: str, value: Fraction) -> Fraction:
    if sign == "÷":
        return total / value
    return {"+": total + value, "−": total - value, "×": total * value}[sign]
