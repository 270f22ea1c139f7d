"""MAP fit of the logistic model to one school's answers, around a prior: L-BFGS with the exact gradient.

Minimises sum of w * log loss + 1/2 sum of lambda (theta - theta0)^2 over bias, slopes, beta, an offset per item
and, if asked for, slopes per skill. The families' shared difficulty stays as the prior has it; what differs here
is in the offsets. Everything is written as a deviation from the prior, so theta0 enters through its logits alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from common.arrays import Arrays
from common.models.encoding import EncodedHistory, shares
from common.models.local_logistic import SLOPED, LocalLogistic
from common.models.logistic import LogisticDesign, design, logits
from common.models.logistic_features import WIDTH, Floats
from common.models.odds import sigmoid

_CURVATURE = 0.18  # a typical p (1 - p), which scales the problem for L-BFGS
_STEPS = 200
_TOLERANCE = 1e-8  # relative decrease of the objective that ends the fit


@dataclass(frozen=True, slots=True)
class Strengths:
    """lambda by kind of number. skill_slopes: None leaves them out."""

    shared: float
    beta: float
    item: float
    skill_slopes: float | None = None

    def times(self, factor: float) -> "Strengths":
        """All of them, `factor` times as firm."""
        slopes = None if self.skill_slopes is None else self.skill_slopes * factor
        return Strengths(self.shared * factor, self.beta * factor, self.item * factor, slopes)


@dataclass(frozen=True, slots=True, eq=False)
class LogisticPrior:
    """theta0 and what it knows of items. families: row of `family` by item."""

    arrays: Arrays = field(repr=False)
    families: Mapping[str, int] = field(repr=False)

    def as_model(self) -> LocalLogistic:
        """The prior itself, zero-shot."""
        return LocalLogistic(self.arrays, self.families)


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """A school's answers ready to be fitted, for any strengths: columns are made once. Sensitive.

    matrix: (N, d) one column per fitted number. base: (N,) logits of the prior. items: ids, in column order.
    """

    prior: LogisticPrior
    matrix: sparse.csr_array = field(repr=False)
    base: Floats = field(repr=False)
    design: LogisticDesign = field(repr=False)
    items: tuple[str, ...] = field(repr=False)

    @property
    def rows(self) -> int:
        """K + 1 skill rows."""
        return len(self.prior.arrays["beta"])


def prepare(prior: LogisticPrior, histories: Sequence[EncodedHistory]) -> Answered:
    """Columns in the order bias, slopes, beta, items, skill slopes for wins, then for fails."""
    rows = design(histories, prior.families)
    names = [item for history in histories for item in history.items]
    items, item = np.unique(np.array(names, np.str_), return_inverse=True)
    skills = _skill_columns(rows, len(prior.arrays["beta"]))
    sloped = [sparse.csr_array(skills.multiply(column[:, None])) for column in rows.features[:, SLOPED].T]
    ones = np.ones(len(rows))
    of_item = sparse.csr_array((ones, (np.arange(len(rows)), item)), shape=(len(rows), len(items)))
    dense = sparse.csr_array(np.column_stack([ones, rows.features]))
    matrix = sparse.csr_array(sparse.hstack([dense, skills, of_item, *sloped], format="csr"))
    return Answered(prior, matrix, logits(prior.arrays, rows), rows, tuple(map(str, items)))


def fit(answered: Answered, strengths: Strengths, start: Floats | None = None) -> Floats:
    """(d,) deviations from the prior, with zeros for skill slopes if there are none. start: another fit's."""
    strength = _strength_of(answered, strengths)
    count = len(strength)
    matrix = answered.matrix if count == answered.matrix.shape[1] else answered.matrix[:, :count]
    turned = sparse.csr_array(matrix.T)
    correct, weight = answered.design.correct, answered.design.weight
    scale = 1 / np.sqrt(strength + _CURVATURE * (turned.multiply(turned) @ weight))
    sign = np.where(correct, 1.0, -1.0)

    def objective(scaled: Floats) -> tuple[float, Floats]:
        theta = scaled * scale
        margin = sign * (answered.base + matrix @ theta)
        loss = float(weight @ np.logaddexp(0.0, -margin)) + 0.5 * float(strength @ theta**2)
        slope = strength * theta - turned @ (weight * sign * sigmoid(-margin))
        return loss, slope * scale

    first = np.zeros(count) if start is None else start[:count] / scale
    found = minimize(
        objective, first, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS, "ftol": _TOLERANCE}
    )
    deviation = np.zeros(answered.matrix.shape[1])
    deviation[:count] = found.x * scale
    return deviation


def model_of(answered: Answered, deviation: Floats) -> LocalLogistic:
    """The prior moved by what was fitted."""
    ends = np.cumsum([1, WIDTH, answered.rows, len(answered.items)])
    bias, slopes, beta, item, skill = np.split(deviation, ends)
    old = answered.prior.arrays
    arrays: Arrays = {
        "bias": np.asarray(old["bias"] + bias, np.float32),
        "slopes": np.asarray(old["slopes"] + slopes, np.float32),
        "beta": np.asarray(old["beta"] + beta, np.float32),
        "family": old["family"],
    }
    offsets = dict(zip(answered.items, item.tolist(), strict=True))
    own = skill.reshape(2, -1).T if skill.any() else np.zeros((0, 2))
    return LocalLogistic(arrays, answered.prior.families, offsets, own.astype(np.float32))


def _strength_of(answered: Answered, strengths: Strengths) -> Floats:
    """(d,) lambda of every fitted number; shorter without skill slopes."""
    parts = [
        np.full(1 + WIDTH, strengths.shared),
        np.full(answered.rows, strengths.beta),
        np.full(len(answered.items), strengths.item),
    ]
    if strengths.skill_slopes is not None:
        parts.append(np.full(2 * answered.rows, strengths.skill_slopes))
    return np.concatenate(parts)


def _skill_columns(rows: LogisticDesign, count: int) -> sparse.csr_array:
    """(N, rows): 1/|S| for each of an attempt's skills."""
    share: NDArray[np.float64] = shares(rows.skill_rows).astype(np.float64)
    attempt, slot = np.nonzero(share)
    values, skill = share[attempt, slot], rows.skill_rows[attempt, slot]
    return sparse.csr_array((values, (attempt, skill)), shape=(len(rows), count))
