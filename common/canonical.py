"""Canonical bytes: one JSON spelling per value, so that equal values have equal hashes and signatures."""

import hashlib
import json
from typing import Any

from common.errors import Corrupt, ErrorCode


def canonical_json(value: Any) -> bytes:
    """Sorted keys, no spaces, UTF-8; refuses NaN and infinity, which JSON can't carry."""
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A message holds a number that isn't finite.") from error
    return text.encode()


def parse_canonical_json(data: bytes) -> Any:
    """The value of `data`; Corrupt unless `data` is exactly the canonical spelling of that value."""
    try:
        value = json.loads(data)
        again = canonical_json(value)
    except (ValueError, RecursionError) as error:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A message isn't valid JSON.") from error
    if again != data:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A message isn't in canonical form.")
    return value


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
