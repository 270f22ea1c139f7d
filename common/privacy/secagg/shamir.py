"""Shamir's secret sharing of 32-byte secrets over the prime field of 2^256 + 297 elements.

Shamir, "How to share a secret", Communications of the ACM 22 (1979). Member i holds the value at x = i + 1.
"""

from collections.abc import Sequence

PRIME = 2**256 + 297
SECRET_BYTES, SHARE_BYTES = 32, 33
# 128 bits more than the field needs, so that the reduction's bias is below 2^-127.
COEFFICIENT_BYTES = 48


def split(secret: bytes, members: int, *, coefficients: bytes) -> tuple[bytes, ...]:
    """One share per member, 33 bytes each; 1 + len(coefficients) / 48 of them recover the secret.

    coefficients: fresh secret bytes, 48 for each degree from 1.
    """
    rows = [coefficients[at : at + COEFFICIENT_BYTES] for at in range(0, len(coefficients), COEFFICIENT_BYTES)]
    polynomial = [int.from_bytes(secret, "big"), *(int.from_bytes(row, "big") % PRIME for row in rows)]
    polynomial.reverse()
    return tuple(_value(polynomial, member + 1).to_bytes(SHARE_BYTES, "big") for member in range(members))


def coefficients_at_zero(holders: Sequence[int]) -> tuple[int, ...]:
    """Lagrange coefficients for the members `holders` (distinct): computed once, used for every secret."""
    points = [holder + 1 for holder in holders]
    found = []
    for point in points:
        above = below = 1
        for other in points:
            if other != point:
                above, below = above * other % PRIME, below * (other - point) % PRIME
        found.append(above * pow(below, -1, PRIME) % PRIME)
    return tuple(found)


def recover(shares: Sequence[bytes], coefficients: Sequence[int]) -> bytes | None:
    """The 32-byte secret; None if the shares lie on no polynomial whose value at zero has 32 bytes."""
    terms = (int.from_bytes(share, "big") * c for share, c in zip(shares, coefficients, strict=True))
    value = sum(terms) % PRIME
    return value.to_bytes(SECRET_BYTES, "big") if value < 2**256 else None


def is_share(share: bytes) -> bool:
    """Whether these bytes spell an element of the field."""
    return len(share) == SHARE_BYTES and int.from_bytes(share, "big") < PRIME


def _value(descending: Sequence[int], point: int) -> int:
    value = 0
    for step, coefficient in enumerate(descending):
        value = value * point + coefficient
        if step % 16 == 15:  # reducing seldom is twice as fast as at every step
            value %= PRIME
    return value % PRIME
