"""The school's privacy ledger: every round is charged here, on disk, before any of its noise is drawn.

At every instant the recorded epsilon is at least the released epsilon, for every enrolment cohort. Nothing is ever
refunded. The accountant is passed in, so this file imports without dp_accounting.
"""

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from common.clock import Clock
from common.errors import Corrupt, ErrorCode, FixSettings, RetryLater
from common.privacy.ledger_costs import (
    EVERYBODY,
    Accountant,
    Caps,
    Cost,
    Price,
    costs_after,
    costs_by_cohort,
    largest,
    price_of,
)
from common.privacy.ledger_file import LedgerFile
from common.privacy.ledger_rows import (
    FIRST_PREVIOUS,
    UNKNOWN_MARGIN,
    Entry,
    RoundState,
    charges_of,
    parse_rows,
    read_rows,
    row_hash,
    row_line,
)
from common.privacy.terms import MechanismTerms
from common.refusals import Refusal, RefusalCode

__all__ = [
    "Accountant",
    "Caps",
    "Charge",
    "Cost",
    "Entry",
    "Ledger",
    "RoundState",
    "charges_of",
    "costs_by_cohort",
    "read_rows",
]
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Charge:
    """A round to pay for. campaign and ctx: digests. cohorts: whose students could be drawn, at least one.

    own_honest_schools: the share is one part in so many of the variance; as the terms say if None.
    round_kind: "train" or "evaluate". FixSettings for less noise than the terms say, or without a cohort.
    """

    campaign: str
    round: int
    ctx: str
    terms: MechanismTerms
    cohorts: frozenset[str]
    own_honest_schools: int | None = None
    round_kind: str = "train"

    def __post_init__(self) -> None:
        price_of(self.terms, self.own_honest_schools)  # checks own_honest_schools
        if not self.cohorts or not all(self.cohorts) or not self.round_kind:
            raise FixSettings(ErrorCode.BAD_PARAMETER, "A charge names its kind and the cohorts that pay for it.")


class Ledger:
    """An open ledger; use it in a `with` statement. Calls from several threads take turns.

    caps: of each cohort's lifetime. Raises RetryLater (`ledger-unwritable`) if another process holds the ledger or
    its folder can't be written, Corrupt (`ledger-broken`) if the file is damaged.
    """

    def __init__(self, path: Path, *, caps: Caps, epsilon_of: Accountant, clock: Clock) -> None:
        self._caps, self._epsilon_of, self._clock = caps, epsilon_of, clock
        self._turn = threading.Lock()
        self._file = LedgerFile(path)
        self._rows: list[Entry] | None = None
        self._known, self._head = 0, FIRST_PREVIOUS
        try:
            self._load()
        except (Corrupt, OSError) as error:
            self._file.close()
            if isinstance(error, Corrupt):
                raise
            raise RetryLater(ErrorCode.LEDGER_UNWRITABLE, "The privacy ledger can't be read.") from error

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets another process open the ledger."""
        self._file.close()

    def rows(self) -> tuple[Entry, ...]:
        """Every row so far, oldest first."""
        with self._turn:
            return tuple(self._load())

    def head(self) -> tuple[int, str]:
        """How many rows there are, and the hash of the last one; it says nothing about what they hold."""
        with self._turn:
            self._load()
            return self._known, self._head

    def cost_after(
        self, terms: MechanismTerms, *, cohorts: Iterable[str], own_honest_schools: int | None = None
    ) -> Cost:
        """The larger of each epsilon over these cohorts' lifetimes if they paid for one more such round."""
        with self._turn:
            return self._cost_after(price_of(terms, own_honest_schools), cohorts)

    def charge(self, charge: Charge) -> Entry | Refusal:
        """Charges one round; once this returns an Entry it is on disk and the round may be released.

        Epsilon is composed over all charges ever made to each cohort plus this one. A Refusal
        (budget-lifetime) writes nothing. A Refusal (ledger-unwritable) may leave a charge that paid for nothing.
        The same ctx again is a new charge: only the same bytes are free.
        """
        with self._turn:
            try:
                cost = self._cost_after(price_of(charge.terms, charge.own_honest_schools), charge.cohorts)
                if not self._caps.allow(cost):
                    return _over_budget(cost, self._caps)
                return self._append(_charge_entry(cost, charge))
            except OSError as error:
                sentence = "The privacy ledger couldn't be written, so this school sits the round out."
                return Refusal(RefusalCode.LEDGER_UNWRITABLE, sentence, local_reason=str(error))

    def mark(self, ctx: str, state: RoundState, margin: int = UNKNOWN_MARGIN) -> Entry:
        """Notes what became of the newest charge for `ctx`; costs nothing. RetryLater if the disk fails.

        margin: by how many schools the opened sum exceeded honest_schools.
        """
        with self._turn:
            rows = self._load()
            charge = next((row for row in reversed(charges_of(rows)) if row.ctx == ctx), None)
            if charge is None:
                raise FixSettings(ErrorCode.NOT_FOUND, "The privacy ledger has no charge for this round.")
            if not charge.cohorts:  # a charge of the first format; its state is noted in today's
                charge = replace(charge, cohorts=(EVERYBODY,), round_kind="train")
            try:
                return self._append(replace(charge, kind="state", state=str(state), margin=margin))
            except OSError as error:
                raise RetryLater(ErrorCode.LEDGER_UNWRITABLE, "The privacy ledger can't be written.") from error

    def _load(self) -> list[Entry]:
        if self._rows is None:
            rows = list(parse_rows(self._file.read()))
            # A row that was once acknowledged has to be there still, also after a failed write.
            last_known = rows[self._known - 1].hash if 0 < self._known <= len(rows) else FIRST_PREVIOUS
            if last_known != self._head:
                raise Corrupt(ErrorCode.LEDGER_BROKEN, "The privacy ledger has lost lines.")
            self._rows = rows
            self._remember(rows)
        return self._rows

    def _remember(self, rows: list[Entry]) -> None:
        self._known, self._head = len(rows), rows[-1].hash if rows else FIRST_PREVIOUS

    def _cost_after(self, price: Price, cohorts: Iterable[str]) -> Cost:
        charges = charges_of(self._load())
        return largest(costs_after(charges, cohorts, price, epsilon_of=self._epsilon_of).values())

    def _append(self, entry: Entry) -> Entry:
        rows = self._load()
        at = self._clock.now().isoformat()
        entry = replace(entry, seq=len(rows) + 1, at=at, previous=self._head, salt=secrets.token_hex(_SALT_BYTES))
        entry = replace(entry, hash=row_hash(entry))
        self._rows = None  # until the line is known to be on disk, only the disk knows what it holds
        self._file.append(row_line(entry))
        rows.append(entry)
        self._remember(rows)
        self._rows = rows
        return entry


def _charge_entry(cost: Cost, charge: Charge) -> Entry:
    # seq, time, chain and hash are filled in when the row is appended.
    terms, own = charge.terms, charge.own_honest_schools
    return Entry(
        seq=0,
        at="",
        kind="charge",
        campaign=charge.campaign,
        round=charge.round,
        ctx=charge.ctx,
        noise_multiplier=float(terms.noise_multiplier),
        sampling_rate=float(terms.sampling_rate),
        honest_schools=terms.honest_schools,
        delta=float(terms.delta),
        epsilon_after=float(cost.epsilon),
        epsilon_alone_after=float(cost.epsilon_alone),
        state=str(RoundState.CHARGED),
        previous="",
        own_honest_schools=terms.honest_schools if own is None else own,
        round_kind=charge.round_kind,
        cohorts=tuple(sorted(charge.cohorts)),
    )


def _over_budget(cost: Cost, caps: Caps) -> Refusal:
    reason = (
        f"After this round epsilon would be {cost.epsilon:.3f} (limit {caps.epsilon:.3f}), and "
        f"{cost.epsilon_alone:.3f} if every other school colluded (limit {caps.epsilon_alone:.3f})."
    )
    sentence = f"This round would cost more privacy than the school allows. {reason}"
    return Refusal(RefusalCode.BUDGET_LIFETIME, sentence, local_reason=reason)
