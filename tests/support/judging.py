"""Sound requests and school states for tests of the policy, with an accountant that can be worked by hand."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from client.federation.school_state import SchoolState
from common.arrays import to_bytes
from common.canonical import sha256_hex
from common.exchange import RoundRequest
from common.models.dkt_shapes import zero_arrays
from common.plan import CampaignPlan, Member, ModelTerms
from common.privacy.ledger_rows import Entry
from common.privacy.terms import Event
from tests.support.plans import campaign_plan, privacy_terms, round_plan
from tests.support.stores import NOW

SCHOOL, KEY, VERSION = "east", "1" * 64, "0.1.0"
MODEL = to_bytes(zero_arrays(3, 8))


def linear_epsilon(events: Iterable[Event], delta: float) -> float:
    """sampling_rate / noise_multiplier for each round: what the tests' expected figures are worked from."""
    return sum(event.count * event.sampling_rate / event.noise_multiplier for event in events)


def sound_campaign(*, privacy: dict[str, Any] | None = None, **changes: Any) -> CampaignPlan:
    """A campaign whose printed figures are right under `linear_epsilon`, unless changed."""
    terms = privacy_terms(**(privacy or {}))
    rounds = int(changes.get("rounds", 3))
    mechanism = terms.mechanism
    defaults: dict[str, Any] = {
        "privacy": terms,
        "model": ModelTerms(
            kind="dkt",
            hidden=8,
            skill_map_version="1",
            skill_names=("add", "multiply"),
            start_digest=sha256_hex(MODEL),
        ),
        "epsilon": linear_epsilon([mechanism.event(rounds)], terms.delta),
        "epsilon_alone": linear_epsilon([mechanism.event_alone(rounds)], terms.delta),
    }
    return campaign_plan(**(defaults | changes))


def request_for(campaign: CampaignPlan, *, model: bytes = MODEL, **changes: Any) -> RoundRequest:
    """A round of this campaign whose figures are right, unless changed."""
    number = int(changes.get("round", 1))
    defaults = {
        "model_digest": sha256_hex(model),
        "epsilon_after": linear_epsilon([campaign.privacy.mechanism.event(number)], 1e-5),
    }
    return RoundRequest(campaign, round_plan(campaign, **(defaults | changes)), model)


def state(**changes: Any) -> SchoolState:
    """The school "east", which approved the campaign and has spent nothing, unless changed."""
    sound = SchoolState(
        school=SCHOOL,
        identity_key=KEY,
        students=100,
        package_version=VERSION,
        now=NOW,
        approved=True,
        last_round=0,
        charges=(),
        consenting=60,
        epsilon_of=linear_epsilon,
    )
    return replace(sound, **changes)


def charge(*, at: datetime = NOW, noise_multiplier: float = 1.5, sampling_rate: float = 0.25) -> Entry:
    """A row of the ledger that cost something."""
    return Entry(
        seq=1,
        at=at.isoformat(),
        kind="charge",
        campaign="d" * 64,
        round=1,
        ctx="e" * 64,
        noise_multiplier=noise_multiplier,
        sampling_rate=sampling_rate,
        honest_schools=1,
        delta=1e-5,
        epsilon_after=0.0,
        epsilon_alone_after=0.0,
        state="charged",
        previous="0" * 64,
    )


def member(school: str, key: str, *, students: int = 100) -> Member:
    """A row of a roster; `key` is one digit, repeated."""
    return Member(school=school, identity_key=key * 64, students=students)
