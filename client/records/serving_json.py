"""LadderModels as a file of arrays and a row of JSON, and back with every shape checked."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from common.arrays import Arrays
from common.errors import Corrupt, ErrorCode
from common.models.conformal import Conformal
from common.models.dkt_shapes import hidden_of
from common.models.ladder import LadderModels
from common.models.local_logistic import LocalLogistic
from common.models.logistic import sizes_of
from common.models.stack import StackWeights
from common.skills import SkillMap

_LOGISTIC, _DKT, _OWN_SLOPES = "logistic/", "dkt/", "skill_slopes"


def packed(models: LadderModels) -> Arrays:
    """All arrays in one mapping, with the model in front of each name."""
    logistic = {_LOGISTIC + name: array for name, array in models.logistic.arrays.items()}
    network = {_DKT + name: array for name, array in (models.dkt or {}).items()}
    return {**logistic, _OWN_SLOPES: models.logistic.skill_slopes, **network}


def models_json(models: LadderModels) -> dict[str, Any]:
    """Everything else, as JSON can carry it."""
    weights = models.weights
    return {
        "families": dict(models.logistic.families),
        "offsets": dict(models.logistic.offsets),
        "difficulty": dict(models.difficulty),
        "weights": [weights.constant, weights.logistic, weights.dkt],
        "certainty": models.certainty.to_json(),
    }


def models_from(arrays: Arrays, value: Mapping[str, Any], *, rows: int) -> LadderModels:
    """What `packed` and `models_json` were made of. Corrupt if anything doesn't fit or a number isn't finite."""
    logistic, network = _under(arrays, _LOGISTIC), _under(arrays, _DKT)
    slopes = arrays.get(_OWN_SLOPES, np.zeros(0, np.float32))
    families = {str(item): int(row) for item, row in value["families"].items()}
    if sizes_of(logistic)[0] != rows or slopes.shape not in ((0, 2), (rows, 2)):
        raise _bad("arrays")
    if any(not 0 <= row < len(logistic["family"]) for row in families.values()):
        raise _bad("item families")
    if network and (hidden_of(network) < 1 or len(network["b_out"]) != rows):
        raise _bad("network")
    own = LocalLogistic(logistic, families, _numbers(value["offsets"]), slopes)
    weights = StackWeights(*_numbers(dict(enumerate(value["weights"]))).values())
    certainty = Conformal.from_json(value["certainty"])
    return LadderModels(own, network or None, _numbers(value["difficulty"]), weights, certainty)


def map_json(skill_map: SkillMap) -> dict[str, Any]:
    """A skill map as JSON."""
    return {"version": skill_map.version, "names": list(skill_map.names)}


def map_of(value: Mapping[str, Any]) -> SkillMap:
    """Reads what `map_json` wrote."""
    return SkillMap(str(value["version"]), tuple(value["names"]))


def _under(arrays: Arrays, prefix: str) -> Arrays:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _numbers(value: Mapping[Any, Any]) -> dict[Any, float]:
    numbers = {key: float(number) for key, number in value.items()}
    if not all(np.isfinite(number) for number in numbers.values()):
        raise _bad("numbers")
    return numbers


def _bad(what: str) -> Corrupt:
    return Corrupt(ErrorCode.BAD_RELEASE, f"The saved {what} of the model that serves are damaged.")
