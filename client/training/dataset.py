"""Which students a round may draw from, and the histories that training and evaluation read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from client.records.consent import consenting_students
from client.records.interactions import histories
from client.records.inventory import Purpose
from client.records.students import cohorts_by_student
from client.training.split import StudentSet, assign
from common.models.encoding import EncodedHistory, encode, newest, windows
from common.plan import PrivacyTerms
from common.skills import SkillMap


@dataclass(frozen=True, slots=True, eq=False)
class LocalSets:
    """Whole histories by set, students in the order of their ids. They never leave the school."""

    train: tuple[EncodedHistory, ...]
    validation: tuple[EncodedHistory, ...]
    test: tuple[EncodedHistory, ...]


def round_pool(
    connection: Connection, split_key: bytes, which: StudentSet, *, cohorts: frozenset[str]
) -> tuple[str, ...]:
    """Students of these cohorts who consent to federated training and are in this set, sorted. Sensitive.

    Filtered before anything is computed: a student who opted out leaves no trace in what follows.
    """
    cohort_of = cohorts_by_student(connection)
    return tuple(
        student
        for student in consenting_students(connection, Purpose.FEDERATED_TRAINING)
        if assign(student, split_key) == which and cohort_of[student] in cohorts
    )


def training_windows(
    connection: Connection, students: Sequence[str], *, skill_map: SkillMap, terms: PrivacyTerms
) -> list[tuple[EncodedHistory, ...]]:
    """Each student's newest answers in windows, in the order of `students`; () without enough answers."""
    return [
        windows(encode(history, skill_map), terms.window_interactions, terms.max_interactions)
        for history in histories(connection, students)
    ]


def recent_histories(
    connection: Connection, students: Sequence[str], *, skill_map: SkillMap, terms: PrivacyTerms
) -> list[EncodedHistory]:
    """Each student's newest answers as one history, in the order of `students`; possibly empty."""
    return [
        newest(encode(history, skill_map), terms.max_interactions) for history in histories(connection, students)
    ]


def local_sets(connection: Connection, split_key: bytes, skill_map: SkillMap) -> LocalSets:
    """Histories of the students who consent to practice, for models that are fitted and tested here."""
    students = consenting_students(connection, Purpose.PRACTICE)
    found: dict[str, list[EncodedHistory]] = {"train": [], "validation": [], "test": []}
    for history in histories(connection, students):
        encoded = encode(history, skill_map)
        if len(encoded) > 0:
            found[assign(history.student, split_key)].append(encoded)
    return LocalSets(tuple(found["train"]), tuple(found["validation"]), tuple(found["test"]))
