"""Property inference: how large is the remedial group of a school, read off the school's own update?

Differential privacy of a student doesn't cover facts about a whole school. Masking hides a school's update, and
the noise hides much of what colluders could still see: here one school's share, bared of everything else.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.attack.curriculum import SKILLS, model, noised, pupil, row_norms, update_of
from benchmarks.attack.default_plan import DefaultPlan

SCHOOLS, PUPILS, REMEDIAL = 20, 60, 12
# |r| above this is significant at 5 % for 20 schools.
SIGNIFICANT = 0.444


def attack_property(plan: DefaultPlan, seed: int) -> dict[str, Any]:
    """Correlation of the guess with the true share over twenty schools, without and with noise."""
    rng = np.random.default_rng(seed)
    shares = rng.uniform(0.0, 0.6, SCHOOLS)
    arrays = model(seed)
    updates = [update_of(arrays, _pupils(share, rng), plan.mechanism.clip_norm) for share in shares]
    open_guesses = [_guess(update.values) for update in updates]
    closed = [_guess(noised(update, plan.mechanism, f"property/{n}")) for n, update in enumerate(updates)]
    return {
        "off": {"correlation": float(np.corrcoef(shares, open_guesses)[0, 1])},
        "on": {"correlation": float(np.corrcoef(shares, closed)[0, 1])},
        "significant_from": SIGNIFICANT,
        "schools": SCHOOLS,
    }


def _pupils(share: float, rng: np.random.Generator) -> list[Any]:
    """Some practise the first skills, the remedial block; the others the rest."""
    found = []
    for number in range(PUPILS):
        remedial = rng.random() < share
        block = np.arange(REMEDIAL) if remedial else np.arange(REMEDIAL, SKILLS)
        found.append(pupil(f"p{number}", rng.permutation(block)[:REMEDIAL], rng))
    return found


def _guess(update: NDArray[np.float64]) -> float:
    """The remedial rows' part of the interaction table's length."""
    norms = row_norms(update) ** 2
    rows = len(norms) // 2
    block = np.r_[1 : REMEDIAL + 1, rows + 1 : rows + REMEDIAL + 1]
    return float(norms[block].sum() / norms.sum())
