"""Installed releases: which model files this school holds, which one serves, and why."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from client.records.tables import installed_release
from common.errors import ErrorCode, FixSettings


@dataclass(frozen=True, slots=True)
class InstalledRelease:
    """One release on this school's disk.

    rung: which model of the fallback ladder it was admitted as. figures: what the school's own gate measured
    (JSON values). reason: one sentence for the administrator. At most one release is active.
    """

    digest: str
    path: Path
    rung: str
    reason: str
    figures: dict[str, Any]
    installed_at: datetime
    active: bool = False


def record_release(connection: Connection, new: InstalledRelease) -> None:
    """Keeps a verified release; if it is active, no other one stays so. The same digest again replaces its row."""
    values = {
        "path": str(new.path),
        "rung": new.rung,
        "reason": new.reason,
        "figures": json.dumps(new.figures, ensure_ascii=False, allow_nan=False),
        "installed_at": new.installed_at,
        "active": new.active,
    }
    if new.active:
        deactivate_releases(connection)
    which = installed_release.c.digest == new.digest
    if connection.execute(update(installed_release).where(which).values(values)).rowcount == 0:
        connection.execute(insert(installed_release).values(digest=new.digest, **values))


def activate_release(connection: Connection, digest: str) -> None:
    """Makes an installed release the one that serves; FixSettings if it isn't installed."""
    deactivate_releases(connection)
    which = installed_release.c.digest == digest
    if connection.execute(update(installed_release).where(which).values(active=True)).rowcount == 0:
        raise FixSettings(ErrorCode.NOT_FOUND, "This release isn't installed here.")


def deactivate_releases(connection: Connection) -> None:
    """No release serves; practice falls back to the school's own model."""
    connection.execute(update(installed_release).values(active=False))


def active_release(connection: Connection) -> InstalledRelease | None:
    """The release that serves, or None."""
    row = connection.execute(select(installed_release).where(installed_release.c.active)).one_or_none()
    return None if row is None else _release_of(row)


def installed_releases(connection: Connection) -> list[InstalledRelease]:
    """Every installed release, newest first."""
    order = (installed_release.c.installed_at.desc(), installed_release.c.digest)
    return [_release_of(row) for row in connection.execute(select(installed_release).order_by(*order))]


def _release_of(row: Row[Any]) -> InstalledRelease:
    return InstalledRelease(
        digest=row.digest,
        path=Path(row.path),
        rung=row.rung,
        reason=row.reason,
        figures=json.loads(row.figures),
        installed_at=row.installed_at,
        active=row.active,
    )
