"""The school's link put together: what answers the coordinator's messages, and news between them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection

from client.federation.approvals import approved_bundles, note_offered
from client.federation.coordinator_api import CoordinatorApi, fetch_campaigns
from client.federation.enrolment import Enrolment, load_enrolment
from client.federation.fleet import Gate
from client.federation.link import Duties, Pace, serve_link
from client.federation.policy import decide
from client.federation.releases import Installer, ServingChoice, SetAside, install_new
from client.federation.school_state import Standing, read_state
from client.records.approvals import Decided, campaign_decisions, decision_of
from client.records.replies import last_round
from client.records.store import Store, open_school_store
from client.records.students import cohorts_by_student
from client.settings import PolicySettings, SchoolFolder, Settings, load_school_key, load_settings
from client.training.answer_message import answer_message
from client.training.masking_store import MaskingStore
from client.training.measure_release import figures_of, measure_here
from client.training.model_store import ModelStore
from client.training.own_answers import own_answers
from client.training.replica import Replica, keep_up
from client.training.training_school import TrainingSchool
from common.arrays import from_bytes
from common.clock import Clock, SystemClock
from common.errors import ErrorCode, RetryLater
from common.exchange import RoundRequest
from common.models.release import ModelRelease
from common.permission import Permission
from common.plan import CampaignPlan
from common.privacy.accounting import epsilon_of
from common.privacy.ledger import Caps, Ledger, charges_of
from common.privacy.randomness import Randomness, SystemRandomness
from common.refusals import Refusal
from common.signing import load_identity

LOOK_EVERY_SECONDS = 3.0
# A campaign that was approved this recently and hasn't begun is worth quick polls.
ABOUT_TO_BEGIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LinkedSchool:
    """An opened school: what answers a round, and what asks the coordinator for news."""

    folder: SchoolFolder
    enrolment: Enrolment
    training: TrainingSchool = field(repr=False)
    api: CoordinatorApi = field(repr=False)


@contextmanager
def open_school(
    folder: SchoolFolder, *, randomness: Randomness | None = None, clock: Clock | None = None
) -> Iterator[LinkedSchool]:
    """Opens database, ledger and keys, and closes them again.

    randomness: the operating system's unless a caller of this function passes another, which only tests do; no
    setting and no variable of the environment can. Raises FixSettings for a school that hasn't joined, RetryLater
    if another process of the school holds the ledger.
    """
    clock = clock or SystemClock()
    settings, enrolment = load_settings(folder), load_enrolment(folder.enrolment)
    identity = load_identity(folder.identity_key)
    standing = Standing(enrolment, identity.public_key, version("homeroom"), epsilon_of)
    store = open_school_store(folder, settings)
    try:
        with open_ledger(folder, settings, clock=clock) as ledger:
            masking = MaskingStore(folder.path / "secagg")
            replica = Replica(
                school=enrolment.school,
                published=_NothingPublished(),
                models=ModelStore(folder.path / "models"),
                ledger=ledger,
                answered=own_answers(enrolment.school, store, masking),
            )
            training = TrainingSchool(
                name=enrolment.school,
                coordinator_key=enrolment.coordinator_key,
                identity=identity,
                store=store,
                ledger=ledger,
                masking=masking,
                replica=replica,
                decide=_judge(store, replica, settings.policy, standing=standing, clock=clock),
                decide_campaign=lambda campaign: None,
                randomness=randomness or SystemRandomness(),
                clock=clock,
                split_key=load_school_key(folder.split_key),
            )
            yield LinkedSchool(folder, enrolment, training, CoordinatorApi(enrolment, identity, clock))
    finally:
        store.close()


def open_ledger(folder: SchoolFolder, settings: Settings, *, clock: Clock) -> Ledger:
    """The school's ledger with its lifetime caps."""
    caps = Caps(settings.policy.epsilon_lifetime, settings.policy.epsilon_alone_lifetime)
    return Ledger(folder.ledger, caps=caps, epsilon_of=epsilon_of, clock=clock)


def open_answer(path: Path) -> Callable[[bytes], bytes]:
    """Answers one message at a time with the school in this folder; for a stock `flower-supernode`.

    Opened afresh for each message, since such a node decides by itself when the app's process ends.
    """

    def answer(message: bytes) -> bytes:
        with open_school(SchoolFolder(path)) as school:
            return answer_message(message, school.training)

    return answer


def serve_school(
    folder: SchoolFolder,
    *,
    randomness: Randomness | None = None,
    pace: Pace | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Serves the link until `stop` is set or SIGTERM arrives."""
    with open_school(folder, randomness=randomness) as school:
        serve_link(gate_of(school), duties_of(school), pace=pace, stop=stop)


def gate_of(school: LinkedSchool) -> Gate:
    """Where the link connects, and as whom."""
    enrolment = school.enrolment
    return Gate(enrolment.address, enrolment.ca_pem.encode(), school.folder.node_key.read_bytes())


def duties_of(school: LinkedSchool) -> Duties:
    """What the link does on this school's behalf."""
    training = school.training

    def approved(bundle: str) -> bool:
        with training.store.read() as connection:
            return bundle in approved_bundles(connection)

    def in_campaign() -> bool:
        with training.store.read() as connection:
            return expects_round(connection, now=training.clock.now())

    set_aside: SetAside = set()
    return Duties(
        answer=lambda message: answer_message(message, training),
        approved=approved,
        idle=seldom(lambda: look_for_news(school, set_aside), every_seconds=LOOK_EVERY_SECONDS),
        in_campaign=in_campaign,
    )


def look_for_news(school: LinkedSchool, set_aside: SetAside) -> list[str]:
    """Keeps newly offered plans for the administrator, installs releases of approved campaigns; their digests."""
    training = school.training
    sealed = fetch_campaigns(school.api)
    now = training.clock.now()
    training.store.writer.submit(
        lambda connection: note_offered(connection, sealed, coordinator_key=training.coordinator_key, now=now)
    ).result()
    return install_new(installer_of(school), set_aside)


def expects_round(connection: Connection, *, now: datetime) -> bool:
    """Whether a campaign was approved a short while ago and hasn't asked for anything yet."""
    return any(
        one.decided is Decided.APPROVED
        and now - one.at < ABOUT_TO_BEGIN
        and last_round(connection, one.digest) == 0
        for one in campaign_decisions(connection)
    )


def seldom(deed: Callable[[], object], *, every_seconds: float) -> Callable[[], None]:
    """`deed`, done at most once in `every_seconds` however often it is called; at the first call as well."""
    next_at = float("-inf")

    def maybe() -> None:
        nonlocal next_at
        if time.monotonic() >= next_at:
            next_at = time.monotonic() + every_seconds
            deed()

    return maybe


def installer_of(school: LinkedSchool) -> Installer:
    """How this school installs a release: measured on its own students."""
    training = school.training

    def measure(release: ModelRelease) -> ServingChoice:
        with training.store.read() as connection:
            decision = decision_of(connection, release.card.campaign_digest)
        kept = training.replica.models.start(CampaignPlan.from_bytes(decision.plan)) if decision else None
        start = from_bytes(kept) if kept else None
        report = measure_here(training.store, training.split_key, release, start=start)
        return ServingChoice(
            rung=report.rung,
            reason=report.reason,
            figures=figures_of(report, has_start=start is not None),
            bkt=report.bkt,
            arrays=report.personal.arrays,
            difficulty=report.personal.difficulty,
        )

    return Installer(school.api, training.store, school.folder, measure)


def _judge(
    store: Store, replica: Replica, policy: PolicySettings, *, standing: Standing, clock: Clock
) -> Callable[[RoundRequest], Refusal | Permission]:
    """The school's policy on a request, with its state read at that moment."""

    def judge(request: RoundRequest) -> Refusal | Permission:
        charges = tuple(charges_of(replica.ledger.rows()))
        with store.read() as connection:
            state = read_state(connection, request.campaign, standing=standing, charges=charges, now=clock.now())
            cohorts = frozenset(cohorts_by_student(connection).values())
        refusal = decide(request, state, policy)
        if refusal is not None:
            return refusal
        if request.plan.round == 1:
            keep_up(replica, request.campaign, 0, offered_start=request.model)
        return Permission(cohorts, request.campaign.privacy.honest_schools)

    return judge


class _NothingPublished:
    """Until the public record is there."""

    def start(self, campaign: str) -> bytes:
        raise RetryLater(ErrorCode.UNREACHABLE, "Nothing is published yet.")

    def opened_round(self, campaign: str, number: int) -> bytes:
        raise RetryLater(ErrorCode.UNREACHABLE, "Nothing is published yet.")

    def transcript(self, campaign: str, number: int, chunk: int | None) -> bytes:
        raise RetryLater(ErrorCode.UNREACHABLE, "Nothing is published yet.")
