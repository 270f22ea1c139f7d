"""Reads stems and figures back to numbers, apart from the code that made them: the oracle of the pack tests."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from fractions import Fraction

from client.content.figures import Figure
from client.content.items import Item, Line, Part
from client.content.mathml import Expression

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_SVG = "{http://www.w3.org/2000/svg}"
SHADED, DARK = "#9cc3e6", "#1f4e79"


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


def value_of(expression: Expression) -> Fraction:
    """The value of an expression without a relation or blank."""
    return _value(_root(expression))


def holds(expression: Expression) -> bool:
    """Whether an equation or inequality is true."""
    left, relation, right = _sides(expression)
    return {"=": left == right, "<": left < right, ">": left > right}[relation]


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


def shapes(figure: Figure, tag: str) -> list[dict[str, str]]:
    """Attributes of a figure's elements of one kind."""
    return [dict(node.attrib) for node in parse_xml(figure.svg).iter(f"{_SVG}{tag}")]


def shaded_share(boxes: list[dict[str, str]], colour: str = SHADED) -> Fraction:
    """How many of the boxes are filled with the colour, as a fraction."""
    return Fraction(sum(box["fill"] == colour for box in boxes), len(boxes))


def arrow_value(figure: Figure) -> Fraction:
    """What the arrow of a number line points at, measured between the labels 0 and 1."""
    texts = [(t.text, float(t.get("x", "0"))) for t in parse_xml(figure.svg).iter(f"{_SVG}text")]
    places = dict(texts)
    tip = float(shapes(figure, "polygon")[0]["points"].split(",")[0])
    marks = [float(line["x1"]) for line in shapes(figure, "line")[1:]]
    gaps = sum(places["0"] < mark <= places["1"] for mark in marks)
    return Fraction(round((tip - places["0"]) / (places["1"] - places["0"]) * gaps), gaps)


def tokens(line: Line) -> Iterator[Fraction]:
    """Every number and fraction that a line shows, in words, figures' words or mathematics."""
    for part in line:
        if isinstance(part, Expression):
            for node in parse_xml(part.mathml).iter():
                if node.tag == f"{_MATHML}mfrac" and len(list(node.iter(f"{_MATHML}mi"))) == 0:
                    yield _value(node)
                if node.tag == f"{_MATHML}mn":
                    yield Fraction(node.text or "")
        else:
            text = part if isinstance(part, str) else part.alternative
            yield from (Fraction(found) for found in re.findall(r"\d+(?:/\d+)?", text))


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
    """Operands joined by one kind of sign, or a mixed number."""
    total, sign = _value(nodes[0]), "+"
    for node in nodes[1:]:
        if node.tag == f"{_MATHML}mo":
            sign = node.text or ""
            continue
        value = _value(node)
        total = {"+": total + value, "−": total - value, "×": total * value}[sign]
        sign = "+"
    return total
