"""The file of item families: read whole, or refused with a sentence."""

import pytest

from common.errors import FixSettings
from server.item_families import read_families


def test_a_file_is_read_in_its_order() -> None:
    """A difficulty may be left out."""
    data = b'[{"id":"halves","skills":["fractions"],"difficulty":-0.5},{"id":"thirds","skills":["a","b"]}]'
    first, second = read_families(data)
    assert (first.item, first.skills, first.difficulty) == ("halves", ("fractions",), -0.5)
    assert (second.item, second.skills, second.difficulty) == ("thirds", ("a", "b"), 0.0)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b'[{"id":"halves"}]',
        b'[{"id":"halves","skills":["a"],"answers":9}]',
        b'[{"id":"halves","skills":["a"]},{"id":"halves","skills":["a"]}]',
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    """With what is wrong."""
    with pytest.raises(FixSettings, match="item families"):
        read_families(data)
