"""Canonical bytes: one JSON spelling per value, so that equal values have equal hashes and signatures."""

import hashlib
import json
import math
from typing import Any

from common.errors import Corrupt, ErrorCode


def canonical_json(value: Any) -> bytes:
    """Sorted keys, no spaces, UTF-8; refuses NaN and infinity, which JSON can't carry."""
    _refuse_non_finite(value)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
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


def _refuse_non_finite(value: Any) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A message holds a number that isn't finite.")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_non_finite(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_non_finite(item)
