"""Sampling: each student's draw is their own, the cap is public, and an overdraw draws nobody."""

import hashlib
import hmac
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import bdtrc

from common.errors import FixSettings
from common.privacy.sampling import batch_cap, overdraw_bound, poisson_sample
from tests.support.seeded import SeededRandomness

KEY = bytes(range(32))
STUDENTS = st.lists(st.text(min_size=1, max_size=6), unique=True, max_size=20)


def drawn_plainly(student: str, rate: float, key: bytes) -> bool:
    """The definition: a 64-bit fraction below the rate."""
    digest = hmac.new(key, student.encode(), hashlib.sha256).hexdigest()
    return int(digest[:16], 16) / 2**64 < rate


@given(STUDENTS, st.floats(0.01, 1.0), st.binary(min_size=32, max_size=32))
def test_the_draw_is_the_keyed_function_of_each_student(students: list[str], rate: float, key: bytes) -> None:
    """And comes back sorted, whatever order the pool was in."""
    expected = sorted(student for student in students if drawn_plainly(student, rate, key))
    assert list(poisson_sample(students, rate, key, cap=20)) == expected
    assert list(poisson_sample(students[::-1], rate, key, cap=20)) == expected


@given(STUDENTS.filter(bool), st.floats(0.01, 1.0))
def test_one_students_presence_never_shifts_anothers_draw(students: list[str], rate: float) -> None:
    """Taking one student out takes that student out and changes nothing else."""
    everybody = poisson_sample(students, rate, KEY, cap=20)
    without = poisson_sample(students[1:], rate, KEY, cap=20)
    assert without == tuple(student for student in everybody if student != students[0])


@given(st.lists(st.text(min_size=1, max_size=6), unique=True, min_size=1, max_size=20))
def test_an_overdraw_draws_nobody(students: list[str]) -> None:
    """At rate 1 everybody is drawn, so a cap one lower leaves nobody."""
    assert poisson_sample(students, 1.0, KEY, cap=len(students)) == tuple(sorted(students))
    assert poisson_sample(students, 1.0, KEY, cap=len(students) - 1) == ()


def test_a_quarter_of_the_students_is_drawn() -> None:
    """Draw sizes over 400 seeded rounds have the binomial's mean and variance."""
    pool = [f"student-{n}" for n in range(100)]
    keys = [SeededRandomness("sizes").draw(f"round {n}", 32) for n in range(400)]
    sizes = np.array([len(poisson_sample(pool, 0.25, key, cap=100)) for key in keys])
    assert sizes.mean() == pytest.approx(25, abs=5 * math.sqrt(18.75 / 400))
    assert sizes.var() == pytest.approx(18.75, rel=5 * math.sqrt(2 / 400))


def test_two_rounds_draw_differently() -> None:
    """A fresh key is a fresh draw."""
    pool = [f"student-{n}" for n in range(40)]
    assert poisson_sample(pool, 0.5, KEY, cap=40) != poisson_sample(pool, 0.5, bytes(32), cap=40)


def test_the_cap_is_the_mean_and_some_standard_deviations() -> None:
    """q N = 25, sd = sqrt(18.75) = 4.33: 25 + 8 x 4.33 = 59.64, rounded up."""
    assert batch_cap(0.25, 100, 8.0) == 60
    assert batch_cap(1.0, 100, 8.0) == 100


@settings(max_examples=50)
@given(st.floats(0.01, 0.99), st.integers(1, 500), st.integers(0, 500))
def test_the_overdraw_bound_is_above_the_exact_probability(rate: float, pool: int, cap: int) -> None:
    """Against the binomial's exact tail."""
    exact = float(bdtrc(cap, pool, rate)) if cap < pool else 0.0
    assert overdraw_bound(rate, pool, cap) >= exact * (1 - 1e-9)


@pytest.mark.parametrize("students", [20, 100, 1000, 5000])
def test_overdraws_at_the_plans_cap_are_negligible(students: int) -> None:
    """80 rounds stay far below the ten-thousandth of delta 1e-5 that the accountant sets aside."""
    assert 80 * overdraw_bound(0.25, students, batch_cap(0.25, students, 8.0)) < 1e-10


def test_a_pool_above_the_public_figure_shows_in_the_bound() -> None:
    """At rate 1 one student more than planned overdraws for certain."""
    assert overdraw_bound(1.0, 101, batch_cap(1.0, 100, 8.0)) == 1.0
    assert overdraw_bound(0.25, 100, 20) == 1.0


def test_mistakes_are_refused() -> None:
    """A rate above 1, a short key, a student listed twice."""
    with pytest.raises(FixSettings, match="sampling_rate"):
        poisson_sample(["a"], 1.5, KEY, cap=1)
    with pytest.raises(FixSettings, match="32 bytes"):
        poisson_sample(["a"], 0.5, b"short", cap=1)
    with pytest.raises(FixSettings, match="twice"):
        poisson_sample(["a", "a"], 0.5, KEY, cap=2)
