"""Trees: mathematics as it was written, before anything is worked out."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number or a decimal; places: digits after the decimal mark, None for a whole number."""

    value: Fraction
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Mixed:
    """A whole number with a fraction behind it, top and bottom as written; ½ alone is `vulgar` and has whole 0."""

    whole: int
    top: int
    bottom: int
    vulgar: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that stands for a number."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus sign in front of something."""

    of: "Tree"


@dataclass(frozen=True, slots=True)
class Sum:
    """Two or more terms; a term that is taken away is a Negative."""

    terms: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Two or more factors, with or without a sign between them."""

    factors: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    """A fraction, or with the sign ÷ a division."""

    top: "Tree"
    bottom: "Tree"
    division: bool = False


@dataclass(frozen=True, slots=True)
class Power:
    """An exponent of 0 to 64."""

    base: "Tree"
    exponent: int


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    of: "Tree"


@dataclass(frozen=True, slots=True)
class Percent:
    """Hundredths."""

    of: "Tree"


@dataclass(frozen=True, slots=True)
class Bracket:
    """What stands between brackets."""

    of: "Tree"


Tree = Number | Mixed | Letter | Negative | Sum | Product | Quotient | Power | Root | Percent | Bracket


def children(tree: Tree) -> tuple[Tree, ...]:
    """The parts that a tree is made of; none for a number or a letter."""
    match tree:
        case Sum(parts) | Product(parts):
            return parts
        case Quotient(top, bottom, _):
            return top, bottom
        case Power(part, _) | Negative(part) | Root(part) | Percent(part) | Bracket(part):
            return (part,)
        case _:
            return ()


def parts_of(tree: Tree) -> Iterator[Tree]:
    """The tree and everything in it, from left to right."""
    yield tree
    for child in children(tree):
        yield from parts_of(child)
