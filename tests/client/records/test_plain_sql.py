"""Plain statements do what SQLAlchemy's own execution does, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from client.records.interactions import NewInteraction, append
from client.records.plain_sql import run, upsert
from client.records.store import Store
from client.records.tables import interaction, offer, session
from tests.support.stores import NOW, class_of_students, in_reader, in_writer

SESSION = {"token_hash": "t", "kind": "student", "subject": "ada", "created_at": NOW, "last_seen_at": NOW}
OF_STUDENT = (
    select(interaction).where(interaction.c.student == bindparam("of_student")).order_by(interaction.c.seq)
)
OF_TOKEN = select(session).where(session.c.token_hash == bindparam("of_token"))
SAVE_SESSION = upsert(session)


def test_rows_come_back_as_from_sqlalchemy(store: Store) -> None:
    """Numbers, truth values, times with their zone, and nothing where there is nothing."""
    (ada,) = class_of_students(store, ["Ada"])
    new = NewInteraction(ada, "f", 3, ("Q8",), True, NOW, response="1/2", client_uuid="u-1", weight=0.2)
    for one in (new, replace(new, item_seed=4, client_uuid=None, latency_ms=900, correct=False)):
        in_writer(store, lambda c, one=one: append(c, one))
    in_writer(store, lambda c: c.execute(insert(session).values(SESSION)).rowcount)
    with store.read() as connection:
        for statement, values in ((OF_STUDENT, {"of_student": ada}), (OF_TOKEN, {"of_token": "t"})):
            plain = run(connection, statement, values)
            assert plain == [tuple(row) for row in connection.execute(statement, values)]
            assert plain


def test_an_upsert_adds_and_then_replaces(store: Store) -> None:
    """By the primary key."""
    for later in (0, 5):
        values = {**SESSION, "last_seen_at": NOW + timedelta(minutes=later)}
        in_writer(store, lambda c, values=values: run(c, SAVE_SESSION, values))
    rows = in_reader(store, lambda c: run(c, OF_TOKEN, {"of_token": "t"}))
    assert rows == [("t", "student", "ada", NOW, NOW + timedelta(minutes=5))]


def test_a_failure_is_sqlalchemys_and_tells_no_parameters(store: Store) -> None:
    """What a student wrote stays out of logs."""
    with pytest.raises(IntegrityError) as caught:
        in_writer(store, lambda c: run(c, SAVE_SESSION, {**SESSION, "kind": "unknown-kind"}))
    assert "[parameters" not in str(caught.value)
    assert caught.value.params is None
    with pytest.raises((OperationalError, ProgrammingError)):
        in_reader(store, lambda c: run(c, text("SELECT * FROM nowhere"), {}))


def test_a_reader_sees_one_state(store: Store) -> None:
    """Also when the first statement of its transaction is a plain one; and it can't write."""
    with store.read() as connection:
        assert run(connection, OF_TOKEN, {"of_token": "t"}) == []
        in_writer(store, lambda c: run(c, SAVE_SESSION, SESSION))
        assert run(connection, OF_TOKEN, {"of_token": "t"}) == []
    assert in_reader(store, lambda c: len(run(c, OF_TOKEN, {"of_token": "t"}))) == 1

    def write(connection: Connection) -> None:
        run(connection, SAVE_SESSION, {**SESSION, "token_hash": "t2"})

    with pytest.raises(Exception, match=r"readonly|read-only"):
        in_reader(store, write)


def test_a_table_with_reserved_words_is_no_trouble(store: Store) -> None:
    """Names are quoted in either database."""
    assert '"item_seed" = excluded."item_seed"' in str(upsert(offer))
