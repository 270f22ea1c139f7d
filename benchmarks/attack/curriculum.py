"""Students whose practised skills are a secret worth stealing, and what an update gives away of them."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from client.training.engine import clipped_sum
from common.arrays import Arrays, shapes_of
from common.interactions import History, Interaction
from common.models.dkt import initial_arrays
from common.models.dkt_shapes import SHARED, shared_shapes
from common.models.encoding import EncodedHistory, encode, windows
from common.privacy.clipping import ClippedSum
from common.privacy.mechanism import noised_integers
from common.privacy.randomness import SystemRandomness
from common.privacy.terms import MechanismTerms
from common.skills import SkillMap

SKILLS, HIDDEN, ANSWERS = 60, 8, 40
SKILL_MAP = SkillMap("curriculum/1", tuple(f"skill {number:02d}" for number in range(SKILLS)))


@dataclass(frozen=True, slots=True)
class Pupil:
    """A history in windows, and the (skill, right or wrong) rows of W_in that its gradient touches, (2 rows,)."""

    windows: tuple[EncodedHistory, ...] = field(repr=False)
    touched: NDArray[np.bool_] = field(repr=False)


def model(seed: int) -> Arrays:
    """A fresh network."""
    return initial_arrays(SKILL_MAP.rows, HIDDEN, seed)


def pupil(name: str, skills: NDArray[np.int64], rng: np.random.Generator) -> Pupil:
    """Forty answers on these skills, seven of ten right."""
    chosen, correct = rng.choice(skills, ANSWERS), rng.random(ANSWERS) < 0.7
    attempts = tuple(
        Interaction(f"item {skill}", (SKILL_MAP.names[skill],), correct=bool(right), at_seconds=float(at))
        for at, (skill, right) in enumerate(zip(chosen, correct, strict=True))
    )
    touched = np.zeros(2 * SKILL_MAP.rows, np.bool_)
    # The last answer is predicted and never read, so it leaves no trace in W_in.
    for skill, right in zip(chosen[:-1], correct[:-1], strict=True):
        touched[int(right) * SKILL_MAP.rows + SKILL_MAP.row(SKILL_MAP.names[skill])] = True
    return Pupil(windows(encode(History(name, attempts), SKILL_MAP), 100, 400), touched)


def update_of(arrays: Arrays, pupils: list[Pupil], clip_norm: float) -> ClippedSum:
    """What the product's engine computes of these students."""
    return clipped_sum(arrays, [one.windows for one in pupils], clip_norm)


def noised(update: ClippedSum, terms: MechanismTerms, purpose: str) -> NDArray[np.float64]:
    """The update with the noise that at least `honest_schools` shares put into every opened sum, in real units."""
    integers = noised_integers(update, terms, own_honest_schools=1, randomness=SystemRandomness(), purpose=purpose)
    return np.asarray(integers / terms.scale, np.float64)


def row_norms(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """(2 rows,) length of each row of W_in in a flat update."""
    shapes = shared_shapes(SKILL_MAP.rows, HIDDEN)
    name, shape = shapes[0]
    if name != SHARED[0]:
        raise LookupError(f"W_in isn't the first array any more, {name} is")
    count = int(np.prod(shape))
    return np.asarray(np.linalg.norm(vector[:count].reshape(shape), axis=1), np.float64)


def same_shapes(arrays: Arrays) -> bool:
    """Whether a model has the shapes that `row_norms` reads."""
    return shapes_of({name: arrays[name] for name in SHARED}) == shared_shapes(SKILL_MAP.rows, HIDDEN)
