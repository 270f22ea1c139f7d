"""One rung down and back up again: what the drift monitor does by itself, and how an administrator undoes it.

No array changes: the ladder's newest row is written again with another rung. A fresh measuring replaces it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from client.records.audit_trail import record_audit
from client.records.releases import active_release, record_release
from client.records.serving import OWN, ladder_kind
from client.records.serving_models import ServingModel, newest_serving_model, save_serving_model
from common.errors import ErrorCode, FixSettings
from common.models.conformal import NEVER_SURE, Conformal
from common.models.ladder import Rung


@dataclass(frozen=True, slots=True)
class StepDown:
    """to: the rung that serves from now on. certainty: of that rung. reason: a sentence for the administrator."""

    to: Rung
    reason: str
    certainty: Conformal = NEVER_SURE


def step_down(connection: Connection, step: StepDown, *, by: str, now: datetime) -> None:
    """Another rung of the same models serves; what served before is kept beside it. Call it in the writer.

    FixSettings if no ladder was measured here.
    """
    digest, found = _ladder(connection)
    models = found["models"]
    before = {"rung": found["rung"], "reason": found["reason"], "certainty": models["certainty"]}
    changed = {
        "rung": step.to,
        "reason": step.reason,
        "models": {**models, "certainty": step.certainty.to_json()},
        "before": before,
    }
    _save(connection, digest, {**found, **changed}, now=now)
    record_audit(connection, actor=by, action="rung-dropped", subject=digest, now=now)


def step_back(connection: Connection, *, by: str, now: datetime) -> str:
    """What served before the last step down serves again, held by the administrator's word; its rung.

    FixSettings (not-found) if there was no step, or the models were measured again since.
    """
    digest, found = _ladder(connection)
    before = found.get("before")
    if before is None:
        raise FixSettings(ErrorCode.NOT_FOUND, "There is no step to undo: the models were measured again since.")
    kept = {name: value for name, value in found.items() if name != "before"}
    reason = f"{before['reason']} The administrator let it serve again after the drift monitor had stepped down."
    models = {**found["models"], "certainty": before["certainty"]}
    changed = {"rung": before["rung"], "reason": reason, "models": models, "held": True}
    _save(connection, digest, {**kept, **changed}, now=now)
    record_audit(connection, actor=by, action="rung-restored", subject=digest, now=now)
    return str(before["rung"])


def can_step_back(connection: Connection) -> bool:
    """Whether what serves is the result of a step down."""
    return _flag(connection, "before")


def is_held(connection: Connection) -> bool:
    """Whether the administrator took a step back, so that the monitor only warns until the next measuring."""
    return _flag(connection, "held")


def _flag(connection: Connection, name: str) -> bool:
    newest = newest_serving_model(connection, _kind(connection)[1])
    return newest is not None and bool(newest.parameters.get(name))


def _kind(connection: Connection) -> tuple[str, str]:
    release = active_release(connection)
    digest = OWN if release is None else release.digest
    return digest, ladder_kind(digest)


def _ladder(connection: Connection) -> tuple[str, dict[str, Any]]:
    digest, kind = _kind(connection)
    newest = newest_serving_model(connection, kind)
    if newest is None:
        raise FixSettings(ErrorCode.NOT_FOUND, "No model above the skill tracer was measured here.")
    return digest, dict(newest.parameters)


def _save(connection: Connection, digest: str, parameters: dict[str, Any], *, now: datetime) -> None:
    """The ladder's row, and the release's if it belongs to one."""
    save_serving_model(connection, ServingModel(ladder_kind(digest), parameters, now))
    release = active_release(connection)
    if release is not None:
        record_release(connection, replace(release, rung=parameters["rung"], reason=parameters["reason"]))
