"""Schools without students that mask: they speak every trip with the kernel's own functions, and add real noise.

What a school has to write down before it answers it keeps in `state` and `sealed`, so that a school that was asked
the same twice answers the same bytes, as the real one does from its disk.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from common import trips
from common.envelope import peek_kind
from common.errors import Corrupt, ErrorCode, Refused
from common.exchange import RoundReply, RoundRequest, open_request, seal_reply
from common.federated_step import dimensions
from common.masking import attempt_of, evidence_name, position, secagg_terms
from common.plan import CampaignPlan, Member
from common.privacy.clipping import ClippedSum
from common.privacy.mechanism import noised_integers
from common.privacy.secagg.holder import check_round, freeze_and_deal, join, mask, refill, start, unmask
from common.privacy.secagg.messages import Evidence, Survivors, pack_deals, unpack_deals, unpack_joins
from common.privacy.secagg.state import HolderState
from common.refusals import RefusalCode
from common.sections import split_sections
from common.signing import Identity, new_identity
from common.trips import Trip, TripReply, TripRequest, open_trip, seal_trip_reply
from tests.support.seeded import SeededRandomness


@dataclass(slots=True)
class FakeMaskedSchool:
    """Sends one student's worth of update along a direction that its name decides.

    integers: its noised integers by round. charges: rounds that it paid for. silent: trips, or "round", that it
    doesn't answer. refusal: answered to every round's request instead if set. faults: what its masking refused.
    """

    name: str
    coordinator_key: str
    identity: Identity = field(default_factory=new_identity)
    students: int = 100
    refusal: RefusalCode | None = None
    matches: bool = True
    silent: set[str] = field(default_factory=set)
    state: HolderState | None = None
    integers: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    charges: list[int] = field(default_factory=list)
    sealed: dict[str, bytes] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def member(self) -> Member:
        """Its entry in the roster."""
        return Member(school=self.name, identity_key=self.identity.public_key, students=self.students)

    @property
    def randomness(self) -> SeededRandomness:
        """Decided by its name."""
        return SeededRandomness(self.name)

    def __call__(self, message: bytes) -> bytes | None:
        """Answers whatever it is asked, or is silent."""
        if peek_kind(message) == trips.REQUEST:
            request = open_trip(message, coordinator_key=self.coordinator_key)
            self.heard.append(str(request.trip))
            return None if request.trip in self.silent else self._trip(request)
        asked = open_request(message, coordinator_key=self.coordinator_key)
        self.heard.append(f"{asked.plan.kind} {asked.plan.round}")
        return None if "round" in self.silent else self._round(asked)

    def direction(self, count: int) -> NDArray[np.float64]:
        """(count,) of norm 1, drawn from its name."""
        seed = int.from_bytes(hashlib.sha256(self.name.encode()).digest()[:8], "big")
        vector = np.random.default_rng(seed).normal(size=count)
        return np.asarray(vector / np.linalg.norm(vector), np.float64)

    def _round(self, request: RoundRequest) -> bytes:
        ctx = request.plan.digest
        if self.refusal is not None:
            return seal_reply(self.identity, RoundReply(self.name, ctx, refusal=self.refusal))
        if ctx not in self.sealed:
            self.sealed[ctx] = self._guarded_round(request)
        return self.sealed[ctx]

    def _guarded_round(self, request: RoundRequest) -> bytes:
        try:
            reply = self._masked(request)
        except (Corrupt, Refused) as error:
            self.faults.append(str(getattr(error, "fault", error.code)))
            reply = RoundReply(self.name, request.plan.digest, refusal=RefusalCode.MASKING_REFUSED)
        return seal_reply(self.identity, reply)

    def _masked(self, request: RoundRequest) -> RoundReply:
        campaign, plan = request.campaign, request.plan
        terms, attempt = secagg_terms(campaign), attempt_of(campaign, plan)
        evidence = split_sections(request.parts["evidence"]).get(evidence_name(self._state().last))
        opened = check_round(
            self._state(),
            terms,
            attempt,
            deals=unpack_deals(request.parts["deals"]),
            evidence=Evidence.from_bytes(evidence) if evidence else None,
        )
        self.charges.append(plan.round)
        self.integers[plan.round] = self._noised(request)
        self.state, masked = mask(self._state(), opened, self.integers[plan.round], identity=self.identity)
        parts = {"signature": masked.signature, "ledger": self._ledger()}
        return RoundReply(self.name, plan.digest, update=masked.y, parts=parts)

    def _noised(self, request: RoundRequest) -> NDArray[np.int64]:
        kind = request.plan.kind
        mechanism = request.campaign.mechanism(kind)
        clipped = ClippedSum(self.direction(dimensions(request.campaign, kind)), mechanism.clip_norm)
        return noised_integers(
            clipped,
            mechanism,
            own_honest_schools=mechanism.honest_schools,
            randomness=self.randomness,
            purpose=f"{request.campaign.digest}/{request.plan.round}",
        )

    def _ledger(self) -> bytes:
        """How many rows its ledger has, and a hash."""
        return len(self.charges).to_bytes(8, "big") + hashlib.sha256(self.name.encode()).digest()

    def _trip(self, request: TripRequest) -> bytes:
        if request.trip != Trip.UNMASK:
            return self._guarded_trip(request)  # the same question gives the same answer, or more deals
        key = hashlib.sha256(request.parts["survivors"]).hexdigest()
        if key not in self.sealed:
            self.sealed[key] = self._guarded_trip(request)
        return self.sealed[key]

    def _guarded_trip(self, request: TripRequest) -> bytes:
        answers: dict[Trip, Callable[[TripRequest], dict[str, bytes]]] = {
            Trip.INVITE: self._join,
            Trip.DEAL: self._deal,
            Trip.REFILL: self._refill,
            Trip.UNMASK: self._unmask,
            Trip.CONFIRM: self._confirm,
        }
        campaign = request.campaign.digest
        try:
            reply = TripReply(self.name, request.trip, campaign, parts=answers[request.trip](request))
        except (Corrupt, Refused) as error:
            self.faults.append(str(getattr(error, "fault", error.code)))
            reply = TripReply(self.name, request.trip, campaign, refusal=RefusalCode.MASKING_REFUSED)
        return seal_trip_reply(self.identity, reply)

    def _join(self, request: TripRequest) -> dict[str, bytes]:
        terms = secagg_terms(request.campaign)
        if self.state is None:
            self.state = start(terms, position(request.campaign, self.name), self.randomness)
        return {"join": join(self.state, terms, self.identity).to_bytes(), "head": b""}

    def _deal(self, request: TripRequest) -> dict[str, bytes]:
        joins = unpack_joins(request.parts["joins"])
        self.state, deals = freeze_and_deal(
            self._state(),
            secagg_terms(request.campaign),
            joins,
            identity=self.identity,
            randomness=self.randomness,
        )
        return {"deals": pack_deals(deals)}

    def _refill(self, request: TripRequest) -> dict[str, bytes]:
        upto = int.from_bytes(request.parts["upto"], "big")
        self.state, deals = refill(
            self._state(),
            secagg_terms(request.campaign),
            upto,
            identity=self.identity,
            randomness=self.randomness,
        )
        return {"deals": pack_deals(deals)}

    def _unmask(self, request: TripRequest) -> dict[str, bytes]:
        campaign = request.campaign
        self.state, mine, deals = unmask(
            self._state(),
            secagg_terms(campaign),
            Survivors.from_bytes(request.parts["survivors"]),
            needed=_needed(campaign),
            identity=self.identity,
            randomness=self.randomness,
        )
        return {"unmask": mine.to_bytes(), "deals": pack_deals(deals)}

    def _confirm(self, request: TripRequest) -> dict[str, bytes]:
        return {"matched": b"\x01" if self.matches else b"\x00"}

    def _state(self) -> HolderState:
        if self.state is None:
            raise Corrupt(ErrorCode.BAD_MESSAGE, "This school wasn't invited.")
        return self.state


def fake_masked_schools(coordinator_key: str, names: Sequence[str]) -> dict[str, FakeMaskedSchool]:
    """One per name, with fresh keys."""
    return {name: FakeMaskedSchool(name, coordinator_key) for name in names}


def _needed(campaign: CampaignPlan) -> int:
    margin = campaign.secagg.min_margin if campaign.secagg else 0
    return campaign.privacy.honest_schools + margin
