"""A school in a folder whose ledger was charged for a campaign, and an attack report: for privacy statements."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client.federation.privacy_statement import Accountant
from client.federation.statement_figures import Calculator, Sources
from client.records.store import open_school_store
from client.settings import PolicySettings, SchoolFolder, create_folder, load_settings
from common.clock import StoppedClock
from common.plan import CampaignPlan, Member, MetricTerms, SecaggPlan
from common.privacy.accounting import RESERVED_SHARE_OF_DELTA, epsilon_of
from common.privacy.ledger import Caps, Charge, Entry, Ledger, RoundState
from tests.support.schools import approve_in, consortium_of, school_identity
from tests.support.stores import NOW

WIDE = Caps(epsilon=1e6, epsilon_alone=1e6)
OLDER, NEWER = "2025/26", "2026/27"
CALCULATOR = Calculator(epsilon_of, RESERVED_SHARE_OF_DELTA, Accountant(name="a", version="1", method="m"))
KEY = "4" * 64
FIVE = ("ash", "birch", "cedar", "east", "fir")


@dataclass(frozen=True, slots=True)
class StatedSchool:
    """The school "east", its folder, and a campaign that it approved."""

    folder: SchoolFolder
    plan: CampaignPlan
    clock: StoppedClock = field(default_factory=StoppedClock)

    def charge(self, number: int, *cohorts: str, own: int | None = None, plan: CampaignPlan | None = None) -> str:
        """Pays for a round; returns its ctx."""
        plan = plan or self.plan
        kind = plan.kind_of(number)
        ctx = f"{number:064x}"
        paid = Charge(
            plan.digest,
            number,
            ctx,
            plan.mechanism(kind),
            frozenset(cohorts or {NEWER}),
            own_honest_schools=own,
            round_kind=kind,
        )
        with self._ledger() as ledger:
            assert isinstance(ledger.charge(paid), Entry)
        return ctx

    def mark(self, ctx: str, state: RoundState, margin: int = -1) -> None:
        """Notes what became of it."""
        with self._ledger() as ledger:
            ledger.mark(ctx, state, margin)

    def _ledger(self) -> Ledger:
        return Ledger(self.folder.ledger, caps=WIDE, epsilon_of=epsilon_of, clock=self.clock)


def stated_plan(identity_key: str, **changes: Any) -> CampaignPlan:
    """Five masked schools that rely on three honest ones, three rounds and one that measures; unless changed."""
    members = tuple(
        Member(school=name, identity_key=identity_key if name == "east" else f"{n}" * 64, students=100)
        for n, name in enumerate(FIVE, start=1)
    )
    shared: dict[str, Any] = {
        "members": members,
        "minimum_cohort": 5,
        "secagg": SecaggPlan(corrupt=1, threshold=4, max_dropped=1, min_margin=1),
        "metrics": MetricTerms(bins=10, noise_multiplier=20.0, modulus_bits=24),
        "privacy": {"honest_schools": 3},
    }
    return consortium_of(identity_key, **(shared | changes)).campaign


def stated_school(path: Path, **changes: Any) -> StatedSchool:
    """Set up and approved, nothing charged yet; `changes` are to the plan."""
    folder = create_folder(path, school="east")
    plan = stated_plan(school_identity(folder.path).public_key, **changes)
    store = open_school_store(folder, load_settings(folder))
    approve_in(store, plan)
    store.close()
    return StatedSchool(folder, plan)


def sources(plan: CampaignPlan, rows: tuple[Entry, ...]) -> Sources:
    """Of the school "east", with the settings that it has by default."""
    return Sources("east", KEY, plan, rows, PolicySettings(), package_version="0.1.0", now=NOW)


def attack_report(campaign: CampaignPlan, **changes: Any) -> bytes:
    """The parts of a report that a statement reads, attacked on this plan's own figures; unless changed."""
    privacy = campaign.privacy
    run = {"one_run": 1.9, "gaussian": 4.5, "ceiling": 4.8}
    report: dict[str, Any] = {
        "schema": "homeroom.attack-report/1",
        "plan": {
            "noise_multiplier": privacy.noise_multiplier,
            "sampling_rate": privacy.sampling_rate,
            "rounds": campaign.rounds,
            "honest_schools": privacy.honest_schools,
            "delta": privacy.delta,
        },
        "audit": {
            "claimed": 8.0,
            "honest": [
                {"sums": run, "changes": run | {"gaussian": 5.25}},
                {"sums": run | {"one_run": 2.5, "ceiling": 4.4}, "changes": run},
            ],
        },
        "membership": {
            "campaign": {
                "epsilon_claimed": 3.0,
                "epsilon_lower_bound": 1.5,
                "epsilon_lower_bound_assumption_free": 0.75,
            }
        },
    }
    return json.dumps(report | changes).encode()
