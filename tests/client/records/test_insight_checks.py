"""Checks are kept and read back, newest first, each kind by itself."""

from datetime import timedelta

from client.records.insight_checks import InsightCheck, add_check, recent_checks
from client.records.store import Store
from tests.support.stores import NOW, in_reader, in_writer


def test_checks_come_back_newest_first(store: Store) -> None:
    """As many as asked for."""
    made = [InsightCheck("drift", NOW + timedelta(days=day), {"day": day}) for day in range(3)]
    for one in (*made, InsightCheck("items", NOW, {})):
        in_writer(store, lambda connection, one=one: add_check(connection, one))  # type: ignore[misc]
    assert in_reader(store, lambda connection: recent_checks(connection, "drift", count=2)) == [made[2], made[1]]
    assert in_reader(store, lambda connection: recent_checks(connection, "nothing", count=2)) == []
