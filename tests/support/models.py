"""Small histories and arrays for tests of the models; everything is invented from a seed."""

import numpy as np

from common.arrays import Arrays
from common.interactions import History, Interaction
from common.models.dkt_shapes import all_shapes
from common.models.encoding import EncodedHistory, encode
from common.skills import SkillMap

SKILLS = SkillMap("test/1", ("add", "subtract", "multiply", "divide", "fractions"))


def random_arrays(rows: int, hidden: int, seed: int) -> Arrays:
    """All six DKT arrays, normal with deviation .5, float32."""
    rng = np.random.default_rng(seed)
    return {name: rng.normal(0, 0.5, shape).astype(np.float32) for name, shape in all_shapes(rows, hidden)}


def random_history(length: int, seed: int, *, student: str = "one") -> History:
    """Attempts at 20 items with 1-4 skills, some of them unmapped, some of little weight."""
    rng = np.random.default_rng(seed)
    names = np.array((*SKILLS.names, "unmapped", "unmapped too"))
    attempts = []
    for t in range(length):
        chosen = rng.choice(names, size=int(rng.integers(1, 5)), replace=False)
        attempts.append(
            Interaction(
                item=f"item {rng.integers(20)}",
                skills=tuple(map(str, chosen)),
                correct=bool(rng.random() < 0.6),
                at_seconds=60.0 * t,
                weight=float(rng.choice([1.0, 1.0, 0.2])),
            )
        )
    return History(student, tuple(attempts))


def random_encoded(length: int, seed: int, *, student: str = "one") -> EncodedHistory:
    """`random_history`, encoded with SKILLS."""
    return encode(random_history(length, seed, student=student), SKILLS)


def random_difficulty(seed: int) -> dict[str, float]:
    """Offsets of half of the items of `random_history`."""
    rng = np.random.default_rng(seed)
    return {f"item {i}": float(rng.normal()) for i in range(0, 20, 2)}
