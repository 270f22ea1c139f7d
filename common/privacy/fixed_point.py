"""Integers modulo 2^bits as bytes on the wire, and how many bits a round needs."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from common.errors import Corrupt, ErrorCode, FixSettings
from common.privacy.terms import MODULUS_BITS, MechanismTerms

_WRAP_BITS = 60  # a round wraps with probability below 2^-60


def encode(values: NDArray[np.int64], bits: int) -> bytes:
    """values modulo 2^bits, little-endian, bits / 8 bytes each."""
    _check_bits(bits)
    residues = (values & _mask(bits)).astype("<u4")
    return residues.view(np.uint8).reshape(-1, 4)[:, : bits // 8].tobytes()


def decode(data: bytes, count: int, bits: int) -> NDArray[np.int64]:
    """(count,) residues in [0, 2^bits). Corrupt unless `data` is exactly `count` numbers long."""
    _check_bits(bits)
    if len(data) != count * (bits // 8):
        raise Corrupt(ErrorCode.BAD_MESSAGE, f"An update has {len(data)} bytes instead of {count * (bits // 8)}.")
    wide = np.zeros((count, 4), np.uint8)
    wide[:, : bits // 8] = np.frombuffer(data, np.uint8).reshape(count, bits // 8)
    return wide.view("<u4").reshape(count).astype(np.int64)


def add_shares(shares: Sequence[bytes], count: int, bits: int) -> NDArray[np.int64]:
    """(count,) the sum of encoded shares as integers, not yet reduced; Corrupt if one has another length.

    Adding integers is exact, so the order doesn't matter.
    """
    total = np.zeros(count, np.int64)
    for share in shares:
        total += decode(share, count, bits)
    return total


def centre(values: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
    """The representatives of `values` modulo 2^bits that lie in [-2^(bits - 1), 2^(bits - 1))."""
    _check_bits(bits)
    half = 1 << (bits - 1)
    return ((values + half) & _mask(bits)) - half


def smallest_modulus_bits(terms: MechanismTerms, *, students_cap: int, schools: int, dimensions: int) -> int:
    """The smallest modulus under which the schools' sum wraps with probability below 2^-60 a round.

    students_cap: sum of all schools' batch caps. The sum is at most that many sensitivities long; the noise
    of all schools stays within 10.3 or so standard deviations (Gaussian tail, union bound over coordinates).
    `terms.modulus_bits` isn't read. Wrapping would cost accuracy, never privacy.
    """
    largest_sum = students_cap * terms.sensitivity_units
    # Rounding adds a variance of 1/12 per school.
    noise_std = math.sqrt(schools * (terms.share_std_units**2 + 1 / 12))
    reach = math.sqrt(2 * math.log(2) * (math.log2(2 * dimensions) + _WRAP_BITS))
    needed = 2 * (largest_sum + reach * noise_std) + 1
    for bits in MODULUS_BITS:
        if needed < 2.0**bits:
            return bits
    raise FixSettings(ErrorCode.BAD_PARAMETER, "These privacy settings need more than 32 bits per number.")


def _mask(bits: int) -> int:
    return (1 << bits) - 1


def _check_bits(bits: int) -> None:
    if bits not in MODULUS_BITS:
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"The modulus must have 16, 24 or 32 bits, got {bits}.")
