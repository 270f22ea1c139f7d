"""Rounded Gaussian noise: round(value + std x Z) as an integer, with the exact law, from a secret 32-byte key.

A draw takes 64 bits of AES-256-CTR: one for the sign, 63 for the tail probability of |Z|. The float path is
trusted only where its error can't change the rounded result:
- 63 bits leave std x Z open by at most std x 2^-65 / density(Z) <= 2^-27 while the tail is std x 2^-38 or more
  (for Z >= 1 the density exceeds the tail probability);
- scipy's inverse normal and the additions err by less than 2^-30 for std <= 2^16.
Together that is below the guard of 2^-26 around each rounding boundary. Everything else, about 3 draws in
10^8, is decided with 128 more bits and 60 decimal digits, so the law is exact to about 2^-128.
Why this noise: docs/decisions/0002.
"""

from collections.abc import Callable

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from mpmath import MPContext
from numpy.typing import NDArray
from scipy.special import ndtri

from common.errors import ErrorCode, FixSettings, Refused
from common.privacy.terms import MAX_SHARE_STD_UNITS, MIN_SHARE_STD_UNITS

KEY_BYTES = 32
MAX_VALUE = 2.0**31
_GUARD = 2.0**-26
_COARSE_TAIL = 2.0**-38
_DIGITS = 60


def rounded_gaussian(values: NDArray[np.float64], std: float, key: bytes) -> NDArray[np.int64]:
    """round(values + std x Z) per coordinate, Z standard normal and independent: (d,) int64.

    values: (d,) in integer units, not rounded. Refused for NaN, infinity or a magnitude above 2^31.
    std: 8 to 65,536 integer units. key: 32 secret bytes, used for one
    call only. Takes 2 to 7 ms for 80,000 numbers on one core.
    """
    if not (np.isfinite(values).all() and np.abs(values).max(initial=0.0) <= MAX_VALUE):
        raise Refused(ErrorCode.BAD_ARRAY, "A sum holds a number that isn't finite or is far too large.")
    words = random_words(key, values.size)
    return round_with(values, std, words, refine=lambda index: refinement(key, index))


def round_with(
    values: NDArray[np.float64], std: float, words: NDArray[np.uint64], *, refine: Callable[[int], int]
) -> NDArray[np.int64]:
    """The draws that `words` (d,) stand for; `refine(index)` gives 128 more bits where they are needed."""
    if not MIN_SHARE_STD_UNITS <= std <= MAX_SHARE_STD_UNITS:
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"The noise's standard deviation can't be {std} units.")
    tail = ((words >> np.uint64(1)).astype(np.float64) + 0.5) * 2.0**-64
    magnitude = -ndtri(np.minimum(tail, 0.5))
    whole = np.floor(values)  # values - whole is exact, so large values lose nothing
    shifted = (values - whole) + std * np.where(words & np.uint64(1), magnitude, -magnitude) + 0.5
    floors = np.floor(shifted)
    drawn = (whole + floors).astype(np.int64)
    above = shifted - floors
    doubtful = (np.minimum(above, 1.0 - above) < _GUARD) | (tail < std * _COARSE_TAIL)
    for index in map(int, np.flatnonzero(doubtful)):
        drawn[index] = exact_draw(float(values[index]), std, word=int(words[index]), more=refine(index))
    return drawn


def exact_draw(value: float, std: float, *, word: int, more: int) -> int:
    """The same draw from the 64 bits of `word` and the 128 bits of `more`, in 60 decimal digits."""
    exact = MPContext()
    exact.dps = _DIGITS
    tail = exact.ldexp((word >> 1) + exact.ldexp(more + exact.mpf(0.5), -128), -64)
    magnitude = exact.mpf(-float(ndtri(float(tail))))
    for _ in range(4):  # Newton on the tail probability: 15 good digits, then 30, 60
        density = exact.exp(-magnitude * magnitude / 2) / exact.sqrt(2 * exact.pi)
        magnitude += (exact.erfc(magnitude / exact.sqrt(2)) / 2 - tail) / density
    noise = exact.mpf(std) * (magnitude if word & 1 else -magnitude)
    return int(exact.floor(exact.mpf(value) + noise + exact.mpf(0.5)))


def random_words(key: bytes, count: int) -> NDArray[np.uint64]:
    """(count,) words of 64 bits: the start of the key's AES-256-CTR stream."""
    if len(key) != KEY_BYTES:
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"Noise needs a key of {KEY_BYTES} bytes, got {len(key)}.")
    return np.frombuffer(_stream(key, 0, 8 * count), "<u8").astype(np.uint64, copy=False)


def refinement(key: bytes, index: int) -> int:
    """128 further bits for one coordinate: the stream's block 2^64 + index, which no word reaches."""
    return int.from_bytes(_stream(key, 2**64 + index, 16), "big")


def _stream(key: bytes, first_block: int, count: int) -> bytes:
    start = first_block.to_bytes(16, "big")
    return Cipher(algorithms.AES(key), modes.CTR(start)).encryptor().update(bytes(count))
