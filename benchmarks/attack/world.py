"""A real school for attacks: its database, ledger and round code, with students that an attack makes up.

Nothing is faked between a request and a reply but the policy, which says yes: what is attacked is what the
product's own `join_round` sends. Every school adds the full noise here, so one school's reply is a release.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from client.records.classes import add_class
from client.records.consent import ConsentDecision, record_consents
from client.records.interactions import bulk_import
from client.records.inventory import Purpose
from client.records.store import Store, open_store
from client.records.students import NewStudent, add_students, cohort_of
from client.records.vault import Vault
from client.training.join_round import join_round
from client.training.masking_store import MaskingStore
from client.training.model_store import ModelStore
from client.training.own_answers import own_answers
from client.training.replica import Replica
from client.training.split import assign
from client.training.training_school import TrainingSchool
from common.arrays import Arrays, from_bytes, to_bytes
from common.canonical import sha256_hex
from common.clock import SystemClock
from common.errors import ErrorCode, RetryLater
from common.exchange import RoundRequest, open_reply, seal_request
from common.federated_step import dimensions
from common.interactions import History
from common.model_terms import DktTerms, MomentumTerms
from common.models.dkt_shapes import hidden_of
from common.permission import Permission
from common.plan import CampaignPlan, Member, PrivacyTerms, RoundPlan
from common.privacy.accounting import epsilon_of
from common.privacy.ledger import Caps, Ledger
from common.privacy.mechanism import open_sum
from common.privacy.randomness import Randomness, SystemRandomness
from common.signing import Identity, new_identity
from common.skills import SkillMap

SCHOOL, ZEROS = "attacked", "0" * 64
SPLIT_KEY = b"attack" + bytes(26)
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
_UNLIMITED = Caps(epsilon=1e9, epsilon_alone=1e9)
_MAX_REPLY_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What an attack chooses of a plan; the rest is fixed below. share_std_units as the planner has it."""

    noise_multiplier: float
    sampling_rate: float
    rounds: int
    delta: float = 1e-5
    clip_norm: float = 1.0
    window_interactions: int = 100
    max_interactions: int = 400


@dataclass(frozen=True, slots=True)
class AttackedSchool:
    """An open school and the one campaign that it is asked for. students: who could be drawn, by id."""

    training: TrainingSchool = field(repr=False)
    coordinator: Identity = field(repr=False)
    campaign: CampaignPlan = field(repr=False)
    model: bytes = field(repr=False)
    students: tuple[str, ...]

    def release(self, number: int, arrays: Arrays | None = None) -> NDArray[np.float64]:
        """What round `number` sends, opened: (d,) in units of the clipped sum. RetryLater if it refuses.

        arrays: the model that the round is asked with, the campaign's start unless given.
        """
        model = self.model if arrays is None else to_bytes(arrays)
        reply = join_round(self._request(number, model), self.training)
        key = self.training.identity.public_key
        opened = open_reply(reply, school=SCHOOL, school_key=key, max_bytes=_MAX_REPLY_BYTES)
        if opened.update is None:
            raise RetryLater(ErrorCode.CAMPAIGN_STOPPED, f"The attacked school refuses: {opened.refusal}.")
        terms = self.campaign.privacy.mechanism
        return open_sum([opened.update], count=dimensions(self.campaign), terms=terms)

    def consent(self, takes_part: Sequence[bool]) -> None:
        """Who of `students` allows federated training from now on."""
        decisions = [
            ConsentDecision(student, Purpose.FEDERATED_TRAINING, bool(yes), "attack", "attack")
            for student, yes in zip(self.students, takes_part, strict=True)
        ]
        writer = self.training.store.writer
        writer.submit(lambda connection: record_consents(connection, decisions, now=NOW)).result()

    def _request(self, number: int, model: bytes) -> bytes:
        plan = RoundPlan(
            campaign_digest=self.campaign.digest,
            round=number,
            kind="train",
            model_digest=sha256_hex(model),
            cohort=(SCHOOL,),
            epsilon_after=0.0,
            previous_digest=ZEROS,
            outcome_digest=ZEROS,
            log_size=0,
            log_root=ZEROS,
        )
        return seal_request(self.coordinator, RoundRequest(self.campaign, plan, model, {}, 0.0))


def trainable_ids(count: int, *, prefix: str = "student") -> tuple[str, ...]:
    """Ids that the school's split puts into the training set, so that every one of them can be drawn."""
    found: list[str] = []
    number = 0
    while len(found) < count:
        name = f"{prefix}-{number}"
        number += 1
        if assign(name, SPLIT_KEY) == "train":
            found.append(name)
    return tuple(sorted(found))


@contextmanager
def attacked_school(
    folder: Path,
    histories: Sequence[History],
    skill_map: SkillMap,
    *,
    arrays: Arrays,
    terms: Terms,
    randomness: Randomness | None = None,
) -> Iterator[AttackedSchool]:
    """A fresh school in `folder` with these students; all of them consent at first."""
    folder.mkdir(parents=True)
    store = open_store(f"sqlite:///{folder / 'school.db'}", Vault(bytes(32)))
    coordinator, identity, model = new_identity(), new_identity(), to_bytes(arrays)
    campaign = _campaign(coordinator, identity, skill_map, terms=terms, students=len(histories), model=model)
    try:
        _fill(store, histories)
        ledger_file = folder / "ledger.jsonl"
        with Ledger(ledger_file, caps=_UNLIMITED, epsilon_of=epsilon_of, clock=SystemClock()) as ledger:
            masking = MaskingStore(folder / "secagg")
            replica = Replica(
                SCHOOL, _Unpublished(), ModelStore(folder / "models"), ledger, own_answers(SCHOOL, store, masking)
            )
            training = TrainingSchool(
                name=SCHOOL,
                coordinator_key=coordinator.public_key,
                identity=identity,
                store=store,
                ledger=ledger,
                masking=masking,
                replica=replica,
                decide=lambda request: Permission(frozenset({cohort_of(NOW)}), 1),
                decide_campaign=lambda campaign: None,
                randomness=randomness or SystemRandomness(),
                clock=SystemClock(),
                split_key=SPLIT_KEY,
            )
            students = tuple(sorted(history.student for history in histories))
            yield AttackedSchool(training, coordinator, campaign, model, students)
    finally:
        store.close()


class _Unpublished:
    """A campaign that publishes nothing: no attack here gets as far."""

    def start(self, campaign: str) -> bytes:
        raise RetryLater(ErrorCode.UNREACHABLE, "Nothing is published here.")

    def opened_round(self, campaign: str, number: int) -> bytes:
        raise RetryLater(ErrorCode.UNREACHABLE, "Nothing is published here.")

    def transcript(self, campaign: str, number: int, chunk: int | None) -> bytes:
        raise RetryLater(ErrorCode.UNREACHABLE, "Nothing is published here.")


def _fill(store: Store, histories: Sequence[History]) -> None:
    students = sorted(history.student for history in histories)

    def work(connection: Connection) -> None:
        group = add_class(connection, name="Attacked", code="ATTACK")
        new = [NewStudent("made up", group.id, id=student) for student in students]
        add_students(connection, store.vault, new, now=NOW)
        purposes = (Purpose.PRACTICE, Purpose.FEDERATED_TRAINING)
        consents = [ConsentDecision(s, p, True, "attack", "attack") for s in students for p in purposes]
        record_consents(connection, consents, now=NOW)
        bulk_import(connection, histories)

    store.writer.submit(work).result()


def _campaign(
    coordinator: Identity,
    identity: Identity,
    skill_map: SkillMap,
    *,
    terms: Terms,
    students: int,
    model: bytes,
) -> CampaignPlan:
    privacy = _privacy(terms)
    cost = epsilon_of([privacy.mechanism.event(terms.rounds)], terms.delta)
    return CampaignPlan(
        consortium="Attacked",
        campaign="attacked",
        purpose="federated_training",
        coordinator_key=coordinator.public_key,
        bundle_digest=ZEROS,
        package_version="attack",
        members=(Member(school=SCHOOL, identity_key=identity.public_key, students=students),),
        model=DktTerms(
            kind="dkt",
            hidden=_hidden(model),
            skill_map_version=skill_map.version,
            skill_names=skill_map.names,
            start_digest=sha256_hex(model),
        ),
        privacy=privacy,
        secagg=None,
        metrics=None,
        optimiser=MomentumTerms(learning_rate=1.0, momentum=0.0, final_fraction=1.0),
        rounds=terms.rounds,
        minimum_cohort=1,
        round_deadline_seconds=60.0,
        epsilon=cost,
        epsilon_alone=cost,
    )


def _privacy(terms: Terms) -> PrivacyTerms:
    return PrivacyTerms(
        clip_norm=terms.clip_norm,
        noise_multiplier=terms.noise_multiplier,
        sampling_rate=terms.sampling_rate,
        delta=terms.delta,
        honest_schools=1,
        share_std_units=16.0,
        modulus_bits=32,
        rho=0.001,
        batch_cap_sd=12.0,
        max_interactions=terms.max_interactions,
        window_interactions=terms.window_interactions,
    )


def _hidden(model: bytes) -> int:
    return hidden_of(from_bytes(model))
