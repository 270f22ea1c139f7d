"""The privacy ledger as the administrator sees it: a sentence, two pictures, and what each cohort has spent."""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from markupsafe import Markup

from client.federation.budget_rules import YEAR, charges_since
from client.settings import PolicySettings
from common.errors import Corrupt
from common.privacy.ledger_costs import Accountant, Cost, cohorts_of, costs_after
from common.privacy.ledger_rows import Entry, RoundState, charges_of, read_rows
from local_app.charts import Bars, budget_chart, counted_rounds

PLAN, ALONE = "Under the plan's assumption", "If every other school colluded"
NOTHING_LEFT = "Nothing has left this school for training."
UPPER_BOUNDS = (
    "The accountant isn't installed here, so a year of enrolment is shown with the largest figure of its newest "
    "round: its own is at most that."
)


@dataclass(frozen=True, slots=True)
class CohortRow:
    """What the students who were added in one school year have paid, within 365 days and ever."""

    cohort: str
    year: Cost
    lifetime: Cost
    newest_round: str


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """One charge in words, and what became of its round."""

    at: str
    round: int
    kind: str
    cohorts: str
    relied_on: str
    epsilon: str
    alone: str
    outcome: str


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The ledger as a sentence, pictures and rows; `broken` is what is wrong with it, `note` how exact it is."""

    sentence: str
    charts: tuple[Markup, ...] = ()
    cohorts: tuple[CohortRow, ...] = ()
    rows: tuple[ChargeRow, ...] = ()
    caps: tuple[str, ...] = ()
    delta: str = ""
    note: str = ""
    broken: str = ""


def installed_accountant() -> Accountant | None:
    """The accountant, or None at a school that was installed for practice alone. Slow when first called."""
    if importlib.util.find_spec("dp_accounting") is None:
        return None
    return cast(Accountant, importlib.import_module("common.privacy.accounting").epsilon_of)


def ledger_view(path: Path, policy: PolicySettings, *, now: datetime, epsilon_of: Accountant | None) -> LedgerView:
    """Reads and verifies the ledger; damage is shown, not hidden."""
    try:
        rows = read_rows(path)
    except Corrupt as error:
        return LedgerView("The ledger can't be trusted.", broken=error.sentence)
    charges = charges_of(rows)
    if not charges:
        return LedgerView(f"{NOTHING_LEFT} {_limits(policy)}")
    cohorts = _cohort_rows(charges, now, epsilon_of)
    return LedgerView(
        sentence=_sentence(charges, cohorts, policy),
        charts=_charts(cohorts, policy),
        cohorts=cohorts,
        rows=_charge_rows(rows),
        caps=tuple(
            f"{cap:g}"
            for cap in (
                policy.epsilon_year,
                policy.epsilon_lifetime,
                policy.epsilon_alone_year,
                policy.epsilon_alone_lifetime,
            )
        ),
        delta=f"{min(row.delta for row in charges):g}",
        note="" if epsilon_of else UPPER_BOUNDS,
    )


def _cohort_rows(charges: Sequence[Entry], now: datetime, epsilon_of: Accountant | None) -> tuple[CohortRow, ...]:
    cohorts, this_year = cohorts_of(charges), charges_since(charges, now - YEAR)
    lifetime, year = (_costs(part, cohorts, epsilon_of) for part in (charges, this_year))
    newest = charges[-1]
    return tuple(
        CohortRow(one, year[one], lifetime[one], "took part" if newest.concerns(one) else "sat out")
        for one in cohorts
    )


def _costs(charges: Sequence[Entry], cohorts: Sequence[str], epsilon_of: Accountant | None) -> dict[str, Cost]:
    if epsilon_of is not None:
        return costs_after(charges, cohorts, epsilon_of=epsilon_of)
    return {cohort: _at_most([row for row in charges if row.concerns(cohort)]) for cohort in cohorts}


def _at_most(charges: Sequence[Entry]) -> Cost:
    """A row holds the figure of the dearest of its cohorts, over all charges up to it."""
    return Cost(charges[-1].epsilon_after, charges[-1].epsilon_alone_after) if charges else Cost(0.0, 0.0)


def _limits(policy: PolicySettings) -> str:
    return (
        f"Its limits are epsilon {policy.epsilon_year:g} within a year and {policy.epsilon_lifetime:g} in all, "
        f"and {policy.epsilon_alone_year:g} and {policy.epsilon_alone_lifetime:g} if every other school colluded."
    )


def _sentence(charges: Sequence[Entry], cohorts: Sequence[CohortRow], policy: PolicySettings) -> str:
    were = "was" if len(charges) == 1 else "were"
    dearest = max(cohorts, key=lambda row: row.lifetime.epsilon)
    who = f"students added in {dearest.cohort}" if dearest.cohort[:1].isdigit() else dearest.cohort
    return (
        f"{counted_rounds(len(charges))} {were} charged. Most was paid by {who}: epsilon "
        f"{dearest.year.epsilon:.2f} of at most {policy.epsilon_year:g} within a year, "
        f"{dearest.lifetime.epsilon:.2f} of at most {policy.epsilon_lifetime:g} in all."
    )


def _charts(cohorts: Sequence[CohortRow], policy: PolicySettings) -> tuple[Markup, ...]:
    plan = [Bars(row.cohort, row.year.epsilon, row.lifetime.epsilon) for row in cohorts]
    alone = [Bars(row.cohort, row.year.epsilon_alone, row.lifetime.epsilon_alone) for row in cohorts]
    return (
        budget_chart(PLAN, plan, year_cap=policy.epsilon_year, lifetime_cap=policy.epsilon_lifetime),
        budget_chart(ALONE, alone, year_cap=policy.epsilon_alone_year, lifetime_cap=policy.epsilon_alone_lifetime),
    )


def _charge_rows(rows: Sequence[Entry]) -> tuple[ChargeRow, ...]:
    """Newest first, each with what is known of its round."""
    charged: dict[str, Entry] = {}
    newest: dict[int, Entry] = {}
    for row in rows:
        if row.kind == "charge":
            charged[row.ctx] = row
        if row.ctx in charged:
            newest[charged[row.ctx].seq] = row
    return tuple(_charge_row(row, newest[row.seq]) for row in reversed(charges_of(rows)))


def _charge_row(row: Entry, newest: Entry) -> ChargeRow:
    return ChargeRow(
        at=row.at[:16].replace("T", " "),
        round=row.round,
        kind="measuring" if row.round_kind == "evaluate" else "training",
        cohorts=", ".join(row.cohorts) or "all",
        relied_on=f"{row.own_honest_schools} of {row.honest_schools}",
        epsilon=f"{row.epsilon_after:.3f}",
        alone=f"{row.epsilon_alone_after:.3f}",
        outcome=_outcome(newest),
    )


def _outcome(newest: Entry) -> str:
    if newest.state == RoundState.OPENED and newest.margin >= 0:
        return f"opened, {newest.margin} more than needed"
    return newest.state
