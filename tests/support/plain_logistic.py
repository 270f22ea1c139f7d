"""The logistic model's columns and gradient of one history, attempt by attempt: slow, and easy to read."""

import math

import numpy as np
from numpy.typing import NDArray

from common.models.encoding import EncodedHistory
from common.models.logistic_features import Floats


def plain_features(history: EncodedHistory) -> Floats:
    """(T, 15), as the design's table of columns words them."""
    wins: dict[int | None, float] = {}
    fails: dict[int | None, float] = {}
    share: dict[int | None, float] = {}
    last: dict[int | None, float] = {}
    before: tuple[set[int], bool] | None = None
    table = []
    for t in range(len(history)):
        skills = [int(k) for k in history.skill_rows[t] if k >= 0]
        now, right, w = float(history.at_seconds[t]), bool(history.correct[t]), float(history.weight[t])

        def mean(values: list[float]) -> float:
            return sum(values) / len(values)

        gaps = [max(now - last[k], 0) for k in skills if k in last]
        gap = math.nan if math.isnan(now) or not gaps else min(gaps)
        any_gap = math.nan if math.isnan(now) or None not in last else max(now - last[None], 0)
        never = [float(k not in share) for k in skills]
        table.append(
            [
                math.log1p(wins.get(None, 0)),
                math.log1p(fails.get(None, 0)),
                mean([math.log1p(wins.get(k, 0)) for k in skills]),
                mean([math.log1p(fails.get(k, 0)) for k in skills]),
                share.get(None, 0.7) - 0.7,
                mean([share.get(k, 0.7) for k in skills]) - 0.7,
                before[1] - 0.5 if before is not None and before[0] == set(skills) else 0.0,
                mean(never),
                float(t == 0),
                0.0 if math.isnan(gap) else math.log1p(gap) / 10,
                float(not math.isnan(now) and all(never)),
                float(gap > 86_400),
                float(gap > 7 * 86_400),
                0.0 if math.isnan(any_gap) else math.log1p(any_gap) / 10,
                float(any_gap > 3600),
            ]
        )
        for k in (None, *skills):
            wins[k] = wins.get(k, 0) + w * right
            fails[k] = fails.get(k, 0) + w * (not right)
            step = w * (0.1 if k is None else 0.3)
            share[k] = (1 - step) * share.get(k, 0.7) + step * right
            if not math.isnan(now):
                last[k] = max(now, last.get(k, -math.inf))
        before = set(skills), right
    return np.array(table, np.float64).reshape(-1, 15)


def mean_loss_gradient(
    theta: NDArray[np.float64], history: EncodedHistory, families: dict[str, int], *, rows: int
) -> NDArray[np.float64]:
    """(d,) sum of w (p - y) x over a student's answers, divided by the root of their number; answer by answer."""
    total, features = np.zeros(len(theta)), plain_features(history)
    for t in range(len(history)):
        x = np.zeros(len(theta))
        x[0], x[1:16] = 1.0, features[t]
        skills = [int(k) for k in history.skill_rows[t] if k >= 0]
        for k in skills:
            x[16 + k] = 1 / len(skills)
        if history.items[t] in families:
            x[16 + rows + families[history.items[t]]] = 1.0
        p = 1 / (1 + np.exp(-(theta @ x)))
        total += float(history.weight[t]) * (p - float(history.correct[t])) * x / np.sqrt(len(history))
    return total
