"""theta0 of a school without a release: bias and slopes fitted to simulated students, so nobody real is in them.

What is common to all practice (who was right before will be right again) is in the slopes. How hard a skill is,
nobody knows yet: it starts at 0, and the school's own answers tell.
"""

import numpy as np

from client.training.logistic_fit import LogisticPrior, Strengths, fit, model_of, prepare
from common.arrays import Arrays
from common.models.encoding import encode
from common.models.logistic import initial_arrays
from common.models.simulated_students import Family, SimulatedItem, simulate
from common.skills import SkillMap

# A logistic growth of skills is nearest to what logs of real practice look like, so most students grow.
_MIXTURE: tuple[tuple[Family, int], ...] = (("growth", 300), ("bkt", 140), ("rules", 140))
_SKILLS, _ITEMS_PER_SKILL, _ITEM_SPREAD = 40, 6, 0.7
_SEED = 20_261
_STRENGTHS = Strengths(shared=1.0, beta=1.0, item=2.0)


def simulated_prior(rows: int) -> LogisticPrior:
    """For any skill map of `rows` rows: every skill equally hard, no item families. About a second, once."""
    shared = _shared()
    arrays = initial_arrays(rows, 0)
    arrays["bias"][:], arrays["slopes"][:] = shared["bias"], shared["slopes"]
    return LogisticPrior(arrays, {})


def _shared() -> Arrays:
    """Bias and slopes; beta's mean is moved into the bias."""
    rng = np.random.default_rng(_SEED)
    skills = SkillMap("simulated", tuple(f"skill {k}" for k in range(_SKILLS)))
    items = [
        SimulatedItem(f"{name}/{n}", (name,), float(rng.normal(0, _ITEM_SPREAD)))
        for name in skills.names
        for n in range(_ITEMS_PER_SKILL)
    ]
    students = [
        encode(history, skills)
        for family, count in _MIXTURE
        for history in simulate(family, items, students=count, rng=rng)
    ]
    answered = prepare(LogisticPrior(initial_arrays(skills.rows, 0), {}), students)
    arrays = model_of(answered, fit(answered, _STRENGTHS)).arrays
    arrays["bias"] += arrays["beta"][1:].mean()
    return arrays
