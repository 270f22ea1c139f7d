"""Migrations: from nothing to the tables that the code describes, and back, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, CheckConstraint, Connection, DateTime, Engine, bindparam, inspect, select, text

from client.records.engines import parse_url, writing_engine
from client.records.migrate import MIGRATIONS, upgrade
from client.records.store import open_store
from client.records.students import cohort_of
from client.records.tables import metadata, student
from tests.support.stores import VAULT


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """On an empty database."""
    made = writing_engine(parse_url(url))
    yield made
    made.dispose()


def test_the_migrations_make_the_tables_that_the_code_describes(engine: Engine) -> None:
    """No table, column, type, index or constraint differs."""
    with engine.begin() as connection:
        upgrade(connection)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_checks_are_made_too(engine: Engine) -> None:
    """Alembic doesn't compare CHECK constraints, so we do, by name."""
    with engine.begin() as connection:
        upgrade(connection)
        for table in metadata.sorted_tables:
            made = {check["name"] for check in inspect(connection).get_check_constraints(table.name)}
            described = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
            assert described == made


def test_a_second_upgrade_changes_nothing(engine: Engine) -> None:
    """Each start applies what is missing, and nothing is."""
    for _ in range(2):
        with engine.begin() as connection:
            upgrade(connection)
            assert _revision(connection) == ScriptDirectory(str(MIGRATIONS)).get_current_head()


def test_the_way_back_leaves_an_empty_database(engine: Engine) -> None:
    """And the way up works again after it."""
    with engine.begin() as connection:
        upgrade(connection)
        _downgrade(connection)
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
        upgrade(connection)


def test_students_of_the_first_release_get_the_cohort_of_their_day(engine: Engine) -> None:
    """By the same rule as the code's, and the way back forgets it again without touching anything else."""
    days = {"a": datetime(2025, 7, 31, 22, 0, tzinfo=UTC), "b": datetime(2025, 8, 1, 0, 0, tzinfo=UTC)}
    with engine.begin() as connection:
        upgrade(connection, "0001")
        _add_students_of_the_first_release(connection, days)
        upgrade(connection)
        rows = connection.execute(select(student.c.id, student.c.cohort))
        assert {row.id: row.cohort for row in rows} == {"a": "2024/25", "b": "2025/26"}
        assert [cohort_of(day) for day in days.values()] == ["2024/25", "2025/26"]
        _downgrade(connection, "0001")
        assert "cohort" not in {column["name"] for column in inspect(connection).get_columns("student")}
        assert connection.execute(text("SELECT count(*) FROM student")).scalar_one() == 2


def _add_students_of_the_first_release(connection: Connection, days: dict[str, datetime]) -> None:
    connection.execute(text("INSERT INTO class_group (id, name, code) VALUES ('k', 'Class 5', 'OWLS')"))
    insert = text(
        "INSERT INTO student (id, class_id, sealed_name, avatar, created_at, active) "
        "VALUES (:id, 'k', :name, '', :at, :active)"
    ).bindparams(bindparam("at", type_=DateTime(timezone=True)), bindparam("active", type_=Boolean()))
    for name, day in days.items():
        connection.execute(insert, {"id": name, "name": b"sealed", "at": day, "active": True})


def test_a_migration_that_fails_leaves_nothing_behind(engine: Engine) -> None:
    """The whole upgrade is one transaction."""
    with pytest.raises(KeyboardInterrupt):
        _upgrade_and_stop(engine)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []


def test_two_processes_may_start_at_once(url: str) -> None:
    """One applies the migrations and the other waits for it."""
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: open_store(url, VAULT), range(4)))
    for store in stores:
        store.close()
    assert len(stores) == 4


def _upgrade_and_stop(engine: Engine) -> None:
    with engine.begin() as connection:
        upgrade(connection)
        raise KeyboardInterrupt


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _downgrade(connection: Connection, revision: str = "base") -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))

    def steps(current: object, _context: MigrationContext) -> object:
        return scripts._downgrade_revs(revision, current)  # type: ignore[arg-type]

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()
