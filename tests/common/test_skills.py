"""A skill map gives each skill one row, and strangers row 0."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Corrupt, FixSettings
from common.skills import SkillMap

names = st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=10, unique=True)


@given(names)
def test_rows_are_dense_and_start_at_one(ids: list[str]) -> None:
    """Row 0 is "some other skill"."""
    skills = SkillMap("1", tuple(ids))
    assert [skills.row(name) for name in ids] == list(range(1, len(ids) + 1))
    assert skills.row("a stranger among skills") == 0
    assert skills.rows == len(ids) + 1


@given(names)
def test_bytes_come_back(ids: list[str]) -> None:
    """And the digest follows them."""
    skills = SkillMap("1", tuple(ids))
    again = SkillMap.from_bytes(skills.to_bytes())
    assert again == skills
    assert again.digest == skills.digest
    assert SkillMap("2", tuple(ids)).digest != skills.digest


@pytest.mark.parametrize("ids", [(), ("a", "a")])
def test_empty_or_doubled_names_are_refused(ids: tuple[str, ...]) -> None:
    """Two rows for one skill would split its evidence."""
    with pytest.raises(FixSettings):
        SkillMap("1", ids)


@pytest.mark.parametrize(
    "data", [b"[]", b'{"names":["a"]}', b'{"names":[1],"version":"1"}', b'{"names":"a","version":"1"}']
)
def test_other_bytes_are_corrupt(data: bytes) -> None:
    """Wrong fields or types."""
    with pytest.raises(Corrupt):
        SkillMap.from_bytes(data)
