"""The school's link put together: what answers the coordinator's messages, and news between them."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection

from client.federation.approvals import approved_bundles, note_offered
from client.federation.coordinator_api import CoordinatorApi, fetch_campaigns
from client.federation.enrolment import Enrolment, load_enrolment
from client.federation.fleet import Gate
from client.federation.gossip import heard_heads, seen_log
from client.federation.installing import installer_of
from client.federation.judging import Judge, judge_campaign, judge_round
from client.federation.link import Duties, Pace, serve_link
from client.federation.log_follower import LogFollower
from client.federation.public_record import HttpsRecord, PublicRecord
from client.federation.re_measuring import is_due, measure_again
from client.federation.releases import SetAside, install_new
from client.federation.school_state import Standing
from client.records.approvals import Decided, campaign_decisions
from client.records.store import open_school_store
from client.settings import SchoolFolder, Settings, load_school_key, load_settings
from client.training.answer_message import answer_message
from client.training.masking_store import MaskingStore
from client.training.model_store import ModelStore
from client.training.own_answers import own_answers
from client.training.replica import Replica
from client.training.training_school import TrainingSchool
from common.clock import Clock, SystemClock
from common.privacy.accounting import epsilon_of
from common.privacy.ledger import Caps, Entry, Ledger
from common.privacy.randomness import Randomness, SystemRandomness
from common.signing import Identity, load_identity

LOOK_EVERY_SECONDS = 3.0
MEASURE_EVERY_SECONDS = 600.0  # how often it is asked whether a month has passed
QUIET = timedelta(hours=1)  # since the last round, before a school is busy with itself
# A campaign that was approved this recently and hasn't begun is worth quick polls.
ABOUT_TO_BEGIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LinkedSchool:
    """An opened school: what answers a message, and what asks the coordinator for news."""

    folder: SchoolFolder
    enrolment: Enrolment
    training: TrainingSchool = field(repr=False)
    follower: LogFollower = field(repr=False)
    api: CoordinatorApi = field(repr=False)


@contextmanager
def open_school(
    folder: SchoolFolder,
    *,
    randomness: Randomness | None = None,
    clock: Clock | None = None,
    record: PublicRecord | None = None,
) -> Iterator[LinkedSchool]:
    """Opens database, ledger and keys, and closes them again.

    randomness: the operating system's unless a caller of this function passes another, which only tests do; no
    setting and no variable of the environment can. record: the coordinator's own over HTTPS unless given. Raises
    FixSettings for a school that hasn't joined, RetryLater if another process of the school holds the ledger.
    """
    clock = clock or SystemClock()
    settings, enrolment = load_settings(folder), load_enrolment(folder.enrolment)
    identity = load_identity(folder.identity_key)
    api = CoordinatorApi(enrolment, identity, clock)
    record = record or HttpsRecord(api)
    follower = LogFollower(folder.public_log, enrolment.school, enrolment.coordinator_key, record)
    store = open_school_store(folder, settings)
    try:
        with open_ledger(folder, settings, clock=clock) as ledger:
            masking = MaskingStore(folder.masking)
            answered = own_answers(enrolment.school, store, masking)
            replica = Replica(enrolment.school, record, ModelStore(folder.models), ledger, answered)
            judge = Judge(
                store=store,
                replica=replica,
                masking=masking,
                policy=settings.policy,
                standing=Standing(enrolment, identity.public_key, version("homeroom"), epsilon_of),
                clock=clock,
                log=seen_log(follower),
            )
            training = _training_school(
                judge, follower, identity, randomness=randomness or SystemRandomness(), folder=folder
            )
            yield LinkedSchool(folder, enrolment, training, follower, api)
    finally:
        store.close()


def _training_school(
    judge: Judge, follower: LogFollower, identity: Identity, *, randomness: Randomness, folder: SchoolFolder
) -> TrainingSchool:
    enrolment = judge.standing.enrolment
    return TrainingSchool(
        name=enrolment.school,
        coordinator_key=enrolment.coordinator_key,
        identity=identity,
        store=judge.store,
        ledger=judge.replica.ledger,
        masking=judge.masking,
        replica=judge.replica,
        decide=partial(judge_round, judge=judge),
        decide_campaign=partial(judge_campaign, judge=judge),
        randomness=randomness,
        clock=judge.clock,
        split_key=load_school_key(folder.split_key),
        head=follower.newest_head,
        hear_heads=heard_heads(follower),
    )


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
            return expects_round(connection, training.ledger.rows(), now=training.clock.now())

    set_aside: SetAside = set()
    return Duties(
        answer=lambda message: answer_message(message, training),
        approved=approved,
        idle=both(
            seldom(lambda: look_for_news(school, set_aside), every_seconds=LOOK_EVERY_SECONDS),
            seldom(lambda: measure_if_due(school), every_seconds=MEASURE_EVERY_SECONDS),
        ),
        in_campaign=in_campaign,
    )


def look_for_news(school: LinkedSchool, set_aside: SetAside) -> list[str]:
    """Follows the log, keeps newly offered plans for the administrator, installs releases; their digests."""
    training = school.training
    school.follower.follow()
    sealed = fetch_campaigns(school.api)
    now = training.clock.now()
    training.store.writer.submit(
        lambda connection: note_offered(connection, sealed, coordinator_key=training.coordinator_key, now=now)
    ).result()
    return install_new(installer_of(training, school.api, school.folder), set_aside)


def measure_if_due(school: LinkedSchool) -> bool:
    """Measures what serves again if a month has passed, in a quiet hour: a round must not wait for it."""
    training = school.training
    now, rows = training.clock.now(), training.ledger.rows()
    with training.store.read() as connection:
        due = is_due(connection, now) and not expects_round(connection, rows, now=now)
    if not due or (rows and now - datetime.fromisoformat(rows[-1].at) < QUIET):
        return False
    measure_again(training.store, school.folder, by="link", now=now)
    return True


def expects_round(connection: Connection, rows: Sequence[Entry], *, now: datetime) -> bool:
    """Whether a campaign was approved a short while ago and no round of it was paid for yet."""
    begun = {row.campaign for row in rows}
    return any(
        one.decided is Decided.APPROVED and now - one.at < ABOUT_TO_BEGIN and one.digest not in begun
        for one in campaign_decisions(connection)
    )


def both(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    """One after the other."""

    def deeds() -> None:
        first()
        second()

    return deeds


def seldom(deed: Callable[[], object], *, every_seconds: float) -> Callable[[], None]:
    """`deed`, done at most once in `every_seconds` however often it is called; at the first call as well."""
    next_at = float("-inf")

    def maybe() -> None:
        nonlocal next_at
        if time.monotonic() >= next_at:
            next_at = time.monotonic() + every_seconds
            deed()

    return maybe
