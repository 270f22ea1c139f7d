"""Practice days: on which days a student has answered anything; kept by the answers themselves."""

from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select

from client.records.tables import interaction

_TIMES: Final = select(interaction.c.at_seconds).where(
    interaction.c.student == bindparam("of_student"), interaction.c.at_seconds.is_not(None)
)


def practice_days(connection: Connection, student: str) -> frozenset[date]:
    """UTC days, as mastery counts them; answers of unknown time belong to none."""
    times = connection.execute(_TIMES, {"of_student": student}).scalars()
    return frozenset(datetime.fromtimestamp(at, UTC).date() for at in times)
