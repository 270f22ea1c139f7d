"""What each column is for: the tags from which notices, retention and exports are generated."""

from enum import StrEnum

KEYS = ("purpose", "basis", "retention", "category")


class Purpose(StrEnum):
    """Why a value is kept. The first two are what a family consents to."""

    PRACTICE = "practice"
    FEDERATED_TRAINING = "federated_training"
    SIGN_IN = "sign_in"
    ACCOUNTABILITY = "accountability"
    FAIRNESS = "fairness"
    OPERATION = "operation"


class Basis(StrEnum):
    """What allows a school to keep it."""

    SCHOOL_TASK = "the school's task of teaching"
    CONSENT = "consent of the family or the student"
    DUTY = "the school's duty to account for what it does"
    NOT_PERSONAL = "not about a person"


class Retention(StrEnum):
    """How long it stays."""

    WHILE_OPEN = "until answered, signed out or idle"
    ENROLMENT = "while the student is enrolled"
    ENROLMENT_AND_YEAR = "while enrolled and one year after"
    EMPLOYMENT = "while the person works at the school"
    SEVEN_YEARS = "seven years"
    SCHOOL = "as long as the school uses Homeroom"


class Category(StrEnum):
    """What kind of data it is."""

    OPAQUE_ID = "opaque identifier"
    NAME = "name"
    GROUP = "group that a school compares"
    EDUCATION_RECORD = "education record"
    CONSENT_RECORD = "consent record"
    SECRET = "secret or its hash"  # noqa: S105 - the name of a category
    STAFF_RECORD = "staff record"
    MODEL = "model or figures about it"
    EVENT = "record of an event"


Tag = dict[str, str]


def tag(purpose: Purpose, basis: Basis, retention: Retention, *, category: Category) -> Tag:
    """A column's `info`: the four keys and nothing else."""
    return dict(zip(KEYS, map(str, (purpose, basis, retention, category)), strict=True))
