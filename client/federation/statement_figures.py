"""The figures of a privacy statement, computed from a campaign's plan, the ledger's rows and the school's limits.

Pure: values in, a Statement out. The accountant is passed in, so that this file loads without it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from client.federation.privacy_statement import (
    Accountant,
    AuditFigures,
    CohortCost,
    Collusion,
    DeltaParts,
    Epsilon,
    LedgerPlace,
    Limits,
    Mechanism,
    Outcomes,
    Promise,
    RoundsCharged,
    Statement,
    Subject,
    Trust,
)
from client.federation.statement_words import GENERATOR, NOT_COVERED, TRIED, trust_in_words
from client.settings import PolicySettings
from common.errors import Corrupt, ErrorCode, Refused
from common.plan import CampaignPlan, RoundKind
from common.privacy import ledger_costs
from common.privacy.ledger_rows import Entry, RoundState, charges_of
from common.privacy.sampling import OVERDRAW_SHARE_OF_DELTA
from common.privacy.terms import Event
from common.privacy.unit import NEIGHBOURING_RELATION, PRIVACY_UNIT

TRAIN: RoundKind = "train"
EVALUATE: RoundKind = "evaluate"


@dataclass(frozen=True, slots=True)
class Calculator:
    """epsilon_of: the accountant. set_aside: its share of delta for what isn't the Gaussian. program: its name."""

    epsilon_of: ledger_costs.Accountant
    set_aside: float
    program: Accountant


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that a statement is made of. rows: the whole ledger. release: a digest, or "" for none."""

    school: str
    identity_key: str
    plan: CampaignPlan
    rows: tuple[Entry, ...]
    policy: PolicySettings
    package_version: str
    now: datetime
    release: str = ""
    audit: AuditFigures | None = None


def statement_of(sources: Sources, calculator: Calculator) -> Statement:
    """Refused if the ledger knows no charge of this campaign; Corrupt if it contradicts the plan."""
    charges = _campaign_charges(sources)
    newest = charges[-1]
    return Statement(
        subject=_subject(sources),
        promise=_promise(sources.plan, charges, calculator.epsilon_of),
        trust=_trust(sources, charges, calculator.epsilon_of),
        mechanism=_mechanism(sources, charges, calculator),
        lifetime=_lifetime(sources.rows, calculator.epsilon_of),
        limits=_limits(sources.policy),
        ledger=LedgerPlace(rows=len(sources.rows), newest_charge_row=newest.seq, newest_charge_hash=newest.hash),
        audit=sources.audit,
        not_covered=NOT_COVERED,
        tried=TRIED,
    )


def _subject(sources: Sources) -> Subject:
    plan = sources.plan
    return Subject(
        school=sources.school,
        identity_key=sources.identity_key,
        consortium=plan.consortium,
        campaign=plan.campaign,
        campaign_digest=plan.digest,
        release=sources.release,
        made_at=sources.now.isoformat(timespec="seconds"),
        package_version=sources.package_version,
        plan_package_version=plan.package_version,
    )


def _promise(plan: CampaignPlan, charges: Sequence[Entry], epsilon_of: ledger_costs.Accountant) -> Promise:
    delta = plan.privacy.delta
    events = [row.event for row in charges]
    return Promise(
        unit=PRIVACY_UNIT,
        relation=NEIGHBOURING_RELATION,
        delta=delta,
        epsilon=_finite(epsilon_of(events, delta)),
        epsilon_alone=_finite(epsilon_of([row.event_alone for row in charges], delta)),
        epsilon_two_schools=_finite(epsilon_of([*events, *events], delta)),
        epsilon_known_draws=_finite(epsilon_of([replace(one, sampling_rate=1.0) for one in events], delta)),
        planned_epsilon=plan.epsilon,
        planned_epsilon_alone=plan.epsilon_alone,
    )


def _trust(sources: Sources, charges: Sequence[Entry], epsilon_of: ledger_costs.Accountant) -> Trust:
    plan = sources.plan
    needed = max(_needed(row) for row in charges)
    return Trust(
        schools=len(plan.members),
        honest_schools=plan.privacy.honest_schools,
        own_honest_schools=tuple(sorted({row.own_honest_schools for row in charges})),
        needed_honest_schools=needed,
        secagg=plan.secagg,
        smallest_margin=_smallest_margin(sources),
        in_words=trust_in_words(plan, needed),
        collusion=_collusion(charges, plan.privacy.delta, epsilon_of),
    )


def _mechanism(sources: Sources, charges: Sequence[Entry], calculator: Calculator) -> Mechanism:
    plan = sources.plan
    return Mechanism(
        rounds=_rounds(plan, charges),
        outcomes=_outcomes(sources.rows, charges),
        share_std_units=plan.privacy.share_std_units,
        rho=plan.privacy.rho,
        delta_parts=_delta_parts(plan.privacy.delta, calculator.set_aside),
        generator=GENERATOR,
        accountant=calculator.program,
    )


def _campaign_charges(sources: Sources) -> list[Entry]:
    plan = sources.plan
    charges = [row for row in charges_of(sources.rows) if row.campaign == plan.digest]
    if not charges:
        sentence = f"The privacy ledger knows no charge of the campaign {plan.campaign}, so nothing can be stated."
        raise Refused(ErrorCode.NOT_FOUND, sentence)
    wrong = next((row for row in charges if not _as_planned(row, plan)), None)
    if wrong is not None:
        sentence = (
            f"Line {wrong.seq} of the privacy ledger was charged on other terms than the campaign's plan has."
        )
        raise Corrupt(ErrorCode.LEDGER_BROKEN, sentence)
    return charges


def _as_planned(row: Entry, plan: CampaignPlan) -> bool:
    kind = _kind(row)
    if kind == EVALUATE and plan.metrics is None:
        return False
    terms = plan.mechanism(kind)
    charged = (row.noise_multiplier, row.sampling_rate, row.honest_schools, row.delta)
    return charged == (terms.noise_multiplier, terms.sampling_rate, terms.honest_schools, terms.delta)


def _kind(row: Entry) -> RoundKind:
    """Rows of the first format name no kind; then there was but one."""
    return EVALUATE if row.round_kind == EVALUATE else TRAIN


def _needed(row: Entry) -> int:
    """The fewest honest shares, this school's own among them, whose noise is all that the plan's epsilon takes.

    With variance 1 / h a share and 1 / own of this school's, that is the least k with 1/own + (k - 1)/h >= 1.
    """
    own, planned = row.own_honest_schools, row.honest_schools
    return 1 - (-planned * (own - 1) // own)


def _rounds(plan: CampaignPlan, charges: Sequence[Entry]) -> tuple[RoundsCharged, ...]:
    count = Counter(_kind(row) for row in charges)
    planned = {TRAIN: plan.rounds} | ({EVALUATE: 1} if plan.metrics is not None else {})
    found = []
    for kind, how_many in planned.items():
        terms = plan.mechanism(kind)
        found.append(
            RoundsCharged(
                kind=kind,
                planned=how_many,
                charged=count[kind],
                clip_norm=terms.clip_norm,
                noise_multiplier=terms.noise_multiplier,
                sampling_rate=terms.sampling_rate,
            )
        )
    return tuple(found)


def _outcomes(rows: Iterable[Entry], charges: Sequence[Entry]) -> Outcomes:
    """A round that was paid for twice went on with its newest charge; the one before stays "charged"."""
    newest_charge: dict[str, int] = {}
    state: dict[int, str] = {}
    for row in rows:
        if row.kind == "charge":
            newest_charge[row.ctx] = row.seq
        state[newest_charge.get(row.ctx, row.seq)] = row.state
    count = Counter(state[row.seq] for row in charges)
    return Outcomes(**{str(one): count[one] for one in RoundState})


def _smallest_margin(sources: Sources) -> int | None:
    rows = (row for row in sources.rows if row.campaign == sources.plan.digest)
    margins = [row.margin for row in rows if row.state == RoundState.OPENED and row.margin >= 0]
    return min(margins, default=None)


def _lifetime(rows: Iterable[Entry], epsilon_of: ledger_costs.Accountant) -> tuple[CohortCost, ...]:
    """Everything that the ledger holds, of every campaign: the budget is a student's, not a campaign's."""
    charges = charges_of(rows)
    cohorts = ledger_costs.cohorts_of(charges)
    costs = ledger_costs.costs_after(charges, cohorts, epsilon_of=epsilon_of)
    return tuple(_cohort(one, [row for row in charges if row.concerns(one)], costs[one]) for one in cohorts)


def _cohort(cohort: str, own: Sequence[Entry], cost: ledger_costs.Cost) -> CohortCost:
    return CohortCost(
        cohort=cohort,
        epsilon=_finite(cost.epsilon),
        epsilon_alone=_finite(cost.epsilon_alone),
        delta=min(row.delta for row in own),
        rounds=len(own),
        campaigns=len({row.campaign for row in own}),
        first_charge=own[0].at,
        last_charge=own[-1].at,
    )


def _limits(policy: PolicySettings) -> Limits:
    return Limits(
        epsilon_year=policy.epsilon_year,
        epsilon_lifetime=policy.epsilon_lifetime,
        epsilon_alone_year=policy.epsilon_alone_year,
        epsilon_alone_lifetime=policy.epsilon_alone_lifetime,
    )


def _delta_parts(delta: float, set_aside: float) -> DeltaParts:
    return DeltaParts(
        gaussian=delta * (1 - set_aside),
        set_aside=delta * set_aside,
        overdraws=delta * OVERDRAW_SHARE_OF_DELTA,
    )


def _collusion(
    charges: Sequence[Entry], delta: float, epsilon_of: ledger_costs.Accountant
) -> tuple[Collusion, ...]:
    """From as many honest shares as the plan relies on down to this school's own."""
    honest = charges[0].honest_schools
    counts = sorted({honest, -(-3 * honest // 4), -(-honest // 2), min(2, honest), 1}, reverse=True)
    return tuple(
        Collusion(
            honest_shares=count,
            epsilon=_finite(epsilon_of([_with_shares(row, count) for row in charges], delta)),
        )
        for count in counts
    )


def _with_shares(row: Entry, count: int) -> Event:
    """The round if only `count` shares, this school's own among them, hold noise: 1/own + (count - 1)/h of it."""
    variance = 1 / row.own_honest_schools + (count - 1) / row.honest_schools
    return Event(row.noise_multiplier * math.sqrt(variance), row.sampling_rate)


def _finite(epsilon: float) -> Epsilon:
    return epsilon if math.isfinite(epsilon) else None
