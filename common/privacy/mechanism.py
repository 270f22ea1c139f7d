"""The mechanism of a round: a school's noised share of the sum, and the sum that the shares open to.

Every school adds its own noise before anybody else sees its numbers. With honest_schools = 1 each share
carries the full noise; with h schools each carries 1 / h of the variance and any h honest shares suffice.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from common.errors import ErrorCode, FixSettings, Refused
from common.privacy.clipping import ClippedSum
from common.privacy.fixed_point import add_shares, centre, encode
from common.privacy.noise import KEY_BYTES, rounded_gaussian
from common.privacy.randomness import Randomness
from common.privacy.terms import MechanismTerms


def noised_integers(
    clipped: ClippedSum,
    terms: MechanismTerms,
    *,
    own_honest_schools: int,
    randomness: Randomness,
    purpose: str,
) -> NDArray[np.int64]:
    """The school's clipped sum in integer units plus its share of the noise: (d,) integers.

    own_honest_schools: this share is one part in so many of the noise's variance, from 1 (all of it) to the
    plan's honest_schools. purpose: the round's ctx; a purpose is used once, and fresh noise for the same data
    is a new charge. Charge the ledger first: these integers are what a charge pays for.
    Refused if the sum isn't finite or was clipped to another norm than the plan's.
    """
    if clipped.clip_norm != terms.clip_norm:
        reason = f"The sum was clipped to {clipped.clip_norm}, but the plan says {terms.clip_norm}."
        raise Refused(ErrorCode.BAD_PARAMETER, reason)
    std = terms.own_share_std_units(own_honest_schools)
    key = randomness.draw(f"noise/{purpose}", KEY_BYTES)
    units = np.asarray(clipped.values, np.float64) * terms.scale
    return rounded_gaussian(units, std, key)


def noised_share(clipped: ClippedSum, terms: MechanismTerms, *, randomness: Randomness, purpose: str) -> bytes:
    """`noised_integers` with the plan's own share, modulo 2^modulus_bits: d x modulus_bits / 8 bytes."""
    integers = noised_integers(
        clipped, terms, own_honest_schools=terms.honest_schools, randomness=randomness, purpose=purpose
    )
    return encode(integers, terms.modulus_bits)


def open_sum(shares: Sequence[bytes], *, count: int, terms: MechanismTerms) -> NDArray[np.float64]:
    """(count,) float64: the schools' sum with its noise, in the units of the clipped sum.

    Corrupt if a share has the wrong length.
    """
    if not shares:
        raise FixSettings(ErrorCode.BAD_PARAMETER, "There is no share to add up.")
    total = add_shares(shares, count, terms.modulus_bits)
    opened: NDArray[np.float64] = centre(total, terms.modulus_bits) / terms.scale
    return opened
