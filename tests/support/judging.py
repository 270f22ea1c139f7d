"""Sound requests and school states for tests of the policy, with an accountant that can be worked by hand."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from client.federation.policy import decide
from client.federation.school_state import SchoolState
from client.settings import PolicySettings
from common.arrays import to_bytes
from common.canonical import sha256_hex
from common.exchange import RoundRequest
from common.model_terms import DktTerms
from common.models.dkt_shapes import zero_arrays
from common.permission import Permission
from common.plan import CampaignPlan, Member, SecaggPlan
from common.privacy.ledger_rows import Entry
from common.privacy.terms import Event
from common.refusals import Refusal
from tests.support.plans import ZEROS, campaign_plan, privacy_terms, round_plan
from tests.support.stores import NOW

POLICY = PolicySettings()
SCHOOL, KEY, VERSION = "east", "1" * 64, "0.1.0"
MODEL = to_bytes(zero_arrays(3, 8))
OLDER, NEWER = "2025/26", "2026/27"
# Five schools, one of which may be corrupt and one missing: a sum of three honest ones is the least that opens.
FIVE = ("east", "north", "south", "west", "central")
MASKED = SecaggPlan(corrupt=1, threshold=4, max_dropped=1, min_margin=1)


@dataclass(frozen=True, slots=True)
class FakeLog:
    """A public log that knows the schools of `FIVE`, with their keys, and of no ledger. roots: by size."""

    size: int = 0
    roots: dict[int, str] = field(default_factory=lambda: {0: ZEROS})
    consistent: bool = True
    sentence: str = ""
    roster: dict[str, str] = field(default_factory=lambda: {m.school: m.identity_key for m in five_members()})
    revoked: frozenset[str] = frozenset()
    own_ledger_rows: int = 0
    own_ledger_head: str = ZEROS

    def root_at(self, size: int) -> str:
        """As it was read."""
        return self.roots[size]


def linear_epsilon(events: Iterable[Event], delta: float) -> float:
    """sampling_rate / noise_multiplier for each round: what the tests' expected figures are worked from."""
    return sum(event.count * event.sampling_rate / event.noise_multiplier for event in events)


def sound_campaign(*, privacy: dict[str, Any] | None = None, **changes: Any) -> CampaignPlan:
    """A campaign whose printed figures are right under `linear_epsilon`, unless changed."""
    defaults: dict[str, Any] = {
        "privacy": privacy_terms(**(privacy or {})),
        "model": DktTerms(
            kind="dkt",
            hidden=8,
            skill_map_version="1",
            skill_names=("add", "multiply"),
            start_digest=sha256_hex(MODEL),
        ),
    }
    unpriced = campaign_plan(**(defaults | changes))
    return unpriced.model_copy(update=_figures(unpriced) | changes)


def masked_campaign(*, privacy: dict[str, Any] | None = None, **changes: Any) -> CampaignPlan:
    """Five schools with masks that rely on three honest ones, unless changed."""
    shared = {"honest_schools": 3} | (privacy or {})
    defaults: dict[str, Any] = {"members": five_members(), "secagg": MASKED, "minimum_cohort": 5}
    return sound_campaign(privacy=shared, **(defaults | changes))


def request_for(
    campaign: CampaignPlan, *, model: bytes = MODEL, sent_at: datetime = NOW, **changes: Any
) -> RoundRequest:
    """A round of this campaign whose figures are right, unless changed."""
    number = int(changes.get("round", 1))
    defaults = {
        "kind": campaign.kind_of(number),
        "model_digest": sha256_hex(model),
        "epsilon_after": linear_epsilon(campaign.events(min(number, campaign.total_rounds)), 1e-5),
    }
    plan = round_plan(campaign, **(defaults | changes))
    return RoundRequest(campaign, plan, model, sent_at_seconds=sent_at.timestamp())


def state(**changes: Any) -> SchoolState:
    """The school "east", which approved the campaign, computed its model and has spent nothing, unless changed."""
    sound = SchoolState(
        school=SCHOOL,
        identity_key=KEY,
        students=100,
        package_version=VERSION,
        now=NOW,
        approved=True,
        last_round=0,
        rows=(),
        cohorts={NEWER: 60},
        epsilon_of=linear_epsilon,
        log=FakeLog(),
        recomputed_digest=sha256_hex(MODEL),
        paused=False,
    )
    return replace(sound, **changes)


def charge(*, at: datetime = NOW, **changes: Any) -> Entry:
    """A row of the ledger that cost something: one round of the sound plan, paid for by students of one cohort."""
    row = Entry(
        seq=1,
        at=at.isoformat(),
        kind="charge",
        campaign="d" * 64,
        round=1,
        ctx="e" * 64,
        noise_multiplier=1.5,
        sampling_rate=0.25,
        honest_schools=1,
        delta=1e-5,
        epsilon_after=0.0,
        epsilon_alone_after=0.0,
        state="charged",
        previous="0" * 64,
        own_honest_schools=1,
        round_kind="train",
        cohorts=(NEWER,),
    )
    return replace(row, **changes)


def charges(count: int, *, at: datetime = NOW, **changes: Any) -> tuple[Entry, ...]:
    """So many of them, numbered."""
    return tuple(charge(at=at, seq=seq, **changes) for seq in range(1, count + 1))


def member(school: str, key: str, *, students: int = 100) -> Member:
    """A row of a roster; `key` is one digit, repeated."""
    return Member(school=school, identity_key=key * 64, students=students)


def five_members() -> tuple[Member, ...]:
    """The schools of `FIVE` with keys 1, 2, 4, 3, 5, so that three of them are those of every other test."""
    return tuple(member(school, key) for school, key in zip(sorted(FIVE), "51243", strict=True))


def _figures(campaign: CampaignPlan) -> dict[str, float]:
    events = campaign.events(campaign.total_rounds)
    alone = [event.alone(campaign.privacy.honest_schools) for event in events]
    return {"epsilon": linear_epsilon(events, 1e-5), "epsilon_alone": linear_epsilon(alone, 1e-5)}


def must_permit(
    request: RoundRequest, own: SchoolState | None = None, policy: PolicySettings = POLICY
) -> Permission:
    """The policy's yes, which must be one."""
    answer = decide(request, own or state(), policy)
    assert isinstance(answer, Permission), answer
    return answer


def must_refuse(request: RoundRequest, own: SchoolState | None = None, policy: PolicySettings = POLICY) -> Refusal:
    """The refusal, which must be there and be written for a person."""
    answer = decide(request, own or state(), policy)
    assert isinstance(answer, Refusal), answer
    assert answer.sentence.endswith(".")
    assert answer.sentence[0].isupper()
    return answer
