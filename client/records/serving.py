"""What serves: the school's own BKT, and the rungs above it as the gate let them in.

Written by whoever installs a release or measures the school, read by practice. The arrays lie in a file of
`common.arrays` bytes, whose hash is in the database: a damaged file is noticed, and the school's own BKT serves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from client.records.releases import active_release
from client.records.serving_json import map_json, map_of, models_from, models_json, packed
from client.records.serving_models import ServingModel, newest_serving_model, save_serving_model
from common.arrays import from_bytes, to_bytes
from common.canonical import sha256_hex
from common.errors import Corrupt, ErrorCode
from common.logs import EventLog
from common.models.bkt import BktParameters
from common.models.ladder import BKT, RUNGS, LadderModels, Rung
from common.skills import SkillMap
from common.whole_file import write_whole

OWN = "own"  # stands for a release's digest where a school was measured without one
_LADDER = "ladder"
_log = EventLog("serving")


@dataclass(frozen=True, slots=True, eq=False)
class ServedBkt:
    """The school's own fit; its rows are those of `skill_map`."""

    skill_map: SkillMap
    parameters: BktParameters = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class ServedLadder:
    """The rungs above BKT as this school adapted them. digest: of their release, or `OWN`; rung: which serves.

    reason, figures: why, as the gate measured it here; a release's stand with the release too.
    """

    digest: str
    skill_map: SkillMap
    rung: Rung
    models: LadderModels = field(repr=False)
    reason: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)


def save_bkt(connection: Connection, served: ServedBkt, *, now: datetime) -> None:
    """Keeps a fresh fit; the newest serves."""
    parameters = {"skill_map": map_json(served.skill_map), "parameters": served.parameters.to_json()}
    save_serving_model(connection, ServingModel(BKT, parameters, now))


def load_bkt(connection: Connection) -> ServedBkt | None:
    """The newest fit, or None before the first. Corrupt if its row was damaged."""
    found = newest_serving_model(connection, BKT)
    if found is None:
        return None
    return ServedBkt(
        map_of(found.parameters["skill_map"]), BktParameters.from_json(found.parameters["parameters"])
    )


def model_file(folder: Path, digest: str) -> Path:
    """Where a release's adapted arrays lie."""
    return folder / f"{digest}.model"


def save_ladder(connection: Connection, served: ServedLadder, folder: Path, *, now: datetime) -> None:
    """Writes the arrays' file, then the row that vouches for it; call it before the release is made active."""
    data = to_bytes(packed(served.models))
    write_whole(model_file(folder, served.digest), data)
    parameters = {
        "sha256": sha256_hex(data),
        "rung": served.rung,
        "reason": served.reason,
        "figures": dict(served.figures),
        "skill_map": map_json(served.skill_map),
        "models": models_json(served.models),
    }
    save_serving_model(connection, ServingModel(ladder_kind(served.digest), parameters, now))


def load_ladder(connection: Connection, folder: Path) -> ServedLadder | None:
    """What may serve above BKT; None when BKT should, also when the file is damaged.

    The active release's rungs; without an active release, those that the school measured alone.
    """
    release = active_release(connection)
    digest = OWN if release is None else release.digest
    if release is not None and release.rung == BKT:
        return None
    try:
        served = _read_ladder(connection, folder, digest)
    except (Corrupt, OSError) as error:
        _log.error("model-damaged", release=digest, kind=type(error).__name__)
        return None
    return None if served is None or served.rung == BKT else served


def ladder_kind(digest: str) -> str:
    """Under which kind of serving model a ladder is kept."""
    return f"{_LADDER}/{digest}"


def _read_ladder(connection: Connection, folder: Path, digest: str) -> ServedLadder | None:
    found = newest_serving_model(connection, ladder_kind(digest))
    if found is None and digest == OWN:
        return None
    if found is None:
        raise damaged()
    data = model_file(folder, digest).read_bytes()
    rung, skill_map = found.parameters["rung"], map_of(found.parameters["skill_map"])
    if sha256_hex(data) != found.parameters["sha256"] or rung not in RUNGS:
        raise damaged()
    models = models_from(from_bytes(data), found.parameters["models"], rows=skill_map.rows)
    return ServedLadder(digest, skill_map, rung, models)


def damaged() -> Corrupt:
    """The error for a file or row that nobody here could have written."""
    return Corrupt(ErrorCode.BAD_RELEASE, "The installed model's file is damaged.")
