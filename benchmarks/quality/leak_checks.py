"""The leakage guards as a report carries them: on the fitted models, and on a leak planted in the same log."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.quality.dkt_rung import dkt_logits
from benchmarks.quality.leakage import ExpansionAlarm, Predict, Rows, as_attempts, expanded, flip_answers
from benchmarks.quality.logistic_rung import logistic_logits
from benchmarks.quality.outputs import Floats
from benchmarks.quality.plain_dkt import Recipe, train_plain
from benchmarks.quality.protocol import Histories, Part
from client.training.personalise import PersonalModel
from client.training.scored_answers import scored_answers
from common.arrays import Arrays
from common.errors import FixSettings
from common.models.encoding import EncodedHistory, newest
from common.models.local_logistic import LocalLogistic
from common.models.log_file import COLUMNS, read_log
from common.models.metrics import auc
from common.models.odds import sigmoid
from common.models.stack import CONSORTIUM, stacked_logit
from common.skills import SkillMap

FLIPS, STUDENTS, NEWEST = 60, 30, 200
ALARM = Recipe(epochs=12, patience=12)


def check_flips(
    predictors: Mapping[str, Predict], students: Sequence[EncodedHistory], *, seed: int
) -> dict[str, dict[str, int | bool]]:
    """By model: flips, leaks, and whether it passed, over some students' newest answers."""
    chosen = [as_attempts(newest(history, NEWEST)) for history in students if len(history) > 1][:STUDENTS]
    found = {}
    for model, predict in predictors.items():
        result = flip_answers(predict, chosen, rng=np.random.default_rng(seed), flips=FLIPS)
        found[model] = {**asdict(result), "passed": result.passed}
    return found


def expansion_alarm(part: Part, start: Arrays, *, seed: int, recipe: Recipe = ALARM) -> ExpansionAlarm | None:
    """A DKT trained on attempts, and one on expanded rows; None where no attempt has two skills."""
    if not any(_several(history) for history in part.train):
        return None
    planted = Part(_rows(part.train), _rows(part.validation), _rows(part.test))
    honest = _auc_of(part, start, seed=seed, recipe=recipe)
    return ExpansionAlarm(honest, _auc_of(planted, start, seed=seed, recipe=recipe))


def loader_refuses(students: Sequence[EncodedHistory], skill_map: SkillMap) -> str | None:
    """What the loader says of a file with one student's attempts expanded; None if nobody has such an attempt."""
    victim = next((history for history in students if _several(history)), None)
    if victim is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "expanded.tsv"
        path.write_text(as_tsv(expanded(victim), skill_map))
        try:
            read_log(path)
        except FixSettings as refusal:
            return refusal.sentence.replace(str(path), path.name)
    return "NOT REFUSED"


def as_tsv(rows: Rows, skill_map: SkillMap) -> str:
    """A pack TSV of one student."""
    lines = ["\t".join(COLUMNS)]
    history = rows.history
    for t, item in enumerate(history.items):
        skills = ";".join(skill_map.names[row - 1] for row in history.skill_rows[t] if row > 0)
        lines.append("\t".join((history.student, "", str(t), item, skills, str(int(history.correct[t])), "")))
    return "\n".join(lines) + "\n"


def _several(history: EncodedHistory) -> bool:
    return bool((history.skill_rows[:, 1] >= 0).any())


def _rows(histories: Histories) -> Histories:
    return tuple(expanded(history).history for history in histories)


def _auc_of(part: Part, start: Arrays, *, seed: int, recipe: Recipe) -> float:
    """Without item difficulty, so that nothing but the order of answers can tell."""
    arrays = train_plain(start, part.train, validation=part.validation, difficulty={}, recipe=recipe, seed=seed)
    logits: Floats = dkt_logits(PersonalModel(arrays, {}), part.test)
    return auc(scored_answers(part.test).correct, sigmoid(logits))


def stack_logits(logistic: LocalLogistic, dkt: PersonalModel, histories: Sequence[EncodedHistory]) -> Floats:
    """(N,) of a stack with the consortium's weights, in the order of `scored_answers`."""
    return stacked_logit(CONSORTIUM, logistic_logits(logistic, histories), dkt_logits(dkt, histories))
