"""The school's privacy ledger: every round is charged here, on disk, before any of its noise is drawn.

At every instant the recorded epsilon is at least the released epsilon. Nothing is ever refunded. The accountant
is passed in, so this file imports without dp_accounting.
"""

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from common.clock import Clock
from common.errors import Corrupt, ErrorCode, FixSettings, RetryLater
from common.privacy.ledger_file import LedgerFile
from common.privacy.ledger_rows import (
    FIRST_PREVIOUS,
    Entry,
    RoundState,
    charges_of,
    parse_rows,
    read_rows,
    row_hash,
    row_line,
)
from common.privacy.terms import Event, MechanismTerms
from common.refusals import Refusal, RefusalCode

__all__ = ["Caps", "Cost", "Entry", "Ledger", "RoundState", "charges_of", "read_rows"]

Accountant = Callable[[Sequence[Event], float], float]


@dataclass(frozen=True, slots=True)
class Cost:
    """What was, or would be, spent: under the plan's assumption, and if every other school colludes."""

    epsilon: float
    epsilon_alone: float


@dataclass(frozen=True, slots=True)
class Caps:
    """A school's lifetime limits on both epsilons; finite, so that an infinite cost never passes."""

    epsilon: float
    epsilon_alone: float

    def __post_init__(self) -> None:
        for cap in (self.epsilon, self.epsilon_alone):
            if not 0 <= cap < math.inf:
                raise FixSettings(ErrorCode.BAD_PARAMETER, f"A privacy limit can't be {cap}.")

    def allow(self, cost: Cost) -> bool:
        """Whether both figures are within the limits; a figure that isn't a number never is."""
        return cost.epsilon <= self.epsilon and cost.epsilon_alone <= self.epsilon_alone


class Ledger:
    """An open ledger; use it in a `with` statement. Calls from several threads take turns.

    Raises RetryLater (`ledger-unwritable`) if another process holds the ledger or its folder can't be
    written, Corrupt (`ledger-broken`) if the file is damaged.
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

    def cost_after(self, terms: MechanismTerms) -> Cost:
        """Both epsilons over the school's lifetime if one more round with these terms were charged."""
        with self._turn:
            return self._cost_after(terms)

    def charge(self, *, campaign: str, round: int, ctx: str, terms: MechanismTerms) -> Entry | Refusal:
        """Charges one round; once this returns an Entry it is on disk and the round may be released.

        Epsilon is composed over all charges ever made plus this one, at the smallest delta among them. A
        Refusal (budget-lifetime) writes nothing. A Refusal (ledger-unwritable) may leave a charge that paid
        for nothing. The same ctx again is a new charge: only the same bytes are free.
        """
        with self._turn:
            try:
                cost = self._cost_after(terms)
                if not self._caps.allow(cost):
                    return _over_budget(cost, self._caps)
                return self._append(_charge_entry(cost, terms, campaign=campaign, round=round, ctx=ctx))
            except OSError as error:
                sentence = "The privacy ledger couldn't be written, so this school sits the round out."
                return Refusal(RefusalCode.LEDGER_UNWRITABLE, sentence, local_reason=str(error))

    def mark(self, ctx: str, state: RoundState) -> Entry:
        """Notes what became of the newest charge for `ctx`; costs nothing. RetryLater if the disk fails."""
        with self._turn:
            rows = self._load()
            charge = next((row for row in reversed(charges_of(rows)) if row.ctx == ctx), None)
            if charge is None:
                raise FixSettings(ErrorCode.NOT_FOUND, "The privacy ledger has no charge for this round.")
            entry = replace(
                charge,
                kind="state",
                state=str(state),
                epsilon_after=rows[-1].epsilon_after,
                epsilon_alone_after=rows[-1].epsilon_alone_after,
            )
            try:
                return self._append(entry)
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

    def _cost_after(self, terms: MechanismTerms) -> Cost:
        charges = charges_of(self._load())
        delta = min([terms.delta, *(row.delta for row in charges)])
        events = [*(row.event for row in charges), terms.event()]
        alone = [*(row.event_alone for row in charges), terms.event_alone()]
        return Cost(self._epsilon_of(events, delta), self._epsilon_of(alone, delta))

    def _append(self, entry: Entry) -> Entry:
        rows = self._load()
        at = self._clock.now().isoformat()
        entry = replace(entry, seq=len(rows) + 1, at=at, previous=self._head, hash="")
        entry = replace(entry, hash=row_hash(entry))
        self._rows = None  # until the line is known to be on disk, only the disk knows what it holds
        self._file.append(row_line(entry))
        rows.append(entry)
        self._remember(rows)
        self._rows = rows
        return entry


def _charge_entry(cost: Cost, terms: MechanismTerms, *, campaign: str, round: int, ctx: str) -> Entry:
    # seq, time, chain and hash are filled in when the row is appended.
    return Entry(
        seq=0,
        at="",
        kind="charge",
        campaign=campaign,
        round=round,
        ctx=ctx,
        noise_multiplier=float(terms.noise_multiplier),
        sampling_rate=float(terms.sampling_rate),
        honest_schools=terms.honest_schools,
        delta=float(terms.delta),
        epsilon_after=float(cost.epsilon),
        epsilon_alone_after=float(cost.epsilon_alone),
        state=str(RoundState.CHARGED),
        previous="",
    )


def _over_budget(cost: Cost, caps: Caps) -> Refusal:
    reason = (
        f"After this round epsilon would be {cost.epsilon:.3f} (limit {caps.epsilon:.3f}), and "
        f"{cost.epsilon_alone:.3f} if every other school colluded (limit {caps.epsilon_alone:.3f})."
    )
    sentence = f"This round would cost more privacy than the school allows. {reason}"
    return Refusal(RefusalCode.BUDGET_LIFETIME, sentence, local_reason=reason)
