"""How a school splits its students into train, validation and test: by a keyed hash, so nobody ever moves.

The key is made at the school and stays there. Without it nobody can tell from an id which set a student is in.
"""

import hashlib
import hmac
from typing import Literal

StudentSet = Literal["train", "validation", "test"]

# Shares of the three sets in 2^64ths: 70 % train, 15 % validation, 15 % test.
_TRAIN_BELOW = (2**64 * 70) // 100
_VALIDATION_BELOW = (2**64 * 85) // 100


def assign(student_id: str, key: bytes) -> StudentSet:
    """The set of a student. It depends on the id and the key alone: stable when other students come or go."""
    digest = hmac.digest(key, b"homeroom/split/1\x00" + student_id.encode(), hashlib.sha256)
    position = int.from_bytes(digest[:8], "big")
    if position < _TRAIN_BELOW:
        return "train"
    return "validation" if position < _VALIDATION_BELOW else "test"
