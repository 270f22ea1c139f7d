"""Schools without students: they verify, add real noise, sign, and return the same bytes for the same plan."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from numpy.typing import NDArray

from common import trips
from common.envelope import peek_kind
from common.exchange import RoundReply, RoundRequest, open_request, seal_reply
from common.federated_step import dimensions
from common.plan import Member
from common.privacy.clipping import ClippedSum
from common.privacy.mechanism import noised_share
from common.refusals import RefusalCode
from common.signing import Identity, new_identity
from common.trips import TripReply, open_trip, seal_trip_reply
from tests.support.seeded import SeededRandomness


@dataclass(slots=True)
class FakeSchool:
    """Sends one student's worth of update along a direction that its name decides.

    sealed: what it answered, by plan digest. charges: how often it paid. refusal: answered instead if set.
    """

    name: str
    coordinator_key: str
    identity: Identity = field(default_factory=new_identity)
    students: int = 100
    refusal: RefusalCode | None = None
    sealed: dict[str, bytes] = field(default_factory=dict)
    charges: int = 0
    matches: bool = True

    @property
    def member(self) -> Member:
        """Its entry in the roster."""
        return Member(school=self.name, identity_key=self.identity.public_key, students=self.students)

    def __call__(self, message: bytes) -> bytes:
        """Answers a round's request, or confirms a candidate."""
        if peek_kind(message) == trips.REQUEST:
            return self.confirm(message)
        request = open_request(message, coordinator_key=self.coordinator_key)
        ctx = request.plan.digest
        if ctx not in self.sealed:
            reply = RoundReply(self.name, ctx, refusal=self.refusal)
            if self.refusal is None:
                self.charges += 1
                reply = RoundReply(self.name, ctx, update=self.share(request))
            self.sealed[ctx] = seal_reply(self.identity, reply)
        return self.sealed[ctx]

    def confirm(self, message: bytes) -> bytes:
        """Says of whatever candidate that its own model is the same, unless `matches` is off."""
        request = open_trip(message, coordinator_key=self.coordinator_key)
        parts = {"matched": b"\x01" if self.matches else b"\x00"}
        reply = TripReply(self.name, request.trip, request.campaign.digest, parts=parts)
        return seal_trip_reply(self.identity, reply)

    def share(self, request: RoundRequest) -> bytes:
        """Its update with its noise: the same bytes for the same name and plan."""
        kind = request.plan.kind
        terms = request.campaign.mechanism(kind)
        clipped = ClippedSum(self.direction(dimensions(request.campaign, kind)), terms.clip_norm)
        return noised_share(clipped, terms, randomness=SeededRandomness(self.name), purpose=request.plan.digest)

    def direction(self, count: int) -> NDArray[np.float64]:
        """(count,) of norm 1, drawn from its name."""
        seed = int.from_bytes(hashlib.sha256(self.name.encode()).digest()[:8], "big")
        vector = np.random.default_rng(seed).normal(size=count)
        return np.asarray(vector / np.linalg.norm(vector), np.float64)


def fake_schools(coordinator_key: str, names: Sequence[str]) -> dict[str, FakeSchool]:
    """One per name, with fresh keys."""
    return {name: FakeSchool(name, coordinator_key) for name in names}


def node_key() -> str:
    """A fresh P-384 public key as one line of OpenSSH text, as a school sends it to enrol."""
    key = ec.generate_private_key(ec.SECP384R1()).public_key()
    return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
