"""Other looks at the same predictions: by position in the history, by school, reliability, conformal sets."""

from collections.abc import Sequence

import numpy as np

from benchmarks.quality.entries import Entry
from benchmarks.quality.groups import Answered, BySchool, Chances, joined, known
from benchmarks.quality.outputs import chances
from benchmarks.quality.protocol import Consortium
from client.training.scored_answers import scored_answers
from common.models.conformal import calibrate, conformal_quantile
from common.models.metrics import Answers, auc, log_loss
from common.models.odds import sigmoid

POSITIONS = ((2, 5), (6, 10), (11, 25), (26, 50), (51, 200), (201, None))
BINS = 15

Json = dict[str, float | int | str | None]


def by_position(truth: Sequence[Answered], entry: Entry) -> list[Json]:
    """AUC and log loss of the members' answers, by the attempt's number in its history."""
    members = [one for one in truth if not one.new]
    correct, predicted = joined(members, chances(entry.outputs))
    position = np.concatenate([np.zeros(0, np.int64), *(one.position for one in members)])
    found = []
    for first, last in POSITIONS:
        here = (position >= first) & (position <= (position.max(initial=0) if last is None else last))
        row: Json = {"entry": entry.name, "from": first, "to": last, "n": int(here.sum())}
        row["auc"] = known(auc(correct[here], predicted[here]))
        row["log_loss"] = known(log_loss(correct[here], predicted[here]))
        found.append(row)
    return found


def reliability(truth: Sequence[Answered], entry: Entry) -> list[Json]:
    """Mean prediction and share right in each of 15 bins of the members' answers; empty bins are left out."""
    correct, predicted = joined([one for one in truth if not one.new], chances(entry.outputs))
    bin_of = np.minimum((predicted * BINS).astype(np.int64), BINS - 1)
    found: list[Json] = []
    for number in np.unique(bin_of).tolist():
        here = bin_of == number
        mean, right = float(predicted[here].mean()), float(correct[here].mean())
        found.append({"entry": entry.name, "bin": number, "n": int(here.sum()), "predicted": mean, "right": right})
    return found


def by_school(truth: Sequence[Answered], entry: Entry) -> list[Json]:
    """AUC of each school's judged answers."""
    by_name: BySchool = chances(entry.outputs)
    return [
        {"entry": entry.name, "school": one.name, "auc": known(auc(one.correct, by_name[one.name]))}
        for one in truth
    ]


def conformal(consortium: Consortium, truth: Sequence[Answered], entry: Entry) -> Json:
    """Coverage and what is decided by 90 % sets: a school's own quantile from enough validation students.

    Elsewhere that of all members' validation students together, as a release would bring it.
    """
    released = conformal_quantile(*_validation(consortium, entry))
    members = [(one, school) for one, school in zip(truth, consortium.schools, strict=True) if not one.new]
    quantiles = []
    for one, school in members:
        answers = scored_answers(school.parts[0].validation)
        held_back = sigmoid(entry.outputs[school.name][0].validation)
        found = calibrate(answers.correct, held_back, students=answers.students, released=released)
        quantiles.append(np.full(len(one.correct), found.quantile))
    correct, predicted = joined([one for one, _ in members], chances(entry.outputs))
    sets = _sets(correct, predicted, np.concatenate(quantiles))
    return {"entry": entry.name, "released_quantile": released, **sets}


def _sets(correct: Answers, predicted: Chances, quantile: Chances) -> Json:
    """quantile: (N,), of each answer's school."""
    covered = np.where(correct, 1 - predicted, predicted) <= quantile
    sure = (1 - predicted <= quantile) != (predicted <= quantile)
    hit = float(((predicted >= 0.5) == correct)[sure].mean()) if sure.any() else None
    shares = {"coverage": float(covered.mean()), "decided": float(sure.mean())} if len(correct) else {}
    return {"n": len(correct), **shares, "accuracy_decided": hit}


def _validation(consortium: Consortium, entry: Entry) -> tuple[Answers, Chances]:
    members = consortium.members
    answers = scored_answers([history for school in members for history in school.parts[0].validation])
    logits = np.concatenate([entry.outputs[school.name][0].validation for school in members])
    return answers.correct, sigmoid(logits)
