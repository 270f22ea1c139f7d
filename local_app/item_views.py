"""What staff see of the item check: a sentence, a picture, items to look at with examples, and every figure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from client.content.bank import ItemBank
from client.content.items import Item, Line
from client.content.key_text import key_text
from client.insight.item_analysis import Flag
from client.records.insight_checks import InsightCheck
from client.records.paused_items import PausedItem
from local_app.item_chart import ItemDot, item_chart

Wrong = Mapping[str, Sequence[tuple[int, str]]]
_SAME, _SHOWN = 3, 3
_WHY = {
    Flag.WRONG_KEY: "Students who get the skill right elsewhere get this one wrong. Check its key.",
    Flag.TOO_HARD: "Far more often wrong than the other items of its skill. Check its wording and its key.",
    Flag.TOO_EASY: "Far more often right than the other items of its skill. Something may give the answer away.",
    Flag.FLAT: "Whoever knows the skill is right no more often than others. It may ask for something else.",
}


@dataclass(frozen=True, slots=True)
class Example:
    """One drawing of the item with its key, and a wrong answer to it."""

    stem: Line
    key: str
    answered: str


@dataclass(frozen=True, slots=True)
class ItemCard:
    """One item to look at, or a paused one. common: a sentence on equal wrong answers, empty without."""

    id: str
    name: str
    flag: str
    why: str
    figures: str
    common: str
    examples: tuple[Example, ...]
    paused: str
    style: str = "warn"


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item in the table, figures as text."""

    name: str
    students: int
    right: str
    expected: str
    apart: str
    flag: str


@dataclass(frozen=True, slots=True)
class ItemsView:
    """checked: when, empty before the first check."""

    sentence: str
    checked: str = ""
    chart: Markup | None = None
    cards: tuple[ItemCard, ...] = ()
    rows: tuple[ItemRow, ...] = ()
    too_few: int = 0


def flagged_items(check: InsightCheck | None) -> list[str]:
    """Items of which examples are wanted."""
    return [] if check is None else [one["item"] for one in check.found["items"] if one["flag"] != Flag.NONE]


def items_view(
    check: InsightCheck | None,
    paused: Sequence[PausedItem],
    *,
    bank: ItemBank,
    wrong: Wrong,
    names: Mapping[str, str],
) -> ItemsView:
    """names: of staff, by id. wrong: what was typed, of the flagged items."""
    held = {one.item: f"Paused by {names.get(one.by, one.by)} on {one.at:%d %B %Y}." for one in paused}
    found = sorted([] if check is None else check.found["items"], key=_gravity)
    flagged = {one["item"]: one for one in found if one["flag"] != Flag.NONE}
    cards = [
        _card(one, bank, wrong=wrong.get(item, ()), paused=held.get(item, "")) for item, one in flagged.items()
    ]
    others = sorted(set(held) - set(flagged))
    cards += [ItemCard(item, _name(item, bank), "", "", "", "", (), held[item], "info") for item in others]
    if check is None:
        return ItemsView("Nobody has looked yet. The first look comes within a day.", cards=tuple(cards))
    dots = [ItemDot(one["expected"], one["right"], Flag(one["flag"])) for one in found]
    return ItemsView(
        check.found["sentence"],
        f"{check.at:%d %B %Y, %H:%M} UTC",
        item_chart(dots) if dots else None,
        tuple(cards),
        tuple(_row(one, bank) for one in found),
        check.found["too_few"],
    )


def _gravity(one: Mapping[str, Any]) -> tuple[int, float]:
    return -list(Flag).index(Flag(one["flag"])), one["right"] - one["expected"]


def _card(one: Mapping[str, Any], bank: ItemBank, *, wrong: Sequence[tuple[int, str]], paused: str) -> ItemCard:
    flag = Flag(one["flag"])
    figures = (
        f"{_percent(one['right'])} of {one['students']} students were right at first; of these students, "
        f"{_percent(one['expected'])} were to be expected."
    )
    if one["strong"]:
        figures += f" Of the {one['strong']} who are strong in the skill, {one['strong_right']} were right."
    return ItemCard(
        one["item"],
        _name(one["item"], bank),
        str(flag),
        _WHY[flag],
        figures,
        _common(wrong),
        _examples(one["item"], wrong, bank),
        paused,
        "bad" if flag is Flag.WRONG_KEY else "warn",
    )


def _common(wrong: Sequence[tuple[int, str]]) -> str:
    """Equal wrong answers to the same numbers: what a wrong key or a trap brings about."""
    if not wrong:
        return ""
    (_, response), count = Counter(wrong).most_common(1)[0]
    return f"{count} wrong answers to the same numbers were “{response}”." if count >= _SAME else ""


def _examples(item: str, wrong: Sequence[tuple[int, str]], bank: ItemBank) -> tuple[Example, ...]:
    """The newest wrong answers, each with what was asked and the key; of an item of the bank only."""
    if bank.family(item) is None:
        return ()
    drawn = [(bank.generate(item, seed), response) for seed, response in list(wrong)[-_SHOWN:]]
    return tuple(Example(one.stem, _as_shown(one, key_text(one)), _as_shown(one, said)) for one, said in drawn)


def _as_shown(item: Item, response: str) -> str:
    """A choice's id says nothing to a reader, so its place does."""
    ids = [choice.id for choice in item.choices]
    return f"choice {ids.index(response) + 1}" if response in ids else response


def _row(one: Mapping[str, Any], bank: ItemBank) -> ItemRow:
    return ItemRow(
        _name(one["item"], bank),
        one["students"],
        _percent(one["right"]),
        _percent(one["expected"]),
        "" if one["apart"] is None else f"{one['apart']:.2f}",
        "" if one["flag"] == Flag.NONE else one["flag"],
    )


def _name(item: str, bank: ItemBank) -> str:
    """The skill in words with the item's id."""
    family = bank.family(item)
    skill = None if family is None else bank.skill(family.skills[0])
    return item if skill is None else f"{skill.name} ({item})"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
