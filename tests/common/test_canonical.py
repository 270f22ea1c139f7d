"""One spelling per value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.canonical import canonical_json, parse_canonical_json, sha256_hex
from common.errors import Corrupt

numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_parsing_returns_the_value(value: object) -> None:
    """parse(canonical(x)) == x."""
    assert parse_canonical_json(canonical_json(value)) == value


def test_the_order_of_keys_does_not_matter() -> None:
    """Equal values have equal hashes."""
    assert sha256_hex(canonical_json({"b": 1, "a": 2})) == sha256_hex(canonical_json({"a": 2, "b": 1}))


@pytest.mark.parametrize("text", [b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":1,"a":1}', b"1.50", b"nonsense", b"NaN"])
def test_another_spelling_is_refused(text: bytes) -> None:
    """Two spellings of one value would have two signatures."""
    with pytest.raises(Corrupt):
        parse_canonical_json(text)


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {"a": -float("inf")}])
def test_numbers_that_are_not_finite_are_refused(value: object) -> None:
    """JSON can't carry them, so they never leave."""
    with pytest.raises(Corrupt):
        canonical_json(value)


def test_deep_nesting_is_refused_not_a_crash() -> None:
    """Bytes from outside can't exhaust the stack."""
    with pytest.raises(Corrupt):
        parse_canonical_json(b"[" * 100_000)
