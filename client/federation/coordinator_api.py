"""What a school asks the coordinator for: signed requests over TLS that trusts the consortium's CA alone."""

import json
import re
import ssl
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from client.federation.enrolment import Enrolment, load_enrolment
from client.settings import SchoolFolder
from common.clock import Clock
from common.envelope import MAX_MESSAGE_BYTES
from common.errors import Corrupt, ErrorCode, FixSettings, RetryLater
from common.signed_request import sign_request
from common.signing import Identity, load_identity

TIMEOUT_SECONDS = 15.0
ENROL_SECONDS = 60.0  # Flower takes new schools in one after the other, before the coordinator answers them
MAX_JSON_BYTES = 16_000_000
_DIGEST = re.compile(r"[0-9a-f]{64}")
_REFUSED = frozenset({400, 401, 403, 404, 409, 410, 422})


@dataclass(frozen=True, slots=True)
class CoordinatorApi:
    """How this school signs and where it asks."""

    enrolment: Enrolment
    identity: Identity = field(repr=False)
    clock: Clock


@dataclass(frozen=True, slots=True)
class Offers:
    """Digests of releases, newest first: those on offer, and those that the coordinator has withdrawn."""

    releases: tuple[str, ...]
    withdrawn: tuple[str, ...] = ()


def open_api(folder: SchoolFolder, clock: Clock) -> CoordinatorApi:
    """The API as this school may use it; FixSettings if it hasn't joined a consortium."""
    return CoordinatorApi(load_enrolment(folder.enrolment), load_identity(folder.identity_key), clock)


def fetch_campaigns(api: CoordinatorApi) -> list[bytes]:
    """Sealed campaign plans that name this school, as they came: nothing is verified yet."""
    plans = _field(_parse(_get(api, "/api/campaigns", limit_bytes=MAX_JSON_BYTES)), "campaigns")
    try:
        return [b64decode(plan, validate=True) for plan in plans]
    except NotBase64 as error:
        raise _odd_answer() from error


def fetch_offers(api: CoordinatorApi) -> Offers:
    """What may be installed and what no longer may; a digest that isn't one is Corrupt."""
    answer = _parse(_get(api, "/api/releases", limit_bytes=MAX_JSON_BYTES))
    return Offers(_digests(answer, "releases"), _digests(answer, "withdrawn"))


def fetch_release(api: CoordinatorApi, digest: str) -> bytes:
    """One release's file, as it came."""
    return _get(api, f"/api/releases/{digest}", limit_bytes=MAX_MESSAGE_BYTES)


def fetch_bytes(api: CoordinatorApi, path: str, *, limit_bytes: int = MAX_MESSAGE_BYTES) -> bytes:
    """Any signed GET, as it came. RetryLater if the coordinator can't be reached or doesn't know the path."""
    return _get(api, path, limit_bytes=limit_bytes)


def fetch_texts(api: CoordinatorApi, path: str, name: str) -> list[str]:
    """One list of texts out of a JSON answer; Corrupt if it isn't there."""
    return _field(_parse(_get(api, path, limit_bytes=MAX_JSON_BYTES)), name)


def post_json(url: str, path: str, *, ca_pem: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to an unsigned POST: enrolment, where the school has no standing yet.

    FixSettings (`bad-invitation`) if the coordinator refuses, RetryLater (`unreachable`) if it doesn't answer.
    """
    connection = _connection(url, ca_pem, seconds=ENROL_SECONDS)
    with connection as http, _reaching(url), http.stream("POST", path, json=dict(body)) as response:
        if response.status_code in _REFUSED:
            raise FixSettings(
                ErrorCode.BAD_INVITATION,
                "The coordinator refuses this invitation: it was used, withdrawn or has expired. "
                "Ask the consortium's operator for a new one.",
            )
        data = _read(response, MAX_JSON_BYTES)
    return _parse(data)


def _get(api: CoordinatorApi, path: str, *, limit_bytes: int) -> bytes:
    school, url = api.enrolment.school, api.enrolment.url
    headers = sign_request(api.identity, school, method="GET", path=path, at=api.clock.now())
    with _connection(url, api.enrolment.ca_pem) as http, _reaching(url):
        with http.stream("GET", path, headers=headers) as response:
            if response.status_code in _REFUSED:
                raise RetryLater(
                    ErrorCode.NOT_ENROLLED,
                    "The coordinator doesn't accept this school's request: it was removed from the roster, or "
                    "the two clocks differ by more than five minutes.",
                )
            return _read(response, limit_bytes)


@contextmanager
def _connection(url: str, ca_pem: str, *, seconds: float = TIMEOUT_SECONDS) -> Iterator[httpx.Client]:
    """No proxy, no netrc and no certificate store of this machine: only the consortium's CA counts."""
    try:
        trust = ssl.create_default_context(cadata=ca_pem)
    except ssl.SSLError as error:
        raise FixSettings(ErrorCode.BAD_INVITATION, "The consortium's certificate is damaged.") from error
    trust.minimum_version = ssl.TLSVersion.TLSv1_3
    with httpx.Client(base_url=url, verify=trust, trust_env=False, timeout=seconds) as http:
        yield http


@contextmanager
def _reaching(url: str) -> Iterator[None]:
    try:
        yield
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise RetryLater(
            ErrorCode.UNREACHABLE,
            f"The coordinator at {url} doesn't answer, or not with the consortium's certificate.",
        ) from error


def _read(response: httpx.Response, limit_bytes: int) -> bytes:
    if response.status_code != 200:
        raise RetryLater(
            ErrorCode.UNREACHABLE, f"The coordinator can't help just now (HTTP {response.status_code})."
        )
    data = bytearray()
    for part in response.iter_bytes():
        data += part
        if len(data) > limit_bytes:
            raise Corrupt(ErrorCode.BAD_MESSAGE, "The coordinator's answer is far too long.")
    return bytes(data)


def _parse(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _odd_answer() from error
    if not isinstance(value, dict):
        raise _odd_answer()
    return value


def _field(answer: Mapping[str, Any], name: str) -> list[str]:
    values = answer.get(name)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _odd_answer()
    return values


def _digests(answer: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A digest becomes part of a file's name, so nothing but a digest passes."""
    digests = _field(answer, name)
    if not all(_DIGEST.fullmatch(digest) for digest in digests):
        raise _odd_answer()
    return tuple(digests)


def _odd_answer() -> Corrupt:
    return Corrupt(ErrorCode.BAD_MESSAGE, "The coordinator's answer isn't what this version of Homeroom expects.")
