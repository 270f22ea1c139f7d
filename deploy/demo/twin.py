"""The demo's control: the same schools, plan and epsilon once more, with the full noise at each school.

It runs in this process, without Flower, on copies that were taken before the first round, so it charges nothing
to the demo's schools. The code that answers, adds up and steps is the product's own.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from client.federation.approvals import approve, note_offered
from client.federation.school_link import LinkedSchool, open_school
from client.settings import SchoolFolder
from client.training.answer_message import answer_message
from common.arrays import from_bytes
from common.federated_step import wire_model
from common.plan import CampaignPlan
from deploy.demo.figures import pooled_auc
from deploy.demo.in_process import InProcessRecord, InProcessTransport
from deploy.demo.people import Cast
from deploy.demo.set_up import coordinator_folder
from deploy.demo.settings import DemoSettings
from server.campaign import run_campaign
from server.campaign_records import add_campaign, find_campaign, read_model, want_campaign
from server.checkpoint import first_checkpoint, load_checkpoint
from server.coordinator import Coordinator, open_coordinator
from server.settings import CoordinatorFolder
from server.transport import system_pace

POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Twin:
    """Copies of the consortium's folders. schools: name -> folder."""

    coordinator: CoordinatorFolder
    schools: Mapping[str, Path]


def copy_consortium(settings: DemoSettings, cast: Cast) -> Twin:
    """Copies everything as it is now; no link may run yet, the coordinator may."""
    twin, original = settings.folder / "full-noise", CoordinatorFolder(coordinator_folder(settings))
    schools = {school.name: twin / school.folder.name for school in cast.schools}
    for school in cast.schools:
        shutil.copytree(school.folder, schools[school.name])
    copy = CoordinatorFolder(twin / "coordinator")
    shutil.copytree(original.root, copy.root, ignore=shutil.ignore_patterns("flower", "*.db", "*.db-*"))
    with closing(sqlite3.connect(original.database)) as source, closing(sqlite3.connect(copy.database)) as target:
        source.backup(target)
    return Twin(copy, schools)


def run_with_full_noise(twin: Twin, digest: str, advance: Callable[[int], None]) -> float:
    """Pooled AUC of the shared model of the campaign `digest`, run again with honest_schools = 1 and no masks.

    advance hears how many times the schools were asked: once a round, and at the end for their confirmation.
    """
    coordinator = open_coordinator(twin.coordinator)
    try:
        with coordinator.store.read() as connection:
            plan = with_full_noise(find_campaign(connection, digest).plan)
            start = read_model(connection, find_campaign(connection, digest).plan.model.start_digest)
        _propose(coordinator, plan, start)
        with ExitStack() as stack:
            schools = {
                name: stack.enter_context(_approving(path, coordinator, plan))
                for name, path in twin.schools.items()
            }
            transport = InProcessTransport({name: _answers(school) for name, school in schools.items()}, advance)
            run_campaign(transport, coordinator, plan.digest, pace=system_pace(POLL_SECONDS))
        with coordinator.store.read() as connection:
            last = load_checkpoint(connection, plan) or first_checkpoint(plan, start)
        return pooled_auc(twin.schools.values(), from_bytes(wire_model(plan, last.weights, start)), plan)
    finally:
        coordinator.close()


def with_full_noise(plan: CampaignPlan) -> CampaignPlan:
    """The same campaign and the same epsilon, but unmasked and with every school adding the whole noise."""
    privacy = plan.privacy.model_copy(update={"honest_schools": 1})
    changes = {
        "campaign": f"{plan.campaign} - full noise",
        "privacy": privacy,
        "secagg": None,
        "epsilon_alone": plan.epsilon,
    }
    return plan.model_copy(update=changes)


def _propose(coordinator: Coordinator, plan: CampaignPlan, start: bytes) -> None:
    now = coordinator.clock.now()
    with coordinator.store.write() as connection:
        add_campaign(connection, plan, identity=coordinator.identity, start_model=start, at=now)
        want_campaign(connection, plan.digest, wanted=True, at=now)


@contextmanager
def _approving(path: Path, coordinator: Coordinator, plan: CampaignPlan) -> Iterator[LinkedSchool]:
    with coordinator.store.read() as connection:
        sealed = find_campaign(connection, plan.digest).envelope
    with open_school(SchoolFolder(path), record=InProcessRecord(coordinator)) as school:
        store, now = school.training.store, school.training.clock.now()
        key = school.training.coordinator_key
        store.writer.submit(lambda c: note_offered(c, [sealed], coordinator_key=key, now=now)).result()
        store.writer.submit(lambda c: approve(c, plan.digest, by="demo administrator", now=now)).result()
        yield school


def _answers(school: LinkedSchool) -> Callable[[bytes], bytes]:
    return lambda message: answer_message(message, school.training)
