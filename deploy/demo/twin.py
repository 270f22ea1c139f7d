"""The demo's consortium once more, from copies of its folders: schools answer in this process, without Flower.

It charges nothing to the demo's schools. The code that drafts, answers, adds up and steps is the product's own.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from client.federation.approvals import approve, note_offered
from client.federation.school_link import LinkedSchool, open_school
from client.settings import SchoolFolder
from client.training.answer_message import answer_message
from common.errors import ErrorCode, RetryLater
from common.federated_step import wire_model
from common.plan import CampaignPlan
from common.skills import SkillMap
from deploy.demo.copies import Twin
from deploy.demo.in_process import InProcessRecord, InProcessTransport
from server.campaign import run_campaign
from server.campaign_records import find_campaign, want_campaign
from server.checkpoint import load_checkpoint
from server.coordinator import Coordinator, open_coordinator
from server.plan import CampaignDraft
from server.propose_campaign import propose_campaign
from server.transport import system_pace

POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class OpenedTwin:
    """Everything open in this process."""

    coordinator: Coordinator
    schools: Mapping[str, LinkedSchool] = field(repr=False)


@contextmanager
def opened_twin(twin: Twin) -> Iterator[OpenedTwin]:
    """Opens the coordinator and every school, and closes them again."""
    coordinator = open_coordinator(twin.coordinator)
    try:
        record = InProcessRecord(coordinator)
        with ExitStack() as stack:
            schools = {
                name: stack.enter_context(open_school(SchoolFolder(path), record=record))
                for name, path in twin.schools.items()
            }
            yield OpenedTwin(coordinator, schools)
    finally:
        coordinator.close()


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """start: the first model's bytes. bundle_digest: as the demo's own plans name it."""

    draft: CampaignDraft
    skill_map: SkillMap
    start: bytes = field(repr=False)
    bundle_digest: str


def train(opened: OpenedTwin, proposal: Proposal, advance: Callable[[int], None]) -> tuple[CampaignPlan, bytes]:
    """Drafts the campaign, has every school approve it and runs all its rounds; its plan and its last model.

    advance hears how many times the schools were asked: once a round, and at the end for their confirmation.
    RetryLater if the campaign stops on its way. What the gate says at the end changes nothing here.
    """
    coordinator = opened.coordinator
    plan = propose_campaign(
        coordinator,
        proposal.draft,
        skill_map=proposal.skill_map,
        start_model=proposal.start,
        bundle_digest=proposal.bundle_digest,
    )
    with coordinator.store.write() as connection:
        want_campaign(connection, plan.digest, wanted=True, at=coordinator.clock.now())
        sealed = find_campaign(connection, plan.digest).envelope
    for school in opened.schools.values():
        _approve(school, sealed, plan.digest)
    transport = InProcessTransport({name: _answers(school) for name, school in opened.schools.items()}, advance)
    ended = run_campaign(transport, coordinator, plan.digest, pace=system_pace(POLL_SECONDS))
    with coordinator.store.read() as connection:
        last = load_checkpoint(connection, plan)
    if last is None or last.round < plan.total_rounds:
        raise RetryLater(ErrorCode.CAMPAIGN_STOPPED, f"The control run ended {ended.state}. {ended.reason}")
    return plan, wire_model(plan, last.weights, proposal.start)


def _approve(school: LinkedSchool, sealed: bytes, digest: str) -> None:
    store, now = school.training.store, school.training.clock.now()
    key = school.training.coordinator_key
    store.writer.submit(lambda c: note_offered(c, [sealed], coordinator_key=key, now=now)).result()
    store.writer.submit(lambda c: approve(c, digest, by="demo administrator", now=now)).result()


def _answers(school: LinkedSchool) -> Callable[[bytes], bytes]:
    return lambda message: answer_message(message, school.training)
