"""Replayed answers: what each rung that this school keeps says of its answers, worked out again in numpy.

The same models as `client.practice` serves and the same rule as at the gate: an attempt is predicted from those
before it, from the second of a history on. Sensitive; nothing of it leaves this process.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from client.content.bank import ItemBank
from client.records.consent import consenting_students
from client.records.interactions import histories
from client.records.inventory import Purpose
from client.records.serving import ServedBkt, ServedLadder, load_bkt, load_ladder
from common.interactions import History
from common.models.bkt import default_bkt, predict_bkt
from common.models.dkt_numpy import logits_dkt
from common.models.encoding import encode
from common.models.ladder import BKT, LOGISTIC, STACK, Rung
from common.models.local_logistic import local_logits
from common.models.odds import sigmoid
from common.models.stack import stacked_logit
from common.skills import SkillMap

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ReplayedAnswers:
    """N answers, student after student. correct (N,) bool; student (N,) index into `students`.

    items: N item ids. skill (N,): index into `skills` of the first one. at_seconds, gap_seconds (N,): nan where
    the time isn't known. chances: (N,) by rung, BKT always among them.
    """

    correct: NDArray[np.bool_] = field(repr=False)
    student: Indices = field(repr=False)
    items: tuple[str, ...] = field(repr=False)
    skill: Indices = field(repr=False)
    at_seconds: Floats = field(repr=False)
    gap_seconds: Floats = field(repr=False)
    chances: Mapping[Rung, Floats] = field(repr=False)
    students: tuple[str, ...] = field(repr=False)
    skills: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.correct)

    def only(self, kept: NDArray[np.bool_]) -> "ReplayedAnswers":
        """Some of the answers, (N,) bool; the lists of students and skills stay whole."""
        return ReplayedAnswers(
            self.correct[kept],
            self.student[kept],
            tuple(item for item, stays in zip(self.items, kept.tolist(), strict=True) if stays),
            self.skill[kept],
            self.at_seconds[kept],
            self.gap_seconds[kept],
            {rung: chances[kept] for rung, chances in self.chances.items()},
            self.students,
            self.skills,
        )

    def since(self, moment: datetime) -> "ReplayedAnswers":
        """Answers given after a moment; those of unknown time are left out."""
        return self.only(self.at_seconds > moment.timestamp())

    def between(self, start: datetime, end: datetime) -> "ReplayedAnswers":
        """Answers given after `start` and not after `end`."""
        return self.only((self.at_seconds > start.timestamp()) & (self.at_seconds <= end.timestamp()))


@dataclass(frozen=True, slots=True, eq=False)
class KeptModels:
    """BKT as this school fitted it, and the rungs above; None where only BKT serves."""

    bkt: ServedBkt
    ladder: ServedLadder | None

    @property
    def serving(self) -> Rung:
        """The rung that predicts now."""
        return BKT if self.ladder is None else self.ladder.rung


def kept_models(connection: Connection, folder: Path, bank: ItemBank) -> KeptModels:
    """What serves, as practice would load it. folder: of the model files."""
    bkt = load_bkt(connection)
    if bkt is None:
        skill_map = SkillMap("built-in", tuple(skill.id for skill in bank.skills()))
        bkt = ServedBkt(skill_map, default_bkt(skill_map.rows))
    return KeptModels(bkt, load_ladder(connection, folder))


def replayed_answers(connection: Connection, models: KeptModels) -> ReplayedAnswers:
    """Every answer of the students who consent to practice, from the second of each history on."""
    found = histories(connection, consenting_students(connection, Purpose.PRACTICE))
    return replay(found, models)


def replay(found: Sequence[History], models: KeptModels) -> ReplayedAnswers:
    """The answers of these histories; attempts of weight 0 leave them."""
    counted = [History(one.student, tuple(a for a in one if a.weight > 0)) for one in found]
    scored = [answer for one in counted for answer in one.interactions[1:]]
    skills = tuple(sorted({answer.skills[0] for answer in scored}))
    place = {skill: number for number, skill in enumerate(skills)}
    times = [np.array([np.nan if a.at_seconds is None else a.at_seconds for a in one]) for one in counted]
    return ReplayedAnswers(
        correct=np.array([answer.correct for answer in scored], np.bool_),
        student=np.repeat(np.arange(len(counted)), [max(len(one) - 1, 0) for one in counted]),
        items=tuple(answer.item for answer in scored),
        skill=np.array([place[answer.skills[0]] for answer in scored], np.int64),
        at_seconds=_joined([each[1:] for each in times]),
        gap_seconds=_joined([np.diff(each) for each in times]),
        chances=_chances(counted, models),
        students=tuple(one.student for one in counted),
        skills=skills,
    )


def _chances(found: Sequence[History], models: KeptModels) -> dict[Rung, Floats]:
    """(N,) by rung: BKT, what serves, and the rungs between."""
    encoded = [encode(one, models.bkt.skill_map) for one in found]
    chances = {BKT: _joined([predict_bkt(models.bkt.parameters, one)[1:] for one in encoded])}
    if models.ladder is None:
        return chances
    ladder = models.ladder.models
    encoded = [encode(one, models.ladder.skill_map) for one in found]
    logistic = _joined([local_logits(ladder.logistic, [one])[1:] for one in encoded if len(one)])
    chances[LOGISTIC] = sigmoid(logistic)
    if models.ladder.rung == STACK and ladder.dkt is not None:
        network = [logits_dkt(ladder.dkt, one, ladder.difficulty)[1:] for one in encoded]
        chances[STACK] = sigmoid(stacked_logit(ladder.weights, logistic, _joined(network)))
    return chances


def chances_without_items(found: Sequence[History], models: KeptModels) -> Floats:
    """(N,) in the order of `replay`: what was to be expected of the student at the item's skills.

    The logistic model without what it learnt of single items, since it learns a wrong key as "hard"; else BKT.
    """
    counted = [History(one.student, tuple(a for a in one if a.weight > 0)) for one in found]
    if models.ladder is None:
        encoded = [encode(one, models.bkt.skill_map) for one in counted]
        return _joined([predict_bkt(models.bkt.parameters, one)[1:] for one in encoded])
    known = models.ladder.models.logistic
    blind = replace(known, families={}, offsets={})
    encoded = [encode(one, models.ladder.skill_map) for one in counted]
    return sigmoid(_joined([local_logits(blind, [one])[1:] for one in encoded if len(one)]))


def _joined(parts: Sequence[NDArray[np.floating]]) -> Floats:
    return np.concatenate([np.zeros(0), *parts])
