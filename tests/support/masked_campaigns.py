"""Masked campaigns in memory: five schools, three rounds and one that measures, and what came of them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from common.exchange import open_request
from common.federated_step import opened_total
from common.opened_round import OpenedRound
from common.plan import CampaignPlan, MetricTerms, SecaggPlan
from common.privacy.fixed_point import centre
from common.trips import open_trip
from server.campaign import run_campaign
from server.campaign_records import CampaignRecord, want_campaign
from server.coordinator import Coordinator
from server.published import read_opened
from server.round_records import RoundRecord, read_rounds
from server.store import Store
from server.transport import Transport
from tests.support.coordinators import add_test_campaign, enrol_schools, new_coordinator
from tests.support.fake_masked_schools import FakeMaskedSchool, fake_masked_schools
from tests.support.memory_transport import MemoryTransport, SteppedTime
from tests.support.plans import privacy_terms

FIVE = ("ash", "birch", "cedar", "dogwood", "elm")
THREE = ("ash", "birch", "cedar")
START_DEADLINE_SECONDS = 20
MEASURED = MetricTerms(bins=10, noise_multiplier=9.0, modulus_bits=16)


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


@dataclass(slots=True)
class MaskedWorld:
    """A coordinator, its schools, and one campaign of them all."""

    coordinator: Coordinator
    schools: dict[str, FakeMaskedSchool]
    plan: CampaignPlan
    hidden: set[str] = field(default_factory=set)
    sent: list[dict[str, bytes]] = field(default_factory=list)

    def transport(self) -> MemoryTransport:
        """The schools themselves; everything that is sent is noted."""
        return MemoryTransport(dict(self.schools), self.hidden, self.sent)

    def run(
        self,
        transport: Transport | None = None,
        coordinator: Coordinator | None = None,
        *,
        time: SteppedTime | None = None,
    ) -> CampaignRecord:
        """Runs or resumes the campaign, which the operator wants."""
        with self.coordinator.store.write() as connection:
            at = self.coordinator.clock.now()
            want_campaign(connection, self.plan.digest, wanted=True, at=at)
        return run_campaign(
            transport or self.transport(),
            coordinator or self.coordinator,
            self.plan.digest,
            pace=(time or SteppedTime()).pace(),
        )

    def rounds(self) -> list[RoundRecord]:
        """As they are in the database."""
        with self.coordinator.store.read() as connection:
            return read_rounds(connection, self.plan.digest)

    def opened(self, round_number: int) -> OpenedRound:
        """What is published of a round."""
        with self.coordinator.store.read() as connection:
            return OpenedRound.from_bytes(read_opened(connection, self.plan.digest, round_number))

    def total(self, round_number: int) -> NDArray[np.int64]:
        """The published sum."""
        return opened_total(self.plan, self.opened(round_number))

    def true_total(self, round_number: int, schools: tuple[str, ...]) -> NDArray[np.int64]:
        """The sum of what these schools really added, modulo the plan's."""
        bits = self.plan.mechanism(self.plan.kind_of(round_number)).modulus_bits
        integers = [self.schools[school].integers[round_number] for school in schools]
        return centre(np.sum(integers, axis=0), bits)

    def messages(self) -> dict[tuple[str, str], set[bytes]]:
        """Every different message, by school and by what it asks for: "unmask 2", "train 1", "deal"."""
        found: dict[tuple[str, str], set[bytes]] = {}
        for batch in self.sent:
            for school, message in batch.items():
                found.setdefault((school, self._name(message)), set()).add(message)
        return found

    def _name(self, message: bytes) -> str:
        key = self.coordinator.identity.public_key
        if b'"kind":"round-request"' in message[:4000]:
            plan = open_request(message, coordinator_key=key).plan
            return f"{plan.kind} {plan.round}"
        request = open_trip(message, coordinator_key=key)
        survivors = request.parts.get("survivors", b"")
        return f"{request.trip} {survivors[:33].hex()}".strip()  # one letter and ctx


@contextmanager
def masked_world(
    folder: Path,
    names: tuple[str, ...] = FIVE,
    *,
    before: Callable[[dict[str, FakeMaskedSchool]], None] = lambda schools: None,
    **changes: Any,
) -> Iterator[MaskedWorld]:
    """Enrolled schools and a campaign with the planner's masking terms for three or five, unless changed.

    before: may replace schools before they enrol.
    """
    coordinator = new_coordinator(folder, start_deadline_seconds=START_DEADLINE_SECONDS)
    try:
        schools = fake_masked_schools(coordinator.identity.public_key, names)
        before(schools)
        enrol_schools(coordinator, schools)
        yield MaskedWorld(coordinator, schools, add_masked_campaign(coordinator, schools, **changes))
    finally:
        coordinator.close()


def add_masked_campaign(
    coordinator: Coordinator, schools: Mapping[str, FakeMaskedSchool], **changes: Any
) -> CampaignPlan:
    """A campaign of these schools in the coordinator's database."""
    small = len(schools) == len(THREE)
    secagg = SecaggPlan(corrupt=0 if small else 1, threshold=2 if small else 4, max_dropped=1, min_margin=1)
    terms = {
        "minimum_cohort": len(schools),
        "secagg": secagg,
        "metrics": MEASURED,
        "privacy": privacy_terms(honest_schools=1 if small else 3),
    }
    return add_test_campaign(coordinator, schools, **(terms | changes))


@dataclass(slots=True)
class KilledAtWrite:
    """A store whose process dies around the n-th transaction that writes; `after`: when it is durable already."""

    store: Store
    left: int | None = None
    after: bool = False
    writes: int = 0

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """As it is."""
        with self.store.read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Dies instead of committing, or right after it."""
        self.writes += 1
        with self.store.write() as connection:
            yield connection
            if self.writes == self.left and not self.after:
                raise Killed
        if self.writes == self.left:
            raise Killed

    def on(self, coordinator: Coordinator) -> Coordinator:
        """The coordinator with this store."""
        return replace(coordinator, store=self)  # type: ignore[arg-type]


class KilledAtSend(MemoryTransport):
    """Dies before or after the n-th batch of messages is sent."""

    def __init__(self, world: MaskedWorld, left: int, *, after: bool) -> None:
        super().__init__(dict(world.schools), world.hidden, world.sent)
        self._left, self._after, self._batches = left, after, 0

    def send(self, requests: Mapping[str, bytes]) -> None:
        """As always, until it dies."""
        self._batches += 1
        if self._batches == self._left and not self._after:
            raise Killed
        super().send(requests)
        if self._batches == self._left:
            raise Killed
