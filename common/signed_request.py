"""Signed requests: the three headers with which a school proves who asks, and their check."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, unquote

from common.errors import ErrorCode, Refused
from common.signing import SIGNATURE_BYTES, Identity, verify

SCHOOL_HEADER = "X-Homeroom-School"
TIME_HEADER = "X-Homeroom-Time"
SIGNATURE_HEADER = "X-Homeroom-Signature"
TOLERANCE_SECONDS = 300
_PURPOSE = "school-request"
_TIME = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(rf"[0-9a-f]{{{2 * SIGNATURE_BYTES}}}")


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What the headers claim; nothing is verified yet. `at_seconds` counts from 1970 (Unix time)."""

    school: str
    at_seconds: int
    signature: bytes


def sign_request(identity: Identity, school: str, *, method: str, path: str, at: datetime) -> dict[str, str]:
    """The headers of one request. `path` starts with a slash and carries no host; names are %-encoded."""
    seconds = int(at.timestamp())
    return {
        SCHOOL_HEADER: quote(school),
        TIME_HEADER: str(seconds),
        SIGNATURE_HEADER: identity.sign(_PURPOSE, _signed_text(method, path, seconds)).hex(),
    }


def read_headers(headers: Mapping[str, str]) -> SignedRequest:
    """Refused when a header is missing or malformed. `headers` look names up without regard to case."""
    school = unquote(headers.get(SCHOOL_HEADER, ""))
    at, signature = headers.get(TIME_HEADER, ""), headers.get(SIGNATURE_HEADER, "")
    if not school or not _TIME.fullmatch(at) or not _SIGNATURE.fullmatch(signature):
        raise Refused(ErrorCode.BAD_SIGNATURE, "This request isn't signed by an enrolled school.")
    return SignedRequest(school, int(at), bytes.fromhex(signature))


def verify_request(signed: SignedRequest, public_key: str, *, method: str, path: str, now: datetime) -> None:
    """Refused unless `public_key` signed this method and path within TOLERANCE_SECONDS of `now`."""
    if abs(now.timestamp() - signed.at_seconds) > TOLERANCE_SECONDS:
        raise Refused(
            ErrorCode.BAD_SIGNATURE,
            "The school's clock and the coordinator's differ by more than five minutes. Set both by NTP.",
        )
    verify(public_key, _PURPOSE, _signed_text(method, path, signed.at_seconds), signature=signed.signature)


def _signed_text(method: str, path: str, seconds: int) -> bytes:
    return f"{method.upper()} {path} {seconds}".encode()
