"""A class in names, words and symbols: what `client.insight` found, ready for the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from client.insight.class_by_skill import ClassTable, State
from client.insight.needs_help import Card

# The style sheet gives each style a colour and a symbol of its own: a cell is sent once per student and skill.
STYLES = {
    State.NOT_MET: "none",
    State.NOT_ENOUGH: "few",
    State.WORKING: "working",
    State.UNSURE: "unsure",
    State.LIKELY: "likely",
    State.SECURE: "secure",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A state as a word and a style, which adds a symbol: colour is never alone."""

    word: str
    style: str


@dataclass(frozen=True, slots=True)
class Row:
    """One student's line."""

    name: str = field(repr=False)
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """The heat table."""

    skills: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class CardView:
    """One card with the student's name."""

    who: str = field(repr=False)
    what: str
    why: str
    do: str


def table_view(table: ClassTable, names: Mapping[str, str]) -> TableView:
    """Rows by name."""
    rows = [
        Row(names[row.student], tuple(Cell(str(s), STYLES[s]) for s in row.states))
        for row in table.rows
        if row.student in names
    ]
    rows.sort(key=lambda row: row.name)
    return TableView(tuple(column.name for column in table.skills), tuple(rows))


def card_views(cards: Sequence[Card], names: Mapping[str, str]) -> tuple[CardView, ...]:
    """In the order of urgency that they come in."""
    return tuple(
        CardView(names[card.student], card.what, card.why, card.do) for card in cards if card.student in names
    )
