"""Statements that every answer runs: compiled once for a database, then handed to its driver without ceremony.

SQLAlchemy's own execution costs several times what SQLite takes for the work. Types and errors are still its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Connection, Executable, Table, TextClause, bindparam, text
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import SelectBase

_Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """names: of the values in the order in which the driver wants them, or None where it takes them by name.

    fixed: the statement's own values.
    """

    text: str
    names: tuple[str, ...] | None
    fixed: Mapping[str, Any]
    binds: tuple[tuple[str, _Convert], ...]


def run(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows, as tuples of the selected columns; of a change that returns none, an empty list.

    values: by the names of the statement's bound parameters. Errors are SQLAlchemy's and carry no value.
    """
    if not connection.in_transaction() and not _each_by_itself(connection):
        connection.begin()
    prepared = _prepared(statement, connection.dialect)
    given = dict(prepared.fixed)
    for name, convert in prepared.binds:
        given[name] = values[name] if convert is None else convert(values[name])
    parameters = given if prepared.names is None else tuple(given[name] for name in prepared.names)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(prepared.text, parameters)
        told = cursor.description
        rows = [] if told is None else list(cursor.fetchall())
    except connection.dialect.loaded_dbapi.Error as error:
        raise _of_sqlalchemy(error, prepared.text, connection.dialect) from error
    finally:
        cursor.close()
    converts = _converts(statement, connection.dialect, tuple(one[1] for one in told or ()))
    return [_converted(row, converts) for row in rows] if any(converts) else rows


def upsert(table: Table) -> TextClause:
    """Replaces the row with the same primary key, or adds it. Every column is a bound parameter of its name."""
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key.columns]
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in keys)
    # Names are those of our own tables.
    statement = (
        f"INSERT INTO {table.name} ({_quoted(names)}) VALUES ({_bound(names)}) "  # noqa: S608
        f"ON CONFLICT ({_quoted(keys)}) DO UPDATE SET {changes}"
    )
    return text(statement).bindparams(*(bindparam(column.name, type_=column.type) for column in table.columns))


def append_to(table: Table, *, number: str) -> TextClause:
    """Adds a row and returns its number, which the database gives. Every other column is a bound parameter."""
    columns = [column for column in table.columns if column.name != number]
    names = [column.name for column in columns]
    statement = (
        f"INSERT INTO {table.name} ({_quoted(names)}) VALUES ({_bound(names)}) "  # noqa: S608
        f'RETURNING "{number}"'
    )
    return text(statement).bindparams(*(bindparam(column.name, type_=column.type) for column in columns))


def _bound(names: list[str]) -> str:
    return ", ".join(f":{name}" for name in names)


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _each_by_itself(connection: Connection) -> bool:
    """Whether no statement of this connection belongs to a transaction."""
    return bool(connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT")


@lru_cache(maxsize=256)
def _prepared(statement: Executable, dialect: Dialect) -> _Prepared:
    compiled = cast("SQLCompiler", statement.compile(dialect=dialect))  # type: ignore[attr-defined]
    named = {name: bound for bound, name in compiled.bind_names.items()}
    binds = tuple(
        (name, bound.type.dialect_impl(dialect).bind_processor(dialect))
        for name, bound in named.items()
        if bound.required
    )
    fixed = {name: bound.value for name, bound in named.items() if not bound.required}
    names = tuple(compiled.positiontup) if compiled.positional and compiled.positiontup else None
    return _Prepared(str(compiled), names, fixed, binds)


@lru_cache(maxsize=256)
def _converts(statement: Executable, dialect: Dialect, codes: tuple[object, ...]) -> tuple[_Convert, ...]:
    """codes: the driver's names of the columns' types; SQLite has none. A select's values are converted."""
    if not isinstance(statement, SelectBase):
        return ()
    types = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
    return tuple(one.result_processor(dialect, code) for one, code in zip(types, codes, strict=True))


def _converted(row: tuple[Any, ...], converts: tuple[_Convert, ...]) -> tuple[Any, ...]:
    return tuple(
        value if convert is None else convert(value) for value, convert in zip(row, converts, strict=True)
    )


def _of_sqlalchemy(error: Exception, statement: str, dialect: Dialect) -> BaseException:
    """As if SQLAlchemy had run it; the values are what a student wrote, so they are left out."""
    return DBAPIError.instance(
        statement, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
    )
