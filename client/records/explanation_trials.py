"""Explanation trials: which explanation was shown, with what chance, and what the student's next answer was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, insert, select

from client.records.tables import explanation_trial, interaction

_NEWEST = 500  # what came of older ones is no longer looked at


@dataclass(frozen=True, slots=True)
class ExplanationTrial:
    """seq: how many answers the student had given. family: whose worked example it was. propensity: its chance."""

    student: str
    seq: int
    skill: str
    family: str
    propensity: float
    at: datetime


def add_trial(connection: Connection, trial: ExplanationTrial) -> None:
    """Keeps it. Call it in the writer."""
    values = {name: getattr(trial, name) for name in ExplanationTrial.__slots__}
    connection.execute(insert(explanation_trial).values(values))


def outcomes_of(connection: Connection, skill: str, families: Sequence[str]) -> dict[str, tuple[int, int]]:
    """{family: (right, wrong)} of the next unaided answers to an item of the skill after each explanation.

    families: the skill's. An explanation that no such answer followed yet counts for neither.
    """
    found: dict[str, tuple[int, int]] = {}
    for family, correct in connection.execute(_outcomes(skill, families)):
        if correct is not None:
            right, wrong = found.get(family, (0, 0))
            found[family] = (right + bool(correct), wrong + (not correct))
    return found


def _outcomes(skill: str, families: Sequence[str]) -> Select[str, bool | None]:
    trial = explanation_trial.c
    following = (
        select(interaction.c.correct)
        .where(
            interaction.c.student == trial.student,
            interaction.c.seq > trial.seq,
            interaction.c.item.in_(families),
            interaction.c.assisted.is_(False),
            interaction.c.weight == 1.0,
        )
        .order_by(interaction.c.seq)
        .limit(1)
        .scalar_subquery()
    )
    query = select(trial.family, following).where(trial.skill == skill)
    return query.order_by(trial.id.desc()).limit(_NEWEST)
