"""The ladder of models: its rungs in order, and what a school keeps of the rungs above BKT."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from common.arrays import Arrays
from common.models.conformal import NEVER_SURE, Conformal
from common.models.local_logistic import LocalLogistic
from common.models.stack import LOGISTIC_ALONE, StackWeights

Rung = Literal["bkt", "logistic", "stack"]
BKT: Rung = "bkt"
LOGISTIC: Rung = "logistic"
STACK: Rung = "stack"
RUNGS: tuple[Rung, ...] = (BKT, LOGISTIC, STACK)
NAMES: Mapping[Rung, str] = {
    BKT: "the skill tracer (BKT)",
    LOGISTIC: "the logistic model",
    STACK: "the stack of logistic model and network",
}


@dataclass(frozen=True, slots=True, eq=False)
class LadderModels:
    """The rungs above BKT as this school adapted them.

    dkt: the network's arrays, None without one; difficulty: its logit offset by item. certainty: of what serves.
    """

    logistic: LocalLogistic = field(repr=False)
    dkt: Arrays | None = field(repr=False, default=None)
    difficulty: Mapping[str, float] = field(repr=False, default_factory=dict)
    weights: StackWeights = LOGISTIC_ALONE
    certainty: Conformal = NEVER_SURE
