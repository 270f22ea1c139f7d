"""The item check: every item's first answers, looked at once a week."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection

from client.content.bank import ItemBank
from client.insight.item_analysis import LEAST_STUDENTS, FirstAnswers, Flag, ItemFigures, analyse_items
from client.insight.replayed import KeptModels, chances_without_items, kept_models, replay
from client.records.consent import consenting_students
from client.records.insight_checks import InsightCheck, add_check, recent_checks
from client.records.interactions import histories
from client.records.inventory import Purpose
from client.records.store import Store
from common.interactions import History

KIND = "items"
EVERY = timedelta(days=7)


def first_answers(found: Sequence[History], models: KeptModels) -> tuple[tuple[str, ...], FirstAnswers]:
    """The items by index, and each student's first answer to each; a history's first answer predicts nothing."""
    answers = replay(found, models)
    expected = chances_without_items(found, models)
    items = tuple(sorted(set(answers.items)))
    place = {item: number for number, item in enumerate(items)}
    item = np.array([place[one] for one in answers.items], np.int64)
    _, first = np.unique(answers.student * len(items) + item, return_index=True)
    return items, FirstAnswers(item[first], answers.correct[first], expected[first])


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether a week has passed since the last check; a school without one is due."""
    last = recent_checks(connection, KIND, count=1)
    return not last or now - last[0].at >= EVERY


def check_items(store: Store, releases: Path, bank: ItemBank, *, now: datetime) -> str:
    """One check; the sentence about it. Reads the answers of students who consent to practice; stays here."""
    with store.read() as connection:
        models = kept_models(connection, releases, bank)
        found = histories(connection, consenting_students(connection, Purpose.PRACTICE))
    items, answers = first_answers(found, models)
    figures = analyse_items(answers)
    kept = as_json(items, figures)
    store.writer.submit(lambda connection: add_check(connection, InsightCheck(KIND, now, kept))).result()
    return str(kept["sentence"])


def as_json(items: Sequence[str], figures: Sequence[ItemFigures]) -> dict[str, Any]:
    """A check as it is kept: items with answers of ten students or more, and how many had fewer."""
    rows = [
        {
            "item": items[one.item],
            "students": one.students,
            "right": one.right,
            "expected": one.expected,
            "strong": one.strong,
            "strong_right": one.strong_right,
            "apart": None if math.isnan(one.apart) else one.apart,
            "flag": str(one.flag),
        }
        for one in figures
    ]
    return {"sentence": _sentence(figures), "too_few": len(items) - len(figures), "items": rows}


def _sentence(figures: Sequence[ItemFigures]) -> str:
    if not figures:
        return f"Not enough yet: no item has answers of {LEAST_STUDENTS} students."
    keys = sum(one.flag is Flag.WRONG_KEY for one in figures)
    others = sum(one.flag is not Flag.NONE for one in figures) - keys
    return (
        f"Of {_counted(len(figures), 'item')} with answers of {LEAST_STUDENTS} students or more, "
        f"{keys} {'has' if keys == 1 else 'have'} probably a wrong key and {others} "
        f"{'is' if others == 1 else 'are'} worth a look for another reason."
    )


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"
