"""The rounding theorem checked on exact laws: two rounded shares against one Gaussian of the summed variance."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr


def rounded_law(offset: float, std: float, reach: int) -> NDArray[np.float64]:
    """P(round(offset + std Z) = k) for k in [-reach, reach], accurate in both tails."""
    cells = np.arange(-reach, reach + 1)
    low, high = (cells - 0.5 - offset) / std, (cells + 0.5 - offset) / std
    return np.where(low > 0, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))


def reference_law(offset: float, std: float, reach: int) -> NDArray[np.float64]:
    """P(round(offset + sqrt(2) std Z + U) = k), U uniform on (-1/2, 1/2): the theorem's right-hand side.

    Rounding adds a second uniform, so this is the density of Gaussian + two uniforms at k - offset, by the
    inverse Fourier transform.
    """
    frequency = np.linspace(-28 / std, 28 / std, 8001)
    transform = np.exp(-np.square(std * frequency)) * np.sinc(frequency / (2 * np.pi)) ** 2
    cells = np.arange(-reach, reach + 1) - offset
    density = np.trapezoid(transform * np.cos(np.outer(cells, frequency)), frequency, axis=1)
    return np.asarray(density / (2 * math.pi))


@pytest.mark.parametrize(("std", "at_most"), [(0.7, 5e-2), (1.0, 2e-4), (1.5, 1e-8), (2.0, 1e-13)])
def test_two_rounded_shares_act_like_one_gaussian(std: float, at_most: float) -> None:
    """The total variation distance falls off so fast that at 8 units it is beyond any arithmetic."""
    reach = int(12 * std) + 3
    for first, second in ((0.0, 0.0), (0.31, -0.44), (0.5, 0.5)):
        shares = np.convolve(rounded_law(first, std, reach), rounded_law(second, std, reach))
        gaussian = reference_law(first + second, std, 2 * reach)
        assert 0.5 * np.abs(shares - gaussian).sum() < at_most


def test_the_check_can_fail() -> None:
    """At half a unit the shares show their grid."""
    shares = np.convolve(rounded_law(0.0, 0.4, 8), rounded_law(0.0, 0.4, 8))
    assert 0.5 * np.abs(shares - reference_law(0.0, 0.4, 16)).sum() > 1e-3
