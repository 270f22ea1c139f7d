"""A class in names, words and symbols."""

import re

from client.insight.class_by_skill import ClassTable, SkillColumn, State, StudentRow
from client.insight.needs_help import Card, Urgency
from local_app.class_views import STYLES, Cell, card_views, table_view
from local_app.pages import FOLDER

SKILLS = (SkillColumn("Q1", "parts of a whole"), SkillColumn("F5", "times tables of five"))
NAMES = {"s1": "Zoe", "s2": "Ada"}


def card(student: str, urgency: Urgency) -> Card:
    """A card about a student."""
    return Card(student, "Stuck", "Fourteen tries.", "Sit with them.", urgency)


def test_every_state_has_its_own_symbol_beside_the_word() -> None:
    """So that nobody has to tell colours apart; the symbol is drawn by the style sheet and not read aloud."""
    sheet = (FOLDER / "static" / "homeroom.css").read_text()
    symbols = dict(re.findall(r"\.heat \.(\w+)::before \{ content: \"(.) \" / \"\"; \}", sheet))
    assert set(STYLES) == set(State)
    assert set(symbols) == set(STYLES.values())
    assert len(set(symbols.values())) == len(State)


def test_every_style_of_a_state_is_in_the_style_sheet() -> None:
    """A class that nobody styled would look like no evidence."""
    sheet = (FOLDER / "static" / "homeroom.css").read_text()
    for style in STYLES.values():
        assert re.search(rf"\.heat \.{style}(,[^{{]*)? \{{ (background|color)", sheet), style


def test_rows_stand_by_name_with_a_word_per_skill() -> None:
    """In the order that a teacher's register has, not that of random ids."""
    rows = (StudentRow("s1", (State.SECURE, State.NOT_MET)), StudentRow("s2", (State.UNSURE, State.LIKELY)))
    view = table_view(ClassTable(SKILLS, rows, None), NAMES)
    assert view.skills == ("parts of a whole", "times tables of five")
    assert [row.name for row in view.rows] == ["Ada", "Zoe"]
    assert view.rows[1].cells == (Cell("secure", "secure"), Cell("not met", "none"))


def test_a_student_without_a_name_here_is_on_no_page() -> None:
    """Whoever left between two queries is neither a row nor a card."""
    rows = (StudentRow("s1", (State.SECURE, State.SECURE)), StudentRow("gone", (State.SECURE, State.SECURE)))
    assert [row.name for row in table_view(ClassTable(SKILLS, rows, None), NAMES).rows] == ["Zoe"]
    assert card_views([card("gone", Urgency.STUCK)], NAMES) == ()


def test_cards_keep_their_order_of_urgency() -> None:
    """And say who."""
    views = card_views([card("s1", Urgency.STUCK), card("s2", Urgency.READY)], NAMES)
    assert [view.who for view in views] == ["Zoe", "Ada"]
    assert (views[0].what, views[0].why, views[0].do) == ("Stuck", "Fourteen tries.", "Sit with them.")


def test_a_name_is_not_in_what_a_view_prints_of_itself() -> None:
    """A view that ends up in a traceback tells nothing about a child."""
    rows = (StudentRow("s1", (State.SECURE, State.SECURE)),)
    assert "Zoe" not in repr(table_view(ClassTable(SKILLS, rows, None), NAMES))
    assert "Zoe" not in repr(card_views([card("s1", Urgency.STUCK)], NAMES))
