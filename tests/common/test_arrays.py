"""Arrays travel as bytes and come back equal, or not at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.arrays import flatten, from_bytes, shapes_of, size_of, to_bytes, unflatten
from common.errors import Corrupt, FixSettings

ARRAYS = {
    "weights": np.arange(6, dtype=np.float32).reshape(2, 3),
    "bias": np.array([0.5, -0.5], np.float32),
}

shapes = st.lists(st.lists(st.integers(0, 4), max_size=3), min_size=1, max_size=4)


@given(shapes, st.integers(0, 2**32 - 1))
def test_bytes_come_back_as_the_same_arrays(dimensions: list[list[int]], seed: int) -> None:
    """from_bytes(to_bytes(x)) == x for any shapes, empty ones too."""
    generator = np.random.default_rng(seed)
    arrays = {f"a{i}": generator.normal(size=shape).astype(np.float32) for i, shape in enumerate(dimensions)}
    again = from_bytes(to_bytes(arrays))
    assert list(again) == list(arrays)
    assert all(np.array_equal(again[name], arrays[name]) for name in arrays)


def test_a_flat_vector_follows_the_order_of_the_shapes() -> None:
    """flatten and unflatten are inverse, in the plan's order."""
    order = shapes_of(ARRAYS)
    vector = flatten(ARRAYS, order)
    assert vector.tolist() == [0, 1, 2, 3, 4, 5, 0.5, -0.5]
    assert size_of(order) == 8
    assert np.array_equal(unflatten(vector, order)["weights"], ARRAYS["weights"])


def test_another_shape_is_refused() -> None:
    """Arrays that don't fit the plan's shapes never become a vector."""
    with pytest.raises(FixSettings):
        flatten({"weights": ARRAYS["bias"]}, (("weights", (2, 3)),))
    with pytest.raises(Corrupt):
        unflatten(np.zeros(7, np.float32), shapes_of(ARRAYS))


@given(st.data())
def test_damaged_bytes_never_pass(data: st.DataObject) -> None:
    """A cut, or a flipped bit in the header, is Corrupt; nothing else escapes."""
    whole = to_bytes(ARRAYS)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(Corrupt):
        from_bytes(whole[:cut])
    position = data.draw(st.integers(0, 7))
    flipped = bytearray(whole)
    flipped[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Corrupt):
        from_bytes(bytes(flipped))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_refused(value: float) -> None:
    """One NaN would destroy a model for everybody."""
    with pytest.raises(Corrupt, match="finite"):
        from_bytes(to_bytes({"a": np.array([1.0, value], np.float32)}))


@pytest.mark.parametrize("header", [b"{}", b'[["a",[-1]]]', b'[["a",[1]],["a",[1]]]', b'[["a",[true]]]', b"[1]"])
def test_a_malformed_header_is_refused(header: bytes) -> None:
    """Wrong types, negative sizes and doubled names are Corrupt."""
    with pytest.raises(Corrupt):
        from_bytes(b"HRA1" + len(header).to_bytes(4, "big") + header + bytes(8))
