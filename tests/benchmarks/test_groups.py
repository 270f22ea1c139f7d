"""The measurement of groups: a trimmed mean forgets one liar in each number, and groups hold everybody once."""

import numpy as np

from benchmarks.attack.groups import GROUP, Setting, _groups, _middle


def test_one_wild_sum_doesnt_move_the_trimmed_mean() -> None:
    """Of 1, 2, 3, 4 and a liar, the middle three of each number are left: 3 and 2, worked by hand."""
    sums = [np.array([float(n), float(n)]) for n in (1, 2, 3, 4)]
    assert _middle([*sums, np.array([1e9, -1e9])]).tolist() == [3.0, 2.0]


def test_groups_hold_every_school_once() -> None:
    """In an order that the draw decides; without groups there is one sum of all."""
    updates = [np.array([float(n)]) for n in range(25)]
    grouped = _groups(updates, Setting(25, 0, "label flip", True, 1), np.random.default_rng(1))
    assert [len(group) for group in grouped] == [GROUP] * 5
    assert sorted(float(one[0]) for group in grouped for one in group) == [float(n) for n in range(25)]
    assert _groups(updates, Setting(25, 0, "label flip", False, 1), np.random.default_rng(1)) == [updates]
