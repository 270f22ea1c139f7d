"""Brings a school's database to the newest tables, or refuses one that a newer Homeroom wrote."""

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from common.errors import ErrorCode, FixSettings

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, revision: str = "heads") -> None:
    """Runs the missing migrations inside the caller's transaction, as a whole or not at all."""
    scripts = ScriptDirectory(str(MIGRATIONS))

    def steps(current: Any, _context: MigrationContext) -> Any:
        return scripts._upgrade_revs(revision, current)

    try:
        with EnvironmentContext(Config(), scripts, fn=steps) as environment:
            environment.configure(connection=connection, transactional_ddl=True)
            environment.run_migrations()
    except CommandError as error:
        raise FixSettings(
            ErrorCode.BAD_SETTINGS,
            "This database was last opened by a newer Homeroom. Install that version again.",
        ) from error
