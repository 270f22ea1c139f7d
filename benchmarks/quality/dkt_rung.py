"""Rung 2 in the benchmark: the DKT at one school, over all of them, by FedAvg, and adapted at a school."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from benchmarks.quality.outputs import Floats, PartLogits, Parts, of_part, of_school
from benchmarks.quality.plain_dkt import Recipe, train_fedavg, train_plain
from benchmarks.quality.protocol import Histories, Part, School
from client.training.gate import is_enough
from client.training.personalise import PersonalModel, personalise
from client.training.predictions import logits_of, offsets_of, states_before
from client.training.scored_answers import scored_answers
from common.arrays import Arrays
from common.models.encoding import EncodedHistory
from common.models.item_difficulty import fit_item_difficulty

LOCAL = Recipe()
CENTRAL = Recipe(epochs=12)
FEDAVG = Recipe(epochs=20, patience=5)
ADAPT = Recipe(epochs=8, rate=0.001)


def fit_central(
    start: Arrays, train: Histories, validation: Histories, *, recipe: Recipe, seed: int
) -> PersonalModel:
    """All students together, item difficulty from all of them too."""
    difficulty = fit_item_difficulty(train, len(start["b_out"]))
    return PersonalModel(
        train_plain(start, train, validation=validation, difficulty=difficulty, recipe=recipe, seed=seed),
        difficulty,
    )


def fit_fedavg(start: Arrays, members: Sequence[Part], *, recipe: Recipe, seed: int) -> PersonalModel:
    """The usual federation without privacy, item difficulty shared too: a baseline, no way of the product."""
    everyone = tuple(history for member in members for history in member.train)
    tuning = tuple(history for member in members for history in member.validation)
    difficulty = fit_item_difficulty(everyone, len(start["b_out"]))
    trains = [member.train for member in members]
    arrays = train_fedavg(start, trains, validation=tuning, difficulty=difficulty, recipe=recipe, seed=seed)
    return PersonalModel(arrays, difficulty)


def zero_shot(school: School, model: PersonalModel) -> Parts:
    """The common model as it is."""
    return of_school(partial(dkt_logits, model), school)


def local(school: School, start: Arrays, seed: int) -> Parts:
    """A DKT of the school's own, from `start`."""
    return tuple(_local(part, start, seed=seed) for part in school.parts)


def _local(part: Part, start: Arrays, *, seed: int) -> PartLogits:
    model = fit_central(start, part.train, part.validation, recipe=LOCAL, seed=seed)
    return of_part(partial(dkt_logits, model), part)


def adapted(school: School, model: PersonalModel, seed: int) -> Parts:
    """Without privacy: the common model and its item difficulty, all weights trained on at the school.

    A handful of validation students couldn't say when to stop: with too few, the common model stays.
    """
    return tuple(of_part(partial(dkt_logits, _adapted(model, part, seed)), part) for part in school.parts)


def _adapted(model: PersonalModel, part: Part, seed: int) -> PersonalModel:
    answers = scored_answers(part.validation)
    if not is_enough(answers.students, len(answers)):
        return model
    difficulty = model.difficulty
    arrays = train_plain(
        model.arrays, part.train, validation=part.validation, difficulty=difficulty, recipe=ADAPT, seed=seed
    )
    return PersonalModel(arrays, difficulty)


def personal(school: School, model: PersonalModel, seed: int) -> Parts:
    """The common model with the product's local stages: item difficulty, then an own head, if they help."""
    parts = []
    for part in school.parts:
        own = personalise(model.arrays, part.train, part.validation, seed=seed)
        parts.append(of_part(partial(dkt_logits, own), part))
    return tuple(parts)


def dkt_logits(model: PersonalModel, histories: Sequence[EncodedHistory]) -> Floats:
    """(N,) in the order of `scored_answers`."""
    answers = scored_answers(histories)
    states = states_before(model.arrays, histories, model.difficulty)
    offsets = offsets_of(answers, model.difficulty)
    return logits_of(model.head, states, answers, offsets=offsets).astype(np.float64)
