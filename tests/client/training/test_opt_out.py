"""A student who opted out leaves no trace: the reply is, byte for byte, the one without that student.

With the same secrets the two replies are compared whole: the vector, its signature, the ledger's head. Students
come from schools of three sizes, and each is tried with masks and without.
"""

import random
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete

from client.records.consent import ConsentDecision, record_consent
from client.records.inventory import Purpose
from client.records.students import cohort_of, student_ids
from client.records.tables import consent, interaction, student, student_key
from client.training.answer_message import answer_message
from client.training.dataset import round_pool
from client.training.training_school import TrainingSchool
from common.canonical import sha256_hex
from common.exchange import open_request
from common.plan import Member, SecaggPlan
from common.privacy.sampling import poisson_sample
from common.signing import Identity, new_identity
from tests.support.masked_party import PartyHome
from tests.support.masking_coordinator import MaskingCoordinator
from tests.support.schools import (
    SPLIT_KEY,
    Consortium,
    consortium_of,
    fill_store,
    school_identity,
    student_names,
    training_school,
)
from tests.support.stores import NOW, in_reader, in_writer, sqlite_store

pytestmark = pytest.mark.slow

# (students at the school, how many of them are tried): 200 together.
SIZES = ((20, 20), (60, 60), (200, 120))


@dataclass(frozen=True, slots=True)
class Scene:
    """One round of two campaigns, asked of a school in many copies; `home` is the school that is copied."""

    home: Path
    consortium: Consortium
    messages: dict[str, bytes]

    def replies(self, folder: Path) -> dict[str, bytes]:
        """What the school in a folder answers, without masks and with them."""
        with training_school(folder, self.consortium) as school:
            return {mode: answer_message(message, school) for mode, message in self.messages.items()}

    def copy(self, folder: Path) -> Path:
        """The same school once more."""
        return Path(shutil.copytree(self.home, folder))


def consortium_with(keys: dict[str, str], coordinator: Identity, *, masked: bool) -> Consortium:
    """One coordinator's campaign of these schools, with or without masks."""
    members = tuple(Member(school=name, identity_key=keys[name], students=200) for name in sorted(keys))
    secagg = SecaggPlan(corrupt=0, threshold=2, max_dropped=1, min_margin=1) if masked else None
    return consortium_of(keys["east"], coordinator=coordinator, members=members, secagg=secagg)


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]} students")
def scene(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Scene, int]]:
    """A school of this size, set up for masking, and how many of its students to try."""
    monkeypatch.setattr("common.privacy.ledger.secrets.token_hex", lambda count: "5" * 2 * count)
    count, tried = request.param
    home = tmp_path / "home"
    home.mkdir()
    others, boss = {name: new_identity() for name in ("north", "west")}, new_identity()
    keys = {"east": school_identity(home).public_key} | {name: one.public_key for name, one in others.items()}
    plain, masked = (consortium_with(keys, boss, masked=masked) for masked in (False, True))
    with ExitStack() as stack:
        store = sqlite_store(home)
        fill_store(store, student_names(count))
        store.close()
        coordinator = MaskingCoordinator(boss, masked.campaign, masked.model)
        parties = {}
        for name, other in others.items():
            (tmp_path / name).mkdir()
            outside = PartyHome(name, tmp_path / name, other, boss.public_key)
            parties[name] = stack.enter_context(outside.open()).answer
        with training_school(home, masked) as school:
            answers = parties | {"east": lambda message: answer_message(message, school)}
            for name, answer in answers.items():
                coordinator.take_join(name, answer(coordinator.invite()))
            for name, answer in answers.items():
                reply = coordinator.read(name, answer(coordinator.deal()))
                coordinator.take_deals(name, reply.parts["deals"])
        plan = coordinator.plan(1, model_digest=sha256_hex(masked.model))
        messages = {"plain": plain.request(), "masked": coordinator.request(plan, "east")}
        yield Scene(home, plain, messages), tried


def opt_out(folder: Path, name: str) -> None:
    """The student's newest word on training is no."""
    store = sqlite_store(folder)
    no = ConsentDecision(name, Purpose.FEDERATED_TRAINING, False, "form", "office")
    in_writer(store, lambda connection: record_consent(connection, no, now=NOW))
    store.close()


def remove(folder: Path, name: str) -> None:
    """As if the student had never been at the school."""

    def work(connection: Connection) -> None:
        for table in (consent, interaction, student_key):
            connection.execute(delete(table).where(table.c.student == name))
        connection.execute(delete(student).where(student.c.id == name))

    store = sqlite_store(folder)
    in_writer(store, work)
    store.close()


def drawn(scene: Scene, school: TrainingSchool, mode: str) -> tuple[str, ...]:
    """Who is in the round, from the school's own secrets."""
    campaign = open_request(scene.messages[mode], coordinator_key=school.coordinator_key).campaign
    key = school.randomness.draw(f"draw/{campaign.digest}/1", 32)
    cohorts = frozenset({cohort_of(NOW)})
    pool = in_reader(school.store, lambda c: round_pool(c, SPLIT_KEY, "train", cohorts=cohorts))
    return poisson_sample(pool, campaign.privacy.sampling_rate, key, cap=10_000)


def test_opted_out_equals_deleted_byte_for_byte(scene: tuple[Scene, int], tmp_path: Path) -> None:
    """Students at random; those who would have been drawn change the reply when they are there."""
    stage, tried = scene
    everybody = stage.replies(stage.copy(tmp_path / "everybody"))
    with training_school(stage.copy(tmp_path / "look"), stage.consortium) as school:
        chosen = {mode: drawn(stage, school, mode) for mode in stage.messages}
        names = random.Random(tried).sample(in_reader(school.store, student_ids), tried)
    changed = 0
    for name in names:
        out, gone = stage.copy(tmp_path / f"{name}-out"), stage.copy(tmp_path / f"{name}-gone")
        opt_out(out, name)
        remove(gone, name)
        one, other = stage.replies(out), stage.replies(gone)
        assert one == other, name
        for mode, reply in one.items():
            assert (reply != everybody[mode]) == (name in chosen[mode]), (name, mode)
            changed += name in chosen[mode]
        shutil.rmtree(out)
        shutil.rmtree(gone)
    # Without students who make a difference, equality would show nothing.
    assert changed > tried // 10
