"""SchoolState: what a school knows of itself when it judges a plan; a value, so that the judgement is pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from client.federation.enrolment import Enrolment
from client.records.approvals import is_approved
from client.records.consent import consenting_students
from client.records.inventory import Purpose
from client.records.replies import last_round
from common.plan import CampaignPlan
from common.privacy.ledger_rows import Entry
from common.privacy.terms import Event

Accountant = Callable[[Sequence[Event], float], float]


@dataclass(frozen=True, slots=True)
class SchoolState:
    """charges: every row of the ledger that cost something, oldest first. epsilon_of: the school's own accountant.

    students: the public number that the school enrolled with. consenting: how many students allow
    federated training today; sensitive. last_round: the campaign's highest answered round, 0 before the first.
    """

    school: str
    identity_key: str
    students: int
    package_version: str
    now: datetime
    approved: bool
    last_round: int
    charges: tuple[Entry, ...]
    consenting: int = field(repr=False)
    epsilon_of: Accountant = field(repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """The part of a school's state that doesn't change from round to round."""

    enrolment: Enrolment
    identity_key: str
    package_version: str
    epsilon_of: Accountant = field(repr=False)


def read_state(
    connection: Connection,
    campaign: CampaignPlan,
    *,
    standing: Standing,
    charges: tuple[Entry, ...],
    now: datetime,
) -> SchoolState:
    """The school's state as far as this campaign is concerned."""
    return SchoolState(
        school=standing.enrolment.school,
        identity_key=standing.identity_key,
        students=standing.enrolment.students,
        package_version=standing.package_version,
        now=now,
        approved=is_approved(connection, campaign.digest),
        last_round=last_round(connection, campaign.digest),
        charges=charges,
        consenting=len(consenting_students(connection, Purpose.FEDERATED_TRAINING)),
        epsilon_of=standing.epsilon_of,
    )
