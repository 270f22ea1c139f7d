"""The drift monitor: looks at the newest answers once a week, keeps what it found, and steps down if it must.

A rung is dropped after two windows running, each of answers of its own, in which it was worse than the skill
tracer. It comes back by the gate alone, at a measuring a month or more later, or by the administrator's word; then
the monitor only warns until the next measuring. So nothing goes to and fro.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from client.content.bank import ItemBank
from client.insight.drift import DriftFigures, Verdict, find_drift, is_worse, worse_than_bkt
from client.insight.drift_words import dropped_sentence, sentence
from client.insight.replayed import KeptModels, ReplayedAnswers, kept_models, replayed_answers
from client.records.insight_checks import InsightCheck, add_check, recent_checks
from client.records.serving_now import serving_now
from client.records.serving_steps import StepDown, is_held, step_down
from client.records.store import Store
from common.models.conformal import calibrate
from common.models.ladder import BKT, RUNGS, Rung

KIND = "drift"
EVERY = timedelta(days=7)
REFERENCE = timedelta(days=60)
MONITOR = "drift monitor"
_REMEMBERED = 50


@dataclass(frozen=True, slots=True)
class _Looked:
    """serving_since: when what serves began; since: where the window begins.

    counts: whether it is one of the weekly looks, of which two running may change what serves.
    """

    models: KeptModels
    serving_since: datetime | None
    since: datetime | None
    figures: DriftFigures
    new: ReplayedAnswers
    counts: bool


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether a week has passed since the last weekly look; a school without one is due."""
    last = next((one for one in _looks(connection) if one.found["counts"]), None)
    return last is None or now - last.at >= EVERY


def watch(store: Store, releases: Path, bank: ItemBank, *, now: datetime) -> str:
    """One look; the sentence about it. releases: the folder of the model files.

    Between the weekly looks it only tells: such a look moves no window and changes nothing that serves. Reads the
    answers of students who consent to practice. Nothing of it leaves the school.
    """
    with store.read() as connection:
        looked = _look(connection, releases, bank, now=now)
    return store.writer.submit(lambda connection: _keep(connection, looked, now=now)).result()


def _look(connection: Connection, releases: Path, bank: ItemBank, *, now: datetime) -> _Looked:
    models, found = kept_models(connection, releases, bank), serving_now(connection)
    began = None if found is None else found.measured_at
    since, counts = _window_start(_looks(connection), began), is_due(connection, now)
    answers = replayed_answers(connection, models)
    new = answers if since is None else answers.since(since)
    before = answers.only(answers.student < 0) if began is None else answers.between(began - REFERENCE, began)
    return _Looked(models, began, since, find_drift(new, before, models.serving), new, counts)


def _looks(connection: Connection) -> list[InsightCheck]:
    return recent_checks(connection, KIND, count=_REMEMBERED)


def _enough(checks: Sequence[InsightCheck]) -> list[InsightCheck]:
    """Weekly looks that had enough to go by, newest first."""
    return [one for one in checks if one.found["counts"] and one.found["verdict"] != Verdict.NOT_ENOUGH]


def _window_start(checks: Sequence[InsightCheck], began: datetime | None) -> datetime | None:
    """The newest look that had enough, unless what serves began later; a look at too little goes on."""
    starts = [*(one.at for one in _enough(checks)[:1]), *([] if began is None else [began])]
    return max(starts, default=None)


def _keep(connection: Connection, looked: _Looked, *, now: datetime) -> str:
    """Writes the look, and the step if there is one; nothing where looks or models changed meanwhile."""
    found, figures = serving_now(connection), looked.figures
    began = None if found is None else found.measured_at
    if began != looked.serving_since or _window_start(_looks(connection), began) != looked.since:
        return "Models or checks changed meanwhile; this look was left out."
    to = _rung_below(looked) if _drops(connection, looked) else None
    said = sentence(figures) if to is None else dropped_sentence(figures, to)
    kept = as_json(figures, said) | {"since": _text(looked.since), "dropped_to": to, "counts": looked.counts}
    add_check(connection, InsightCheck(KIND, now, kept))
    if to is not None:
        chances = looked.new.chances[to]
        certainty = calibrate(looked.new.correct, chances, students=figures.students)
        step_down(connection, StepDown(to, said, certainty), by=MONITOR, now=now)
    return said


def _drops(connection: Connection, looked: _Looked) -> bool:
    """Whether this weekly look and the one before, at the same models, both found what serves worse."""
    if looked.figures.verdict != Verdict.WORSE or not looked.counts or is_held(connection):
        return False
    began = looked.serving_since
    return any(
        one.found["verdict"] == Verdict.WORSE and (began is None or one.at > began)
        for one in _enough(_looks(connection))[:1]
    )


def _rung_below(looked: _Looked) -> Rung:
    """The next one down that isn't worse than the skill tracer itself; else that."""
    for rung in reversed(RUNGS[1 : RUNGS.index(looked.figures.rung)]):
        if rung in looked.new.chances and not is_worse(worse_than_bkt(looked.new, rung)):
            return rung
    return BKT


def as_json(figures: DriftFigures, said: str) -> dict[str, Any]:
    """A look's figures as they are kept."""
    against, bias = figures.against_bkt, figures.bias
    kept: dict[str, Any] = {
        "verdict": str(figures.verdict),
        "sentence": said,
        "rung": figures.rung,
        "students": figures.students,
        "answers": figures.answers,
    }
    if figures.verdict == Verdict.NOT_ENOUGH:
        return kept
    kept |= {"log_loss": figures.log_loss, "log_loss_bkt": figures.log_loss_bkt, "error": figures.error}
    kept["against_bkt"] = None if against is None else [against.mean, against.low, against.high]
    kept["bias"] = None if bias is None else [bias.mean, bias.low, bias.high]
    shifts: Mapping[str, Any] = {one.name: {"index": one.index, "alarms": one.alarms} for one in figures.shifts}
    return {**kept, "shifts": shifts}


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
