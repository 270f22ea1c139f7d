"""SchoolState: what a school knows of itself when it judges a plan; a value, so that the judgement is pure."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from client.federation.enrolment import Enrolment
from client.records.approvals import is_approved
from client.records.consent import consenting_students
from client.records.inventory import Purpose
from client.records.replies import last_round
from client.records.students import cohorts_by_student
from client.records.training_pause import is_paused
from common.plan import CampaignPlan
from common.privacy.ledger_costs import Accountant
from common.privacy.ledger_rows import Entry, charges_of


@dataclass(frozen=True, slots=True)
class KnownFoundation:
    """The campaign that a plan builds on, as this school knows it.

    plan: as it reached this school. model_digest: of its released model as computed here, or "".
    """

    plan: CampaignPlan
    model_digest: str


class SeenLog(Protocol):
    """The consortium's public log as this school has followed it.

    consistent: everything seen so far is one history; if not, `sentence` says what contradicts. roster: identity
    key by school. revoked: schools or keys that no longer count. own_ledger_rows, own_ledger_head: how far this
    school's own ledger had come in the newest round that the log shows, 0 if it shows none.
    """

    @property
    def size(self) -> int: ...
    @property
    def consistent(self) -> bool: ...
    @property
    def sentence(self) -> str: ...
    @property
    def roster(self) -> Mapping[str, str]: ...
    @property
    def revoked(self) -> Collection[str]: ...
    @property
    def own_ledger_rows(self) -> int: ...
    @property
    def own_ledger_head(self) -> str: ...

    def root_at(self, size: int) -> str:
        """The root of the first `size` entries."""
        ...


@dataclass(frozen=True, slots=True)
class SchoolState:
    """rows: of the ledger, oldest first. epsilon_of: the school's own accountant.

    students: the public number that the school enrolled with. cohorts: by enrolment cohort, how many students
    allow federated training today; sensitive. last_round: the campaign's highest answered round, 0 before the
    first. log: None if this school has never read the public log. recomputed_digest: of the model that this school
    computed itself for this round, None if it computed none. paused: an administrator has stopped training.
    foundation: None if the plan builds on nothing, or on a campaign that never reached this school.
    """

    school: str
    identity_key: str
    students: int
    package_version: str
    now: datetime
    approved: bool
    last_round: int
    rows: tuple[Entry, ...]
    cohorts: Mapping[str, int] = field(repr=False)
    epsilon_of: Accountant = field(repr=False)
    log: SeenLog | None = field(repr=False)
    recomputed_digest: str | None
    paused: bool
    foundation: KnownFoundation | None = None

    @property
    def charges(self) -> tuple[Entry, ...]:
        """Every row that cost something."""
        return tuple(charges_of(self.rows))

    @property
    def consenting(self) -> int:
        """How many students allow federated training today; sensitive."""
        return sum(self.cohorts.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """The part of a school's state that doesn't change from round to round."""

    enrolment: Enrolment
    identity_key: str
    package_version: str
    epsilon_of: Accountant = field(repr=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """What else is known when a plan is judged.

    rows: the ledger's. masked_round: the campaign's newest round that was answered with masks, 0 if none was.
    log, recomputed_digest, foundation: as in SchoolState.
    """

    now: datetime
    rows: tuple[Entry, ...] = ()
    log: SeenLog | None = field(default=None, repr=False)
    recomputed_digest: str | None = None
    masked_round: int = 0
    foundation: KnownFoundation | None = None


def read_state(
    connection: Connection, campaign: CampaignPlan, *, standing: Standing, moment: Moment
) -> SchoolState:
    """The school's state as far as this campaign is concerned."""
    return SchoolState(
        school=standing.enrolment.school,
        identity_key=standing.identity_key,
        students=standing.enrolment.students,
        package_version=standing.package_version,
        now=moment.now,
        approved=is_approved(connection, campaign.digest),
        last_round=max(last_round(connection, campaign.digest), moment.masked_round),
        rows=moment.rows,
        cohorts=consenting_by_cohort(connection),
        epsilon_of=standing.epsilon_of,
        log=moment.log,
        recomputed_digest=moment.recomputed_digest,
        paused=is_paused(connection),
        foundation=moment.foundation,
    )


def consenting_by_cohort(connection: Connection) -> dict[str, int]:
    """How many active students of each enrolment cohort allow federated training; sensitive."""
    cohorts = cohorts_by_student(connection)
    students = consenting_students(connection, Purpose.FEDERATED_TRAINING)
    return dict(Counter(cohorts[student] for student in students))
