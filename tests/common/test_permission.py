"""Permission: a value, so that what was permitted can't change on the way to the charge."""

from dataclasses import FrozenInstanceError

import pytest

from common.permission import Permission


def test_a_permission_cant_be_widened() -> None:
    """Neither another cohort nor less noise is added afterwards."""
    permission = Permission(frozenset({"2026/27"}), 1)
    assert permission == Permission(frozenset({"2026/27"}), 1)
    for field, value in (("cohorts", frozenset({"2020/21"})), ("own_honest_schools", 3)):
        with pytest.raises(FrozenInstanceError):
            setattr(permission, field, value)
