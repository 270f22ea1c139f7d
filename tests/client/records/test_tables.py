"""Tables: every column says why it is kept, times stay aware, and evidence can't be rewritten."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Connection, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, StatementError

from client.records import tables
from client.records.audit_trail import record_audit
from client.records.consent import ConsentDecision, record_consent
from client.records.interactions import append
from client.records.inventory import KEYS, Basis, Category, Purpose, Retention
from client.records.store import Store
from tests.support.stores import NOW, answer, class_of_students, in_reader, in_writer

COLUMNS = [column for table in tables.metadata.sorted_tables for column in table.columns]


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_every_column_says_why_it_is_kept(column: Column[object]) -> None:
    """Purpose, basis, retention and category, each from its list: an untagged column fails here."""
    assert tuple(column.info) == KEYS
    assert column.info["purpose"] in set(Purpose)
    assert column.info["basis"] in set(Basis)
    assert column.info["retention"] in set(Retention)
    assert column.info["category"] in set(Category)


def test_only_the_sealed_name_is_a_name() -> None:
    """A new column that names a student has to be found here, and sealed."""
    names = [str(column) for column in COLUMNS if column.info["category"] == Category.NAME]
    assert names == ["student.sealed_name"]


def test_a_time_comes_back_aware_and_equal(store: Store) -> None:
    """From another zone, to the microsecond."""
    at = datetime(2026, 9, 1, 23, 59, 59, 123456, tzinfo=timezone(timedelta(hours=-5)))
    _write_model(store, at)
    (found,) = in_reader(store, lambda c: c.execute(select(tables.serving_model.c.fitted_at)).scalars().all())
    assert found == at
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    """It could mean any of 24 hours."""
    with pytest.raises(StatementError, match="time zone"):
        _write_model(store, datetime(2026, 9, 1, 8, 0))


def test_a_student_id_must_exist(store: Store) -> None:
    """Foreign keys are enforced on both databases."""
    with pytest.raises(DBAPIError):
        in_writer(store, lambda c: append(c, answer("nobody")))


def test_interactions_and_consent_can_t_be_changed(store: Store) -> None:
    """Corrections are new rows."""
    _fill(store)
    _expect_stopped(store, lambda c: c.execute(update(tables.interaction).values(correct=False)))
    _expect_stopped(store, lambda c: c.execute(update(tables.consent).values(granted=False)))


def test_the_audit_trail_can_t_be_changed_or_shortened(store: Store) -> None:
    """Neither by a defect in our own code."""
    _fill(store)
    _expect_stopped(store, lambda c: c.execute(update(tables.audit_trail).values(actor="nobody")))
    _expect_stopped(store, lambda c: c.execute(delete(tables.audit_trail)))


def test_evidence_can_be_erased_with_its_student(store: Store) -> None:
    """A family's request for erasure isn't stopped by append-only."""
    _fill(store)
    in_writer(store, lambda c: c.execute(delete(tables.interaction)).rowcount)
    assert in_reader(store, lambda c: c.execute(select(tables.interaction.c.id)).scalars().all()) == []


def _write_model(store: Store, at: datetime) -> None:
    values = {"kind": "bkt", "parameters": "{}", "fitted_at": at}
    in_writer(store, lambda c: c.execute(insert(tables.serving_model).values(values)).rowcount)


def _fill(store: Store) -> None:
    (student,) = class_of_students(store, ["Ada"])

    def work(connection: Connection) -> None:
        append(connection, answer(student))
        record_consent(connection, ConsentDecision(student, Purpose.PRACTICE, True, "task", "office"), now=NOW)
        record_audit(connection, actor="office", action="read", subject=student, now=NOW)

    in_writer(store, work)


def _expect_stopped(store: Store, work: Callable[[Connection], object]) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        in_writer(store, work)
