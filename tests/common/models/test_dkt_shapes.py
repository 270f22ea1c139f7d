"""The shape table of the DKT."""

import numpy as np
import pytest

from common.arrays import flatten, size_of
from common.errors import Corrupt
from common.models.dkt_shapes import FROZEN, SHARED, all_shapes, hidden_of, shared_shapes, zero_arrays


def test_107_skills_and_64_units_share_the_number_of_numbers_worked_by_hand() -> None:
    """55,296 + 256 + 16,384 + 6,912 + 108; `u` adds 256 that travel but aren't updated."""
    assert size_of(shared_shapes(108, 64)) == 55_296 + 256 + 16_384 + 6_912 + 108
    assert size_of(all_shapes(108, 64)) == size_of(shared_shapes(108, 64)) + 256


def test_an_update_holds_the_shared_arrays_only_and_in_order() -> None:
    """`u` comes after them and stays out of the flat vector."""
    arrays = zero_arrays(3, 4)
    assert tuple(arrays) == (*SHARED, FROZEN)
    arrays[FROZEN] += 7
    assert not flatten(arrays, shared_shapes(3, 4)).any()


def test_hidden_of_reads_the_size_and_refuses_what_is_not_a_dkt() -> None:
    """A missing, extra, reordered or misshapen array is refused."""
    arrays = zero_arrays(3, 4)
    assert hidden_of(arrays) == 4
    for bad in (
        {},
        {**arrays, "more": arrays["b"]},
        dict(reversed(arrays.items())),
        {**arrays, "W_hh": np.zeros(3, np.float32)},
        {**arrays, "b": np.zeros(15, np.float32)},
    ):
        with pytest.raises(Corrupt):
            hidden_of(bad)
