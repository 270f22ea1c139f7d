"""A coordinator that does nothing but mask: it carries messages between schools, as the protocol's relay has it.

No network, no database, no model: a test decides who answers, and looks at every message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from common.exchange import RoundReply, RoundRequest, open_reply, seal_request
from common.masking import attempt_of, evidence_name, position, secagg_terms
from common.plan import CampaignPlan, Member, RoundPlan, SecaggPlan
from common.privacy.secagg.messages import (
    Deal,
    Evidence,
    Join,
    Masked,
    Survivors,
    Unmask,
    pack_deals,
    pack_joins,
    unpack_deals,
)
from common.privacy.secagg.packing import PURPOSE
from common.privacy.secagg.relay import (
    Opened,
    admit_deals,
    admit_join,
    admit_masked,
    admit_unmask,
    make_survivors,
    open_attempt,
)
from common.privacy.secagg.terms import Attempt, SecaggTerms, default_terms, honest_floor
from common.sections import join_sections
from common.signing import Identity
from common.trips import Trip, TripReply, TripRequest, open_trip_reply, seal_trip
from tests.support.plans import campaign_plan, privacy_terms, round_plan

MAX_BYTES = 10_000_000


def masked_campaign(
    keys: Mapping[str, str], coordinator_key: str, *, minimum_cohort: int | None = None, **changes: Any
) -> CampaignPlan:
    """A campaign of these schools (name -> identity key) with the planner's masking terms, unless changed."""
    n, least = len(keys), minimum_cohort or len(keys)
    corrupt, threshold, max_dropped = default_terms(n)
    floor = honest_floor(n, corrupt, threshold, minimum_cohort=least, max_dropped=max_dropped)
    honest = min(2 * n // 3, floor) if n >= 5 else 1
    defaults: dict[str, Any] = {
        "coordinator_key": coordinator_key,
        "members": tuple(
            Member(school=school, identity_key=keys[school], students=100) for school in sorted(keys)
        ),
        "privacy": privacy_terms(honest_schools=honest),
        "secagg": SecaggPlan(corrupt=corrupt, threshold=threshold, max_dropped=max_dropped, min_margin=1),
        "minimum_cohort": least,
    }
    return campaign_plan(**(defaults | changes))


@dataclass(slots=True)
class MaskingCoordinator:
    """deals: of each round, by dealer and holder. evidence: of each opened round."""

    identity: Identity
    campaign: CampaignPlan
    model: bytes = b"model"
    joins: dict[str, Join] = field(default_factory=dict)
    deals: dict[int, dict[tuple[int, int], Deal]] = field(default_factory=dict)
    evidence: dict[int, Evidence] = field(default_factory=dict)
    terms: SecaggTerms = field(init=False)
    schools: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """The campaign as the protocol knows it: members by position."""
        self.terms = secagg_terms(self.campaign)
        self.schools = [member.school for member in self.campaign.members]

    def trip(self, trip: Trip, **parts: bytes) -> bytes:
        """A signed trip."""
        return seal_trip(self.identity, TripRequest(trip, self.campaign, parts))

    def invite(self) -> bytes:
        """S1."""
        return self.trip(Trip.INVITE)

    def deal(self, joins: Sequence[Join] | None = None) -> bytes:
        """S2, once all have joined."""
        ordered = [self.joins[school] for school in self.schools] if joins is None else joins
        return self.trip(Trip.DEAL, joins=pack_joins(ordered), heads=b"")

    def refill(self, upto: int) -> bytes:
        """Beside a round."""
        return self.trip(Trip.REFILL, upto=upto.to_bytes(8, "big"))

    def unmask(self, survivors: Survivors) -> bytes:
        """The second trip."""
        return self.trip(Trip.UNMASK, survivors=survivors.to_bytes())

    def read(self, school: str, data: bytes) -> TripReply:
        """A school's signed reply to a trip."""
        return open_trip_reply(data, school=school, school_key=self._key(school), max_bytes=MAX_BYTES)

    def read_round(self, school: str, data: bytes) -> RoundReply:
        """A school's signed reply to a round."""
        return open_reply(data, school=school, school_key=self._key(school), max_bytes=MAX_BYTES)

    def take_join(self, school: str, data: bytes) -> None:
        """Keeps a box key."""
        join = Join.from_bytes(self.read(school, data).parts["join"])
        admit_join(self.terms, position(self.campaign, school), join)
        self.joins[school] = join

    def take_deals(self, school: str, packed: bytes) -> None:
        """Keeps deals; the first ones of a round stay."""
        deals = unpack_deals(packed)
        admit_deals(self.terms, position(self.campaign, school), deals)
        for deal in deals:
            self.deals.setdefault(deal.number, {}).setdefault((deal.dealer, deal.holder), deal)

    def dealers(self, number: int) -> list[str]:
        """Schools whose deals for a round are here."""
        dealt = {dealer for dealer, _ in self.deals.get(number, {})}
        return [school for place, school in enumerate(self.schools) if place in dealt]

    def plan(self, number: int, cohort: Sequence[str] | None = None, **changes: Any) -> RoundPlan:
        """A round's plan."""
        follows = {
            "round": number,
            "kind": self.campaign.kind_of(number),
            "cohort": tuple(sorted(self.schools if cohort is None else cohort)),
            "outcome_digest": self.campaign.digest,
        }
        return round_plan(self.campaign, **(follows | changes))

    def request(self, plan: RoundPlan, school: str, **parts: bytes) -> bytes:
        """A school's own request, unless parts of it are changed."""
        if "deals" not in parts:
            parts["deals"] = self.deals_for(plan, school)
        evidence = {evidence_name(number): one.to_bytes() for number, one in self.evidence.items()}
        parts.setdefault("evidence", join_sections(evidence))
        return seal_request(self.identity, RoundRequest(self.campaign, plan, self.model, parts))

    def deals_for(self, plan: RoundPlan, school: str) -> bytes:
        """What the cohort dealt to a school."""
        table, holder = self.deals[plan.round], position(self.campaign, school)
        return pack_deals(table[position(self.campaign, dealer), holder] for dealer in plan.cohort)

    def masked(self, plan: RoundPlan, school: str, data: bytes) -> Masked:
        """A school's vector, admitted."""
        reply = self.read_round(school, data)
        assert reply.update is not None, reply.refusal
        place, ctx = position(self.campaign, school), bytes.fromhex(plan.digest)
        masked = Masked(place, ctx, reply.update, reply.parts["signature"])
        admit_masked(self.terms, self.attempt(plan), masked)
        return masked

    def survivors(self, plan: RoundPlan, masked: Mapping[int, Masked]) -> Survivors:
        """The signed list."""
        return make_survivors(self.terms, self.attempt(plan), masked, identity=self.identity)

    def unmasked(self, plan: RoundPlan, survivors: Survivors, school: str, *, data: bytes) -> Unmask:
        """A school's shares, admitted; its new deals are kept."""
        reply = self.read(school, data)
        assert reply.refusal is None, reply.refusal
        unmask = Unmask.from_bytes(reply.parts["unmask"])
        admit_unmask(self.terms, self.attempt(plan), survivors, unmask=unmask, deals=self.deals[plan.round])
        self.take_deals(school, reply.parts["deals"])
        return unmask

    def open(self, plan: RoundPlan, masked: Mapping[int, Masked], unmasks: Mapping[int, Unmask]) -> Opened:
        """The sum; the evidence goes out with every later round."""
        opened = open_attempt(
            self.terms, self.attempt(plan), masked=masked, unmasks=unmasks, deals=self.deals[plan.round], threads=1
        )
        self.evidence[plan.round] = opened.evidence
        return opened

    def attempt(self, plan: RoundPlan) -> Attempt:
        """The round as the protocol knows it."""
        return attempt_of(self.campaign, plan)

    def _key(self, school: str) -> str:
        member = self.campaign.member(school)
        assert member is not None
        return member.identity_key


def other_survivors(survivors: Survivors, identity: Identity, **changes: Any) -> Survivors:
    """A list that differs, signed all the same."""
    changed = replace(survivors, **changes)
    return replace(changed, signature=identity.sign(PURPOSE, changed.signed))
