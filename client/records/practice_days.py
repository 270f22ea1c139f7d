"""Practice days: on which days a student has answered anything; kept by the answers themselves."""

from datetime import date
from typing import Final

from sqlalchemy import Connection

from client.records.interactions import history_of

_DAY_SECONDS: Final = 86_400
_FIRST_DAY: Final = date(1970, 1, 1).toordinal()


def practice_days(connection: Connection, student: str) -> frozenset[date]:
    """UTC days, as mastery counts them; answers of unknown time belong to none."""
    times = (one.at_seconds for one in history_of(connection, student))
    days = {int(at // _DAY_SECONDS) for at in times if at is not None}
    return frozenset(date.fromordinal(_FIRST_DAY + day) for day in days)
