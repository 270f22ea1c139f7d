"""Placing: the diagnostic at the desk - begun once, asked without hints or "wrong", ended early or skipped."""

import re
from dataclasses import replace
from datetime import datetime

import numpy as np
from sqlalchemy import Connection

from client.practice.bank_tables import BankTables
from client.practice.desk import PracticeDesk
from client.practice.diagnostic import (
    Floats,
    Probe,
    after_probe,
    is_over,
    next_probe,
    starting_belief,
    ties_of,
)
from client.practice.predictor import BktPredictor
from client.records.diagnostics import StoredDiagnostic, diagnostic_of, save_diagnostic

KINDERGARTEN = 0.0
_MIDDLE = 0.1


def begin(connection: Connection, desk: PracticeDesk, student: str, *, start_grade: float | None = None) -> None:
    """A diagnostic under way for the student; one that was under way or done is forgotten. Call it in the writer.

    start_grade: where a teacher thinks the student is; None leaves it open.
    """
    save_diagnostic(connection, StoredDiagnostic(student, desk.clock.now(), start_grade=start_grade))


def placed_at(connection: Connection, student: str) -> dict[str, float]:
    """P(known) by skill where the student's last diagnostic ended; empty without one."""
    found = diagnostic_of(connection, student)
    return {} if found is None else dict(found.known)


def under_way(connection: Connection, student: str) -> StoredDiagnostic | None:
    """The student's diagnostic if it isn't over."""
    found = diagnostic_of(connection, student)
    return found if found is not None and found.finished_at is None else None


def skill_to_ask(state: StoredDiagnostic, tables: BankTables, knowledge: BktPredictor) -> int:
    """Row of the skill whose answer leaves least doubt over the whole graph."""
    probe, belief = _probe(tables, knowledge), belief_after(state, tables, knowledge)
    asked = np.zeros((1, len(tables.skills)), np.bool_)
    if not state.asked and (abs(belief - 0.5) < _MIDDLE).any():
        asked[0] = abs(belief - 0.5) >= _MIDDLE  # the first item stands in the middle of the grade that was set
    for skill, _ in state.asked:
        if skill in tables.index:
            asked[0, tables.index[skill]] = True
    return int(next_probe(belief[None], asked, probe)[0])


def take_in(
    connection: Connection, desk: PracticeDesk, state: StoredDiagnostic, *, skill: str, right: bool
) -> StoredDiagnostic:
    """One more answer; it is over when the map is decided or twelve were asked. Call it in the writer."""
    now = desk.clock.now()
    knowledge = desk.serving.models(connection, now).knowledge
    state = replace(state, asked=(*state.asked, (skill, right)))
    belief = belief_after(state, desk.tables, knowledge)
    if bool(is_over(belief[None], len(state.asked))[0]):
        state = _ended(state, belief, desk.tables, now=now)
    save_diagnostic(connection, state)
    return state


def end_now(connection: Connection, desk: PracticeDesk, student: str) -> None:
    """Skips what is left; what was answered counts. Call it in the writer."""
    state = under_way(connection, student)
    if state is None:
        return
    now = desk.clock.now()
    belief = belief_after(state, desk.tables, desk.serving.models(connection, now).knowledge)
    # Nothing was asked: nothing is known beyond the starting values.
    known = _ended(state, belief, desk.tables, now=now) if state.asked else replace(state, finished_at=now)
    save_diagnostic(connection, known)


def belief_after(state: StoredDiagnostic, tables: BankTables, knowledge: BktPredictor) -> Floats:
    """(K,) P(known) by the answers so far."""
    probe = _probe(tables, knowledge)
    belief = starting_belief(grades_of(tables), state.start_grade)[None]
    for skill, right in state.asked:
        row = tables.index.get(skill)
        if row is not None:
            belief = after_probe(belief, np.array([row]), np.array([right]), probe=probe)
    return np.asarray(belief[0], np.float64)


def grades_of(tables: BankTables) -> Floats:
    """(K,) the middle of each skill's grades; kindergarten is 0."""
    return np.array([_middle(skill.grade) for skill in map(tables.bank.skill, tables.skills) if skill is not None])


def _middle(grade: str) -> float:
    numbers = [float(one) if one != "K" else KINDERGARTEN for one in re.findall(r"K|\d+", grade)]
    return sum(numbers) / len(numbers) if numbers else KINDERGARTEN


def _probe(tables: BankTables, knowledge: BktPredictor) -> Probe:
    guess, slip = knowledge.p_guess_and_slip(tables.skills)
    return Probe(guess, slip, ties_of(tables.needs))


def _ended(state: StoredDiagnostic, belief: Floats, tables: BankTables, *, now: datetime) -> StoredDiagnostic:
    known = tuple((skill, round(float(p), 4)) for skill, p in zip(tables.skills, belief, strict=True))
    return replace(state, known=known, finished_at=now)
