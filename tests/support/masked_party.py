"""A school without students that masks in earnest: the product's own trips, ledger and record on a temporary disk.

Its sum is drawn from a seed, its noise from another, so that a test knows every integer that went into a total.
A fuse can be set to any durable step: the "process" then dies there, and is opened again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from client.records.refusals import StoredRefusal
from client.records.replies import StoredReply
from client.training.answer_message import MASKING_DEEDS, answer_trip
from client.training.join_round import answer_permitted, answered_before, open_round
from client.training.masking_store import MaskingStore
from client.training.saying_no import refuse_message, refuse_round
from common import trips
from common.clock import Clock, StoppedClock
from common.envelope import peek_kind
from common.exchange import RoundRequest
from common.federated_step import dimensions
from common.permission import Permission
from common.plan import CampaignPlan
from common.privacy.clipping import ClippedSum
from common.privacy.ledger import Caps, Charge, Entry, Ledger, RoundState
from common.privacy.mechanism import noised_integers
from common.refusals import Refusal
from common.signing import Identity
from common.whole_file import write_whole
from tests.support.privacy import count_rounds
from tests.support.seeded import SeededRandomness

COHORTS = frozenset({"2026"})
WIDE = Caps(epsilon=1e6, epsilon_alone=1e6)


class Died(BaseException):
    """The process of a school ended here; nothing in the product may catch it."""


@dataclass(slots=True)
class Fuse:
    """Ends the process at the `left`-th durable step from now; None never does. passed: the steps so far."""

    left: int | None = None
    passed: list[str] = field(default_factory=list)

    def burn(self, step: str) -> None:
        """Called before and after everything that lasts."""
        self.passed.append(step)
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            raise Died(step)


@dataclass(slots=True)
class FusedLedger:
    """The real ledger, with a fuse around each line that it writes."""

    ledger: Ledger
    fuse: Fuse

    def rows(self) -> tuple[Entry, ...]:
        """Every row."""
        return self.ledger.rows()

    def charge(self, charge: Charge) -> Entry | Refusal:
        """A charge."""
        self.fuse.burn("before charge")
        entry = self.ledger.charge(charge)
        self.fuse.burn("after charge")
        return entry

    def mark(self, ctx: str, state: RoundState, margin: int = -1) -> Entry:
        """A note."""
        self.fuse.burn(f"before mark {state}")
        entry = self.ledger.mark(ctx, state, margin)
        self.fuse.burn(f"after mark {state}")
        return entry


@dataclass(slots=True)
class MaskedParty:
    """One life of a school's process: a `Party` of the product. life: how often it was opened before."""

    name: str
    coordinator_key: str
    identity: Identity
    ledger: Any
    masking: MaskingStore
    randomness: SeededRandomness
    clock: Clock
    fuse: Fuse
    life: int = 0
    own_honest_schools: int | None = None
    decide_campaign: Callable[[CampaignPlan], Refusal | None] = lambda campaign: None
    head: Callable[[], bytes] = lambda: b""
    hear_heads: Callable[[bytes], Refusal | None] = lambda heads: None
    refusals: list[Refusal] = field(default_factory=list)
    kept: dict[str, bytes] = field(default_factory=dict)
    contributed: dict[int, int] = field(default_factory=dict)

    def answer(self, message: bytes) -> bytes:
        """What the product's `answer_message` does, with a sum that needs no students."""
        reply = self._answer(message)
        self.fuse.burn("before reply")
        return reply

    def _answer(self, message: bytes) -> bytes:
        if peek_kind(message) == trips.REQUEST:
            return answer_trip(message, self, MASKING_DEEDS)
        request = open_round(message, self)
        if isinstance(request, Refusal):
            return refuse_message(request, self)
        reply = answered_before(request, self) or self._first_answer(request)
        return refuse_round(reply, request, self) if isinstance(reply, Refusal) else reply

    def _first_answer(self, request: RoundRequest) -> bytes | Refusal:
        own = self.own_honest_schools or request.campaign.privacy.honest_schools

        def contribution() -> ClippedSum:
            self.contributed[request.plan.round] = self.life
            return raw_sum_of(self.name, request.campaign, request.plan.round)

        return answer_permitted(request, Permission(COHORTS, own), self, contribution=contribution)

    def kept_reply(self, ctx: str) -> bytes | None:
        """An unmasked round's reply."""
        return self.kept.get(ctx)

    def keep_reply(self, reply: StoredReply) -> None:
        """Keeps one."""
        self.kept[reply.ctx] = reply.reply

    def note_refusal(self, refusal: StoredRefusal) -> None:
        """The administrator's page."""
        self.refusals.append(refusal.refusal)


@dataclass(slots=True)
class PartyHome:
    """What outlives a process: the folder, the key, and what tests want to know of all lives together.

    forgetful: the disk says that the masking record was written, and keeps the one from the set-up.
    """

    name: str
    folder: Path
    identity: Identity
    coordinator_key: str
    fuse: Fuse = field(default_factory=Fuse)
    lives: int = 0
    caps: Caps = WIDE
    own_honest_schools: int | None = None
    forgetful: bool = False
    contributed: dict[int, int] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[MaskedParty]:
        """The next life."""
        clock = StoppedClock()
        with Ledger(self.folder / "ledger", caps=self.caps, epsilon_of=count_rounds, clock=clock) as ledger:
            life, self.lives = self.lives, self.lives + 1
            yield MaskedParty(
                name=self.name,
                coordinator_key=self.coordinator_key,
                identity=self.identity,
                ledger=FusedLedger(ledger, self.fuse),
                masking=MaskingStore(self.folder / "secagg", write=self._write),
                randomness=SeededRandomness(f"{self.name}/{life}"),
                clock=clock,
                fuse=self.fuse,
                life=life,
                own_honest_schools=self.own_honest_schools,
                refusals=self.refusals,
                contributed=self.contributed,
            )

    def sent_integers(self, campaign: CampaignPlan, number: int) -> NDArray[np.int64]:
        """The noised integers behind the vector of a round, from the seeds of the life that masked it."""
        terms = campaign.mechanism(campaign.kind_of(number))
        return noised_integers(
            raw_sum_of(self.name, campaign, number),
            terms,
            own_honest_schools=self.own_honest_schools or terms.honest_schools,
            randomness=SeededRandomness(f"{self.name}/{self.contributed[number]}"),
            purpose=f"{campaign.digest}/{number}",
        )

    def charges(self) -> list[Entry]:
        """What was paid for."""
        clock = StoppedClock()
        with Ledger(self.folder / "ledger", caps=self.caps, epsilon_of=count_rounds, clock=clock) as ledger:
            return [row for row in ledger.rows() if row.kind == "charge"]

    def charges_of(self, party: MaskedParty) -> list[Entry]:
        """The same while the school is up."""
        return [row for row in party.ledger.rows() if row.kind == "charge"]

    def _write(self, path: Path, data: bytes) -> None:
        path.with_suffix(f"{path.suffix}.draft").write_bytes(data[: len(data) // 2])  # as a power cut leaves it
        self.fuse.burn(f"before {path.suffix}")
        if not (self.forgetful and path.suffix == ".state" and self.contributed):
            write_whole(path, data)
        self.fuse.burn(f"after {path.suffix}")


def raw_sum_of(name: str, campaign: CampaignPlan, number: int) -> ClippedSum:
    """One student's worth of update, drawn from the school's name and the round."""
    kind = campaign.kind_of(number)
    terms, count = campaign.mechanism(kind), dimensions(campaign, kind)
    seed = int.from_bytes(SeededRandomness(name).draw(f"sum {number}", 8), "big")
    vector = np.random.default_rng(seed).normal(size=count)
    return ClippedSum(vector * (terms.clip_norm / np.linalg.norm(vector)), terms.clip_norm)
