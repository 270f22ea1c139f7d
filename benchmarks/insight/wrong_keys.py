"""Wrong keys planted among sound items, some far harder than their skill: which are found, which accused."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.insight.simulated_schools import Course, course, fitted_models, students_of
from client.insight.item_analysis import Flag, analyse_items
from client.insight.item_watch import first_answers
from common.interactions import History
from common.models.simulated_students import SimulatedItem

PLANTED, HARD = 6, 6
_SHARED_MISTAKE = 0.1  # of wrong answers are what the wrong key says
_HARDER = 2.0
ABLE = (0, 8, 20)


@dataclass(frozen=True, slots=True)
class PlantedKey:
    """able: students who were expected to be right, among those who answered. noticed: flagged at all."""

    able: int
    accused: bool
    noticed: bool


@dataclass(frozen=True, slots=True)
class KeyFindings:
    """Of one school. accused: sound items of `sound`; hard_accused: of `hard`, which are 2 logits harder.

    flags: of the other sound items.
    """

    planted: tuple[PlantedKey, ...]
    sound: int
    accused: int
    hard: int
    hard_accused: int
    flags: dict[str, int]


def find_planted_keys(*, seed: int, students: int, answers: int) -> KeyFindings:
    """One school whose bank has six wrong keys and six sound items that are far too hard."""
    taught = course(seed)
    rng = np.random.default_rng([seed, 9])
    names = rng.permutation([item.item for item in taught.items])
    wrong, hard = set(names[:PLANTED].tolist()), set(names[PLANTED : PLANTED + HARD].tolist())
    histories = students_of(_harder(taught, hard), students, seed=seed, answers=answers)
    histories = [_by_wrong_keys(history, wrong, rng) for history in histories]
    items, answered = first_answers(histories, fitted_models(histories))
    figures = analyse_items(answered)
    by_name = {items[one.item]: one for one in figures}
    accused = {name for name, one in by_name.items() if one.flag is Flag.WRONG_KEY}
    sound = set(by_name) - wrong - hard
    return KeyFindings(
        planted=tuple(
            PlantedKey(one.strong, one.flag is Flag.WRONG_KEY, one.flag is not Flag.NONE)
            for name, one in by_name.items()
            if name in wrong
        ),
        sound=len(sound),
        accused=len(sound & accused),
        hard=len(hard & set(by_name)),
        hard_accused=len(hard & accused),
        flags=dict(Counter(str(by_name[name].flag) for name in sorted(sound))),
    )


def summary(findings: Sequence[KeyFindings]) -> dict[str, float]:
    """Shares over all schools; recall by how many able students had answered."""
    keys = [key for one in findings for key in one.planted]
    counted = ("sound", "accused", "hard", "hard_accused")
    sums = {name: sum(getattr(one, name) for one in findings) for name in counted}
    recall: dict[str, float] = {}
    for low, high in zip(ABLE, (*ABLE[1:], None), strict=True):
        some = [key for key in keys if key.able >= low and (high is None or key.able < high)]
        name = f"{low}_or_more_able" if high is None else f"{low}_to_{high - 1}_able"
        recall |= {
            f"keys_{name}": len(some),
            f"accused_{name}": sum(key.accused for key in some) / max(len(some), 1),
            f"noticed_{name}": sum(key.noticed for key in some) / max(len(some), 1),
        }
    return {
        "schools": len(findings),
        **recall,
        **sums,
        "false_alarms": sums["accused"] / max(sums["sound"], 1),
        "hard_false_alarms": sums["hard_accused"] / max(sums["hard"], 1),
    }


def _harder(taught: Course, hard: set[str]) -> Course:
    def one(item: SimulatedItem) -> SimulatedItem:
        return replace(item, difficulty=item.difficulty - _HARDER) if item.item in hard else item

    return Course(tuple(map(one, taught.items)), taught.seed)


def _by_wrong_keys(history: History, wrong: set[str], rng: np.random.Generator) -> History:
    """What is right counts as wrong, and a wrong answer now and then as right."""
    answers = tuple(
        replace(one, correct=not one.correct and rng.random() < _SHARED_MISTAKE) if one.item in wrong else one
        for one in history
    )
    return History(history.student, answers)
