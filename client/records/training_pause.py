"""Training pause: the administrator's switch that stops training at once; the newest row counts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from client.records.audit_trail import record_audit
from client.records.tables import training_pause


@dataclass(frozen=True, slots=True)
class TrainingPause:
    """Who set the switch, and when. by: a staff id, or a name given on the command line."""

    paused: bool
    by: str
    at: datetime


def last_switch(connection: Connection) -> TrainingPause | None:
    """How the switch was last set; None if it never was, and then training isn't paused."""
    query = select(training_pause.c.paused, training_pause.c.by, training_pause.c.at)
    row = connection.execute(query.order_by(training_pause.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else TrainingPause(row.paused, row.by, row.at)


def is_paused(connection: Connection) -> bool:
    """Whether this school has stopped training."""
    last = last_switch(connection)
    return last is not None and last.paused


def pause(connection: Connection, *, by: str, now: datetime) -> bool:
    """From now on every round and every trip is refused; False if that was so already."""
    return _switch(connection, TrainingPause(True, by, now))


def resume(connection: Connection, *, by: str, now: datetime) -> bool:
    """Approved campaigns go on with their next round; False if training wasn't paused."""
    return _switch(connection, TrainingPause(False, by, now))


def _switch(connection: Connection, new: TrainingPause) -> bool:
    if is_paused(connection) == new.paused:
        return False
    connection.execute(insert(training_pause).values(paused=new.paused, by=new.by, at=new.at))
    action = "training-paused" if new.paused else "training-resumed"
    record_audit(connection, actor=new.by, action=action, subject="training", now=new.at)
    return True
