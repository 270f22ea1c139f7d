"""What a fitted rung says: logits before the scored answers of each part's validation and test students."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.protocol import Part, School
from client.training.scored_answers import scored_answers
from common.models.calibration import fit_calibration
from common.models.encoding import EncodedHistory
from common.models.odds import sigmoid

Floats = NDArray[np.float64]
LogitsOf = Callable[[Sequence[EncodedHistory]], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class PartLogits:
    """(V,) and (N,) logits in the order of `scored_answers`; seconds: CPU time of predicting both."""

    validation: Floats = field(repr=False)
    test: Floats = field(repr=False)
    seconds: float = 0.0


Parts = tuple[PartLogits, ...]
Outputs = Mapping[str, Parts]  # by school


def of_part(logits_of: LogitsOf, part: Part) -> PartLogits:
    """What a model says of both kinds of students of a part."""
    start = time.process_time()
    validation, test = logits_of(part.validation), logits_of(part.test)
    return PartLogits(validation, test, time.process_time() - start)


def of_school(logits_of: LogitsOf, school: School) -> Parts:
    """What one model says of all parts of a school: zero-shot at a new school."""
    return tuple(of_part(logits_of, part) for part in school.parts)


def calibrated(said: PartLogits, part: Part) -> PartLogits:
    """The same with the line over the logits that the part's validation students ask for."""
    answers = scored_answers(part.validation)
    line = fit_calibration(answers.correct, said.validation, weight=answers.weight.astype(np.float64))
    return PartLogits(line.of(said.validation), line.of(said.test), said.seconds)


def chances(outputs: Outputs) -> dict[str, Floats]:
    """(N,) chances of a right answer of all judged students, by school."""
    return {name: sigmoid(np.concatenate([part.test for part in parts])) for name, parts in outputs.items()}


def logit(chance: Floats) -> Floats:
    """The inverse of `sigmoid`; 0 and 1 are cut."""
    p = np.clip(chance, 1e-7, 1 - 1e-7)
    return np.asarray(np.log(p) - np.log1p(-p), np.float64)
