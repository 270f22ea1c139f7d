"""replay_mastery: works every skill's state out again from the history, after an import or a correction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from sqlalchemy import Connection

from client.practice.bank_tables import BankTables
from client.practice.desk import PracticeDesk
from client.practice.holding import track_of
from client.practice.mastery import Evidence, after_answer, every_day
from client.practice.noticing import flags_in
from client.practice.placing import placed_at
from client.practice.predictor import BktPredictor
from client.practice.reasons import ReasonCode
from client.practice.testing_out import TEST_ITEMS
from client.records.interactions import histories, numbers_with_reason, offline_numbers
from client.records.mastery import SkillMastery, clear_mastery, save_mastery
from client.records.practice_events import PracticeEvent, events_since
from common.interactions import History


def replay_mastery(connection: Connection, desk: PracticeDesk, students: Sequence[str]) -> None:
    """Replaces the students' mastery rows; skills that no pack knows are kept too. Call it in the writer."""
    now = desk.clock.now()
    knowledge = desk.serving.models(connection, now).knowledge
    offline = offline_numbers(connection, students)
    for history in histories(connection, students):
        clear_mastery(connection, history.student)
        beside = replace(_beside(connection, history.student), school_day=desk.calendar.school_day)
        own = offline.get(history.student, frozenset())
        for state in states_of(history, knowledge, desk.tables, now=now, offline=own, beside=beside).values():
            save_mastery(connection, history.student, state)


def _beside(connection: Connection, student: str) -> "Beside":
    asked, tested = (
        numbers_with_reason(connection, [student], code).get(student, frozenset())
        for code in (ReasonCode.DIAGNOSTIC, ReasonCode.TEST_OUT)
    )
    return Beside(placed_at(connection, student), asked, events_since(connection, student), tested=tested)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is kept beside a history: P(known) where a diagnostic placed the student, the numbers of its answers,
    which are no evidence of mastery, what was noticed, and the numbers of answers of tests to skip ahead.
    """

    starts: Mapping[str, float] = field(default_factory=dict)
    diagnostic: frozenset[int] = frozenset()
    events: Sequence[PracticeEvent] = ()
    school_day: Callable[[date], date] = every_day
    tested: frozenset[int] = frozenset()


def states_of(
    history: History,
    knowledge: BktPredictor,
    tables: BankTables,
    *,
    now: datetime,
    offline: frozenset[int] = frozenset(),
    beside: Beside | None = None,
) -> dict[str, SkillMastery]:
    """The states after a history, by skill. Answers of unknown time count as given today, all on one day.

    offline: numbers, from 1, of the answers that were given away from the server and so show nothing.
    """
    beside = beside or Beside()
    states: dict[str, SkillMastery] = {}
    place: tuple[tuple[str, ...], int] | None = None
    for number, answer in enumerate(history, start=1):
        if answer.weight == 0 or number in beside.diagnostic:
            continue
        at = now if answer.at_seconds is None else datetime.fromtimestamp(answer.at_seconds, UTC)
        full = answer.weight == 1.0 and number not in offline
        flagged = bool(flags_in(beside.events, number))
        place = _next_place(place, answer.skills, number in beside.tested)
        for skill in answer.skills:
            before = states.get(skill)
            start = beside.starts.get(skill, knowledge.p_start(skill))
            p_before = start if before is None else before.p_known
            p_known = knowledge.p_after(p_before, skill, correct=answer.correct, weight=answer.weight)
            expected, families = knowledge.p_right(p_before, skill), tables.families_of(skill)
            evidence = Evidence(
                answer.item, answer.correct, at, families, full, flagged, expected, place[1] if place else None
            )
            others, school_day = track_of(states.values(), but=skill), beside.school_day
            states[skill] = after_answer(
                before, skill, evidence, p_known=p_known, others=others, school_day=school_day
            )
    return states


def _next_place(
    before: tuple[tuple[str, ...], int] | None, skills: tuple[str, ...], tested: bool
) -> tuple[tuple[str, ...], int] | None:
    """(skills, place in the test) of an answer: tests are five in a row on the same skills."""
    if not tested:
        return None
    if before is None or before[0] != skills:
        return skills, 0
    return skills, (before[1] + 1) % TEST_ITEMS
