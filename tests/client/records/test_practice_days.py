"""The days on which somebody practised, from the answers alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from client.records.interactions import append, bulk_import
from client.records.practice_days import practice_days
from common.interactions import History, Interaction
from tests.support.stores import NOW, answer, class_of_students, in_reader, in_writer, sqlite_store


def test_each_day_counts_once_and_answers_of_unknown_time_not_at_all(tmp_path: Path) -> None:
    """Days end at midnight UTC; another student's days are theirs."""
    store = sqlite_store(tmp_path)
    try:
        ada, ben = class_of_students(store, ["Ada", "Ben"])
        late = datetime(2026, 9, 3, 23, 59, tzinfo=UTC)
        for at in (NOW, NOW + timedelta(hours=2), late, late + timedelta(minutes=2)):
            in_writer(store, lambda c, at=at: append(c, replace(answer(ada), at=at)))
        unknown = History(ben, (Interaction("q", ("Q8",), True, None),))
        in_writer(store, lambda c: bulk_import(c, [unknown]))
        assert in_reader(store, lambda c: practice_days(c, ada)) == {
            date(2026, 9, 1),
            date(2026, 9, 3),
            date(2026, 9, 4),
        }
        assert in_reader(store, lambda c: practice_days(c, ben)) == frozenset()
    finally:
        store.close()
