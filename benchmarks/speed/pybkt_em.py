"""Expectation-maximisation steps by pyBKT's own code, skill by skill; imported only where pyBKT is."""

from collections.abc import Sequence

import numpy as np
from pyBKT.fit.EM_fit import EM_fit

from benchmarks.speed.plain_bkt import sequences_of
from common.models.bkt import DEFAULTS
from common.models.encoding import EncodedHistory


def pybkt_fit(histories: Sequence[EncodedHistory], iterations: int) -> None:
    """`iterations` for every skill that occurs, from our start values, with forgetting, one process."""
    by_row: dict[int, list[list[bool]]] = {}
    for row, answers, _ in sequences_of(histories):
        by_row.setdefault(row, []).append(answers)
    for sequences in by_row.values():
        lengths = np.array([len(answers) for answers in sequences])
        flat = np.concatenate([np.array(answers, np.int32) for answers in sequences])
        data = {
            "data": (flat + 1)[None],  # 1 wrong, 2 right
            "resources": np.ones(len(flat), np.int64),
            "starts": np.cumsum(lengths) - lengths + 1,
            "lengths": lengths,
        }
        EM_fit(_start(), data, tol=-1.0, maxiter=iterations, parallel=False)


def _start() -> dict[str, object]:
    learn, forget = DEFAULTS["p_learn"], DEFAULTS["p_forget"]
    return {
        "As": np.array([[[1 - learn, forget], [learn, 1 - forget]]]),
        "learns": np.array([learn]),
        "forgets": np.array([forget]),
        "guesses": np.array([DEFAULTS["p_guess"]]),
        "slips": np.array([DEFAULTS["p_slip"]]),
        "prior": DEFAULTS["p_init"],
    }
