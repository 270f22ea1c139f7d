"""Which model serves: one step back by the administrator's word, torch-free."""

from datetime import datetime

from sqlalchemy import Connection

from client.records.audit_trail import record_audit
from client.records.releases import (
    activate_release,
    active_release,
    deactivate_releases,
    installed_releases,
)
from common.models.ladder import BKT


def roll_back(connection: Connection, *, by: str, now: datetime) -> str:
    """Makes the release before the active one serve, or the school's own BKT when there is none; says which.

    The one that was rolled back stays on disk and isn't installed again by itself.
    """
    active = active_release(connection)
    if active is None:
        return BKT
    older = [one for one in installed_releases(connection) if one.installed_at < active.installed_at]
    serves = older[0].digest if older else BKT
    if older:
        activate_release(connection, serves)
    else:
        deactivate_releases(connection)
    record_audit(connection, actor=by, action="release-rolled-back", subject=active.digest, now=now)
    return serves
