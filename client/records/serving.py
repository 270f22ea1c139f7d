"""What serves: the school's own BKT, and the shared model with its personal layer when the gate let it in.

Written by whoever installs a release, read by practice. The arrays lie in a file of `common.arrays` bytes, whose
hash is in the database: a damaged file is noticed, and the school's own BKT serves instead.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from client.records.releases import active_release
from client.records.serving_models import ServingModel, newest_serving_model, save_serving_model
from common.arrays import Arrays, from_bytes, to_bytes
from common.canonical import sha256_hex
from common.errors import Corrupt, ErrorCode
from common.logs import EventLog
from common.models.bkt import BktParameters
from common.models.dkt_shapes import hidden_of
from common.skills import SkillMap

BKT, DKT = "bkt", "dkt"
_log = EventLog("serving")


@dataclass(frozen=True, slots=True, eq=False)
class ServedBkt:
    """The school's own fit; its rows are those of `skill_map`."""

    skill_map: SkillMap
    parameters: BktParameters = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class ServedDkt:
    """The shared model as this school adapted it. difficulty: logit offset by item. digest: of its release."""

    digest: str
    skill_map: SkillMap
    arrays: Arrays = field(repr=False)
    difficulty: Mapping[str, float] = field(repr=False)


def save_bkt(connection: Connection, served: ServedBkt, *, now: datetime) -> None:
    """Keeps a fresh fit; the newest serves."""
    parameters = {"skill_map": _map_json(served.skill_map), "parameters": served.parameters.to_json()}
    save_serving_model(connection, ServingModel(BKT, parameters, now))


def load_bkt(connection: Connection) -> ServedBkt | None:
    """The newest fit, or None before the first. Corrupt if its row was damaged."""
    found = newest_serving_model(connection, BKT)
    if found is None:
        return None
    return ServedBkt(
        _map_of(found.parameters["skill_map"]), BktParameters.from_json(found.parameters["parameters"])
    )


def model_file(folder: Path, digest: str) -> Path:
    """Where a release's adapted arrays lie."""
    return folder / f"{digest}.model"


def save_dkt(connection: Connection, served: ServedDkt, folder: Path, *, now: datetime) -> None:
    """Writes the arrays' file, then the row that vouches for it; call it before the release is made active."""
    data = to_bytes(served.arrays)
    write_durably(model_file(folder, served.digest), data)
    parameters = {
        "sha256": sha256_hex(data),
        "skill_map": _map_json(served.skill_map),
        "difficulty": dict(served.difficulty),
    }
    save_serving_model(connection, ServingModel(_kind(served.digest), parameters, now))


def load_dkt(connection: Connection, folder: Path) -> ServedDkt | None:
    """The active release's model if it may serve; None when BKT should, also when its file is damaged."""
    release = active_release(connection)
    if release is None or release.rung != DKT:
        return None
    try:
        return _read_dkt(connection, folder, release.digest)
    except (Corrupt, OSError) as error:
        _log.error("model-damaged", release=release.digest, kind=type(error).__name__)
        return None


def write_durably(path: Path, data: bytes) -> None:
    """Replaces `path` in one step, flushed to disk, readable by the owner only."""
    draft = path.with_suffix(f"{path.suffix}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read_dkt(connection: Connection, folder: Path, digest: str) -> ServedDkt:
    found = newest_serving_model(connection, _kind(digest))
    if found is None:
        raise _damaged()
    data = model_file(folder, digest).read_bytes()
    if sha256_hex(data) != found.parameters["sha256"]:
        raise _damaged()
    arrays, skill_map = from_bytes(data), _map_of(found.parameters["skill_map"])
    hidden_of(arrays)
    if len(arrays["b_out"]) != skill_map.rows:
        raise _damaged()
    return ServedDkt(digest, skill_map, arrays, found.parameters["difficulty"])


def _kind(digest: str) -> str:
    return f"{DKT}/{digest}"


def _map_json(skill_map: SkillMap) -> dict[str, Any]:
    return {"version": skill_map.version, "names": list(skill_map.names)}


def _map_of(value: Mapping[str, Any]) -> SkillMap:
    return SkillMap(str(value["version"]), tuple(value["names"]))


def _damaged() -> Corrupt:
    return Corrupt(ErrorCode.BAD_RELEASE, "The installed model's file is damaged.")
