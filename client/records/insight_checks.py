"""Insight checks: what the school found out about its own models and items, and when."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from client.records.tables import insight_check


@dataclass(frozen=True, slots=True)
class InsightCheck:
    """kind: a word of `client.insight`. found: JSON values, figures over at least ten students each."""

    kind: str
    at: datetime
    found: dict[str, Any]


def add_check(connection: Connection, new: InsightCheck) -> None:
    """Keeps one check; the earlier ones stay, so that a page can show how things went."""
    text = json.dumps(new.found, ensure_ascii=False, allow_nan=False)
    connection.execute(insert(insight_check).values(kind=new.kind, at=new.at, found=text))


def recent_checks(connection: Connection, kind: str, *, count: int) -> list[InsightCheck]:
    """The newest of a kind, newest first."""
    query = select(insight_check).where(insight_check.c.kind == kind).order_by(insight_check.c.id.desc())
    return [
        InsightCheck(row.kind, row.at, json.loads(row.found)) for row in connection.execute(query.limit(count))
    ]
