"""replay_mastery: works every skill's state out again from the history, after an import or a correction."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from client.practice.bank_tables import BankTables
from client.practice.desk import PracticeDesk
from client.practice.mastery import Evidence, after_answer
from client.practice.predictor import BktPredictor
from client.records.interactions import histories, offline_numbers
from client.records.mastery import SkillMastery, clear_mastery, save_mastery
from common.interactions import History


def replay_mastery(connection: Connection, desk: PracticeDesk, students: Sequence[str]) -> None:
    """Replaces the students' mastery rows; skills that no pack knows are kept too. Call it in the writer."""
    now = desk.clock.now()
    knowledge = desk.serving.models(connection, now).knowledge
    offline = offline_numbers(connection, students)
    for history in histories(connection, students):
        clear_mastery(connection, history.student)
        own = offline.get(history.student, frozenset())
        for state in states_of(history, knowledge, desk.tables, now=now, offline=own).values():
            save_mastery(connection, history.student, state)


def states_of(
    history: History,
    knowledge: BktPredictor,
    tables: BankTables,
    *,
    now: datetime,
    offline: frozenset[int] = frozenset(),
) -> dict[str, SkillMastery]:
    """The states after a history, by skill. Answers of unknown time count as given today, all on one day.

    offline: numbers, from 1, of the answers that were given away from the server and so show nothing.
    """
    states: dict[str, SkillMastery] = {}
    for number, answer in enumerate(history, start=1):
        if answer.weight == 0:
            continue
        at = now if answer.at_seconds is None else datetime.fromtimestamp(answer.at_seconds, UTC)
        for skill in answer.skills:
            before = states.get(skill)
            p_before = knowledge.p_start(skill) if before is None else before.p_known
            p_known = knowledge.p_after(p_before, skill, correct=answer.correct, weight=answer.weight)
            full = answer.weight == 1.0 and number not in offline
            evidence = Evidence(answer.item, answer.correct, at, tables.families_of(skill), full=full)
            states[skill] = after_answer(before, skill, evidence, p_known=p_known)
    return states
