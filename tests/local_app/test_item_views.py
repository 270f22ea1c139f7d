"""What staff read of the item check: the gravest first, with examples, and nothing of whoever answered."""

from typing import Any

from client.content.bank import built_in_bank
from client.insight.item_analysis import Flag
from client.records.insight_checks import InsightCheck
from client.records.paused_items import PausedItem
from local_app.item_chart import ItemDot, item_chart, items_in_words
from local_app.item_views import flagged_items, items_view
from tests.support.stores import NOW

BANK = built_in_bank()


def row(item: str, flag: Flag = Flag.NONE, **more: Any) -> dict[str, Any]:
    """One item as it is kept."""
    usual = {"students": 40, "right": 0.8, "expected": 0.75, "strong": 20, "strong_right": 18, "apart": 0.4}
    return {"item": item, "flag": str(flag), **usual, **more}


CHECK = InsightCheck(
    "items",
    NOW,
    {
        "sentence": "Of 3 items, 1 has probably a wrong key.",
        "too_few": 7,
        "items": [
            row("Q7.procedure"),
            row("Q5.procedure", Flag.TOO_HARD, right=0.4),
            row("Q8.procedure", Flag.WRONG_KEY, right=0.05, strong_right=1, apart=None),
        ],
    },
)


def test_the_gravest_comes_first_with_what_was_typed() -> None:
    """Key and wrong answer of the newest ones; equal wrong answers to the same numbers are counted."""
    wrong = {"Q8.procedure": [(7, "2/5"), (7, "2/5"), (7, "2/5"), (9, "1/9")]}
    view = items_view(CHECK, [], bank=BANK, wrong=wrong, names={})
    first, second = view.cards
    assert (first.id, first.flag, first.style) == ("Q8.procedure", "probably a wrong key", "bad")
    assert "5 % of 40 students were right at first" in first.figures
    assert "Of the 20 who are strong in the skill, 1 were right" in first.figures
    assert first.common == "3 wrong answers to the same numbers were “2/5”."
    assert [one.answered for one in first.examples] == ["2/5", "2/5", "1/9"]
    assert all(one.key for one in first.examples)
    assert (second.id, second.examples, second.common) == ("Q5.procedure", (), "")
    assert [one.flag for one in view.rows] == ["probably a wrong key", "harder than its skill", ""]
    assert view.rows[0].apart == ""
    assert flagged_items(CHECK) == ["Q5.procedure", "Q8.procedure"]


def test_a_paused_item_is_shown_also_when_nothing_stands_out_any_more() -> None:
    """With who did it, by the name on the page and not the id."""
    paused = [PausedItem("Q1.procedure", "id-of-reed", NOW), PausedItem("Q8.procedure", "gone", NOW)]
    view = items_view(CHECK, paused, bank=BANK, wrong={}, names={"id-of-reed": "Ms Reed"})
    assert view.cards[0].paused == "Paused by gone on 01 September 2026."
    assert view.cards[-1].id == "Q1.procedure"
    assert view.cards[-1].paused == "Paused by Ms Reed on 01 September 2026."


def test_before_the_first_check() -> None:
    """The page says when it comes."""
    view = items_view(None, [], bank=BANK, wrong={}, names={})
    assert "within a day" in view.sentence
    assert (view.chart, view.cards, view.rows, flagged_items(None)) == (None, (), (), [])


def test_an_item_of_an_imported_log_has_only_its_id() -> None:
    """No bank knows how it reads."""
    check = InsightCheck("items", NOW, {**CHECK.found, "items": [row("stranger", Flag.FLAT)]})
    (card,) = items_view(check, [], bank=BANK, wrong={"stranger": [(0, "x")]}, names={}).cards
    assert (card.name, card.examples) == ("stranger", ())


def test_the_picture_says_in_words_what_it_shows() -> None:
    """Shapes differ as well as colours."""
    dots = [ItemDot(0.7, 0.75, Flag.NONE), ItemDot(0.8, 0.05, Flag.WRONG_KEY), ItemDot(0.8, 0.4, Flag.TOO_HARD)]
    assert items_in_words(dots).endswith("1 harder than its skill, 1 probably a wrong key.")
    svg = item_chart(dots)
    assert svg.count("<circle") == svg.count("<polygon") == 2  # one each in the legend
    assert items_in_words(dots[:1]).endswith("None stands out.")
