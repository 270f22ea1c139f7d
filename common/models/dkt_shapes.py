"""The DKT's arrays: names, shapes and order, which the engine, the wire and both implementations share.

One step answers one item with skills S. With rows = K + 1 (row 0 is "some other skill") and hidden = H:

    gates  = mean over S of W_in[row + correct * rows] + difficulty * u + h @ W_hh + b      (4H,)
    i, f, o = sigmoid of the first three quarters; g = tanh of the last
    c' = f * c + i * g;  h' = o * tanh(c')
    logit of the next item = mean over its S of (W_out[row] . h' + b_out[row]) + its difficulty

An item's difficulty is an offset added to the logit: 0 means "as hard as its skills", below 0 is harder.
"""

import numpy as np

from common.arrays import Arrays, Shapes
from common.errors import Corrupt, ErrorCode

SHARED = ("W_in", "b", "W_hh", "W_out", "b_out")  # what a round updates, in this order
FROZEN = "u"  # fixed by the warm start: travels with the shared arrays, is never part of an update


def shared_shapes(rows: int, hidden: int) -> Shapes:
    """Shapes of the trained arrays, in the order of an update."""
    return (
        ("W_in", (2 * rows, 4 * hidden)),
        ("b", (4 * hidden,)),
        ("W_hh", (hidden, 4 * hidden)),
        ("W_out", (rows, hidden)),
        ("b_out", (rows,)),
    )


def all_shapes(rows: int, hidden: int) -> Shapes:
    """Shapes of what a request or release carries: the trained arrays and `u`."""
    return (*shared_shapes(rows, hidden), (FROZEN, (4 * hidden,)))


def zero_arrays(rows: int, hidden: int) -> Arrays:
    """All six arrays, filled with zeros."""
    return {name: np.zeros(shape, np.float32) for name, shape in all_shapes(rows, hidden)}


def hidden_of(arrays: Arrays) -> int:
    """H, read from the arrays. Corrupt unless they have exactly the DKT's names, order and shapes."""
    bad = Corrupt(ErrorCode.BAD_ARRAY, "The arrays aren't those of a DKT.")
    if tuple(arrays) != (*SHARED, FROZEN) or arrays["W_hh"].ndim != 2 or arrays["W_out"].ndim != 2:
        raise bad
    hidden, rows = int(arrays["W_hh"].shape[0]), int(arrays["W_out"].shape[0])
    if any(arrays[name].shape != shape for name, shape in all_shapes(rows, hidden)):
        raise bad
    return hidden
