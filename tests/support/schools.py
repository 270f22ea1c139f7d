"""A small real school with students, a ledger and an approved campaign, for tests of rounds and releases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection

from client.records.approvals import Decided, decide_campaign, note_campaign
from client.records.classes import add_class
from client.records.consent import ConsentDecision, record_consents
from client.records.interactions import bulk_import
from client.records.inventory import Purpose
from client.records.store import Store
from client.records.students import NewStudent, add_students, cohort_of
from client.training.masking_store import MaskingStore
from client.training.model_store import ModelStore
from client.training.own_answers import own_answers
from client.training.published import Published
from client.training.replica import Replica
from client.training.training_school import TrainingSchool
from common.arrays import to_bytes
from common.canonical import sha256_hex
from common.clock import StoppedClock
from common.exchange import RoundRequest, seal_request
from common.interactions import History, Interaction
from common.model_terms import DktTerms
from common.models.dkt_shapes import all_shapes
from common.permission import Permission
from common.plan import CampaignPlan, Member
from common.privacy.accounting import epsilon_of
from common.privacy.ledger import Caps, Ledger
from common.refusals import Refusal
from common.signing import Identity, load_identity, new_identity, save_identity
from common.skills import SkillMap
from tests.support.plans import campaign_plan, privacy_terms, round_plan
from tests.support.published_rounds import PublishedRounds
from tests.support.seeded import SeededRandomness
from tests.support.stores import NOW, in_writer, sqlite_store

SKILLS = SkillMap("test/1", ("add", "subtract", "multiply", "divide", "fractions"))
HIDDEN = 4
PUBLIC_STUDENTS = 100
SPLIT_KEY = b"k" * 32
WIDE = Caps(epsilon=1e6, epsilon_alone=1e6)


def start_model(seed: int = 5) -> bytes:
    """Bytes of a small model with random arrays."""
    rng = np.random.default_rng(seed)
    shapes = all_shapes(SKILLS.rows, HIDDEN)
    return to_bytes({name: rng.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes})


def student_history(student: str, *, length: int = 24) -> History:
    """Answers that depend on the student's id alone, so that deleting one changes nobody else's."""
    rng = np.random.default_rng(int(sha256_hex(student.encode())[:12], 16))
    attempts = (
        Interaction(
            item=f"item {rng.integers(10)}",
            skills=(str(rng.choice(SKILLS.names)),),
            correct=bool(rng.random() < 0.6),
            at_seconds=float(t),
        )
        for t in range(length)
    )
    return History(student, tuple(attempts))


@dataclass(frozen=True, slots=True)
class Consortium:
    """A coordinator's key and one campaign; the school under test is "east"."""

    coordinator: Identity
    campaign: CampaignPlan
    model: bytes = field(repr=False)

    def request(
        self, *, round: int = 1, model: bytes | None = None, sent_at: datetime = NOW, **changes: Any
    ) -> bytes:
        """The signed request of a round, unless changed."""
        body = self.model if model is None else model
        terms = self.campaign.privacy.mechanism
        plan = round_plan(
            self.campaign,
            **{
                "round": round,
                "model_digest": sha256_hex(self.model),
                "epsilon_after": epsilon_of([terms.event(round)], terms.delta),
                "previous_digest": self.campaign.digest,
                "outcome_digest": self.campaign.digest,
            }
            | changes,
        )
        return seal_request(self.coordinator, RoundRequest(self.campaign, plan, body, {}, sent_at.timestamp()))


def consortium_of(
    identity_key: str,
    *,
    coordinator: Identity | None = None,
    privacy: dict[str, Any] | None = None,
    **changes: Any,
) -> Consortium:
    """Three schools, "east" with this key; the printed figures are right unless changed."""
    coordinator, model = coordinator or new_identity(), start_model()
    terms = privacy_terms(**(privacy or {}))
    rounds = int(changes.get("rounds", 3))
    epsilon = epsilon_of([terms.mechanism.event(rounds)], terms.delta)
    members = [Member(school="east", identity_key=identity_key, students=PUBLIC_STUDENTS)]
    members += [Member(school=n, identity_key=d * 64, students=100) for n, d in (("north", "2"), ("west", "3"))]
    defaults: dict[str, Any] = {
        "coordinator_key": coordinator.public_key,
        "members": tuple(members),
        "privacy": terms,
        "model": DktTerms(
            kind="dkt",
            hidden=HIDDEN,
            skill_map_version=SKILLS.version,
            skill_names=SKILLS.names,
            start_digest=sha256_hex(model),
        ),
        "epsilon": epsilon,
        "epsilon_alone": epsilon,
    }
    return Consortium(coordinator, campaign_plan(**(defaults | changes)), model)


def school_identity(folder: Path) -> Identity:
    """The school's key in this folder, made on first use."""
    path = folder / "identity.key"
    if not path.exists():
        save_identity(new_identity(), path)
    return load_identity(path)


def student_names(count: int) -> list[str]:
    """Ids of simulated students."""
    return [f"student-{number:03d}" for number in range(count)]


def fill_store(store: Store, students: list[str], *, now: datetime = NOW) -> None:
    """One class, every student with consent to both purposes and a history."""

    def work(connection: Connection) -> None:
        group = add_class(connection, name="Class 5", code="OWLS42")
        add_students(connection, store.vault, [NewStudent("A name", group.id, id=s) for s in students], now=now)
        purposes = (Purpose.PRACTICE, Purpose.FEDERATED_TRAINING)
        decisions = [ConsentDecision(s, p, True, "form", "office") for s in students for p in purposes]
        record_consents(connection, decisions, now=now)
        bulk_import(connection, map(student_history, students))

    in_writer(store, work)


def approve_in(store: Store, campaign: CampaignPlan, *, now: datetime = NOW) -> None:
    """The administrator's yes to this campaign."""

    def work(connection: Connection) -> None:
        note_campaign(connection, campaign.digest, campaign.to_bytes(), now=now)
        decide_campaign(connection, campaign.digest, decided=Decided.APPROVED, by="Mr Abe", now=now)

    in_writer(store, work)


def permit(request: RoundRequest) -> Permission:
    """A policy that allows everything, for every cohort that the tests' students are in."""
    return Permission(frozenset({cohort_of(NOW)}), request.campaign.privacy.honest_schools)


@contextmanager
def training_school(
    folder: Path,
    consortium: Consortium,
    *,
    students: list[str] | None = None,
    caps: Caps = WIDE,
    decide: Callable[[RoundRequest], Refusal | Permission] = permit,
    published: Published | None = None,
) -> Iterator[TrainingSchool]:
    """The school "east" on SQLite in `folder`, with seeded randomness; filled when the folder is new."""
    clock = StoppedClock()
    is_new = not (folder / "school.db").exists()
    store = sqlite_store(folder)
    masking = MaskingStore(folder / "secagg")
    try:
        if is_new:
            fill_store(store, student_names(40) if students is None else students)
            approve_in(store, consortium.campaign)
        with Ledger(folder / "ledger.jsonl", caps=caps, epsilon_of=epsilon_of, clock=clock) as ledger:
            yield TrainingSchool(
                name="east",
                coordinator_key=consortium.coordinator.public_key,
                identity=school_identity(folder),
                store=store,
                ledger=ledger,
                masking=masking,
                replica=Replica(
                    "east",
                    published or PublishedRounds(consortium.campaign, consortium.model),
                    ModelStore(folder / "models"),
                    ledger,
                    own_answers("east", store, masking),
                ),
                decide=decide,
                decide_campaign=lambda campaign: None,
                randomness=SeededRandomness("east"),
                clock=clock,
                split_key=SPLIT_KEY,
            )
    finally:
        store.close()
