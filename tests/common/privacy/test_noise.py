"""The noise: exact law, fast path equal to the 60-digit path, nothing accepted that isn't a number."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr, ndtri

from common.errors import FixSettings, Refused
from common.privacy.noise import exact_draw, random_words, refinement, round_with, rounded_gaussian
from tests.support.seeded import SeededRandomness


def key_for(purpose: str) -> bytes:
    """A seeded key."""
    return SeededRandomness("noise tests").draw(purpose, 32)


def offsets(count: int) -> NDArray[np.float64]:
    """Real values of both signs, some large."""
    rng = np.random.default_rng(5)
    return np.asarray(rng.normal(0, 40, count) + rng.choice([0.0, 1e6, -(2.0**31 - 1e4)], count), np.float64)


def slow_twin(values: NDArray[np.float64], std: float, key: bytes) -> list[int]:
    """Every draw in 60 digits."""
    words = random_words(key, values.size)
    return [
        exact_draw(float(value), std, word=int(word), more=refinement(key, index))
        for index, (value, word) in enumerate(zip(values, words, strict=True))
    ]


@pytest.mark.parametrize("std", [8.0, 16.0, 65_536.0])
def test_the_fast_path_equals_sixty_digits_draw_for_draw(std: float) -> None:
    """700 draws each, smallest, usual and largest noise."""
    values = offsets(700)
    assert rounded_gaussian(values, std, key_for("twin")).tolist() == slow_twin(values, std, key_for("twin"))


def no_refinement(index: int) -> int:
    """For draws that must not need more bits."""
    raise AssertionError(f"draw {index} asked for more bits")


def counting(calls: list[int]) -> Callable[[int], int]:
    """Records which draws asked for more bits, and gives a fixed answer."""

    def refine(index: int) -> int:
        calls.append(index)
        return 2**127

    return refine


def test_a_draw_near_a_rounding_boundary_is_decided_exactly() -> None:
    """Values placed within 2^-30 of a boundary, on either side of it."""
    words = random_words(key_for("boundary"), 40)
    noise = 16.0 * np.where(words & np.uint64(1), -1.0, 1.0) * ndtri(((words >> np.uint64(1)) + 0.5) / 2.0**64)
    nudges = np.tile([2.0**-30, -(2.0**-30)], 20)
    values = 1000.5 - noise + nudges
    calls: list[int] = []
    drawn = round_with(values, 16.0, words, refine=counting(calls))
    assert calls == list(range(40))
    exact = [exact_draw(float(v), 16.0, word=int(w), more=2**127) for v, w in zip(values, words, strict=True)]
    assert drawn.tolist() == exact


@pytest.mark.parametrize("std", [8.0, 65_536.0])
def test_a_far_tail_is_decided_exactly(std: float) -> None:
    """63 bits are coarse for the largest draws; the smallest tail of all is about 9.2 standard deviations."""
    words = np.array([0, 1, 2, 3, 2**20, 2**20 + 1], np.uint64)
    calls: list[int] = []
    drawn = round_with(np.zeros(6), std, words, refine=counting(calls))
    assert calls == list(range(6))
    assert drawn[1] == -drawn[0] or drawn[1] == -drawn[0] + 1
    assert drawn[1] / std == pytest.approx(-ndtri(2.0**-65), abs=0.07)


def test_the_middle_of_the_bell_is_no_exception() -> None:
    """The largest 63-bit tail is one half: no noise, from either sign."""
    words = np.array([2**64 - 1, 2**64 - 2], np.uint64)
    assert round_with(np.array([3.2, -7.9]), 16.0, words, refine=no_refinement).tolist() == [3, -8]


def test_moments_of_the_noise() -> None:
    """Mean, variance and kurtosis of 400,000 draws of round(0.3 + 16 Z)."""
    drawn = rounded_gaussian(np.full(400_000, 0.3), 16.0, key_for("moments")).astype(np.float64)
    variance = 256 + 1 / 12
    assert drawn.mean() == pytest.approx(0.3, abs=4 * 16 / math.sqrt(400_000))
    assert drawn.var() == pytest.approx(variance, rel=4 * math.sqrt(2 / 400_000))
    kurtosis = np.mean((drawn - drawn.mean()) ** 4) / drawn.var() ** 2
    assert kurtosis == pytest.approx(3, abs=4 * math.sqrt(24 / 400_000))


@pytest.mark.parametrize("value", [0.0, 0.37, -12.5])
def test_the_counts_fit_the_rounded_gaussian(value: float) -> None:
    """Chi-square of 200,000 draws at 8 units over all integers that are expected often enough."""
    count, std = 200_000, 8.0
    drawn = rounded_gaussian(np.full(count, value), std, key_for(f"chi {value}"))
    cells = np.arange(-28, 29) + round(value)
    edges = np.concatenate(([-np.inf], cells[:-1] + 0.5, [np.inf]))
    expected = count * np.diff(ndtr((edges - value) / std))
    observed = np.histogram(drawn, edges)[0]
    assert expected.min() > 20
    statistic = float((np.square(observed - expected) / expected).sum())
    assert 1e-4 < chdtrc(len(cells) - 1, statistic) < 1 - 1e-4


def test_neighbouring_coordinates_are_independent() -> None:
    """Serial correlation of 200,000 draws."""
    drawn = rounded_gaussian(np.zeros(200_000), 16.0, key_for("serial")).astype(np.float64)
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 4 / math.sqrt(200_000)


def test_another_key_is_other_noise() -> None:
    """Noise is never drawn once and used twice."""
    one, other = (rounded_gaussian(np.zeros(64), 16.0, key_for(purpose)) for purpose in ("one", "other"))
    assert not np.array_equal(one, other)


def test_draws_are_pinned() -> None:
    """The same key gives these numbers on every machine: keys 00..1f, values 0 to 7, 16 units."""
    drawn = rounded_gaussian(np.arange(8.0), 16.0, bytes(range(32)))
    assert drawn.tolist() == [-4, 12, 0, -16, -1, -3, -15, -8]


def test_refinements_come_from_elsewhere_in_the_stream() -> None:
    """No coordinate's further bits repeat a word or another coordinate's bits."""
    key = key_for("refine")
    words = {int(word) for word in random_words(key, 64)}
    further = [refinement(key, index) for index in range(32)]
    assert len(set(further)) == 32
    assert not words & {half for number in further for half in (number >> 64, number & (2**64 - 1))}


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 2.0**31 + 1])
def test_what_isnt_a_reasonable_number_is_refused(bad: float) -> None:
    """One bad coordinate refuses the whole vector."""
    with pytest.raises(Refused, match="finite"):
        rounded_gaussian(np.array([0.0, bad]), 16.0, bytes(32))


@pytest.mark.parametrize("std", [7.9, 65_537.0, math.nan])
def test_too_little_noise_is_refused(std: float) -> None:
    """Below 8 units the theorem doesn't hold; above 65,536 the guard doesn't."""
    with pytest.raises(FixSettings, match="standard deviation"):
        rounded_gaussian(np.zeros(1), std, bytes(32))


def test_a_short_key_is_refused() -> None:
    """AES would take 16 bytes; we don't."""
    with pytest.raises(FixSettings, match="32 bytes"):
        rounded_gaussian(np.zeros(1), 16.0, bytes(16))


def test_an_empty_vector_stays_empty() -> None:
    """Nothing in, nothing out."""
    assert rounded_gaussian(np.zeros(0), 16.0, bytes(32)).shape == (0,)
