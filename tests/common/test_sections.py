"""Sections have one spelling, and nothing else is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Corrupt, FixSettings
from common.sections import join_sections, split_sections

PARTS = st.dictionaries(
    st.text(st.characters(codec="ascii", categories=("L",)), min_size=1, max_size=8), st.binary()
)


@given(PARTS)
def test_parts_come_back(parts: dict[str, bytes]) -> None:
    """In the order of their names."""
    found = split_sections(join_sections(parts))
    assert found == parts
    assert list(found) == sorted(parts)


@given(PARTS, st.binary(min_size=1, max_size=60))
def test_whatever_else_is_corrupt_or_spelled_the_same(parts: dict[str, bytes], tail: bytes) -> None:
    """Bytes at the end, or a cut: either refused or exactly what would be written."""
    whole = join_sections(parts)
    for data in (whole + tail, whole[:-1], tail):
        try:
            found = split_sections(data)
        except Corrupt:
            continue
        assert join_sections(found) == data


@pytest.mark.parametrize(
    "data", [b"\x00", b"\x00\x01a", b"\x00\x01a\x00\x00\x00\x05abc", b"\x00\x00\x00\x00\x00\x00"]
)
def test_cut_or_nameless_parts_are_corrupt(data: bytes) -> None:
    """Lengths are checked before anything is read."""
    with pytest.raises(Corrupt):
        split_sections(data)


def test_order_and_names_count() -> None:
    """Two parts of one name, or the later first, aren't a spelling; a name can't be empty."""
    a, b = join_sections({"a": b"1"}), join_sections({"b": b"2"})
    for data in (b + a, a + a):
        with pytest.raises(Corrupt):
            split_sections(data)
    with pytest.raises(FixSettings):
        join_sections({"": b""})
