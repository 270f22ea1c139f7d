"""The usual DKT training without privacy, for baselines: minibatches, Adam, early stop on validation students.

Equations and arrays are the product's (`common.models.dkt`); only the way to the weights is another one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from client.training.predictions import logits_of, offsets_of, probabilities, states_before
from client.training.scored_answers import scored_answers
from common.arrays import Arrays
from common.models.dkt import loss_sum, pad, tensors
from common.models.encoding import EncodedHistory, windows
from common.models.metrics import log_loss

Difficulty = Mapping[str, float]

WINDOW, LAST = 200, 400


@dataclass(frozen=True, slots=True)
class Recipe:
    """patience: epochs without a better validation log loss before training ends; the best weights are kept."""

    epochs: int = 20
    patience: int = 3
    rate: float = 0.004
    batch: int = 24
    largest_norm: float = 1.0


def train_plain(
    start: Arrays,
    train: Sequence[EncodedHistory],
    *,
    validation: Sequence[EncodedHistory],
    difficulty: Difficulty,
    recipe: Recipe,
    seed: int,
) -> Arrays:
    """The best arrays of all epochs by the validation students' log loss; without those, of the last epoch."""
    parameters = tensors(start)
    adam = torch.optim.Adam(parameters.values(), lr=recipe.rate)
    rng = np.random.default_rng(seed)
    cut = _cut(train)

    def epoch(_: Arrays) -> Arrays:
        _epoch(
            parameters,
            adam,
            _batches(cut, recipe.batch, rng),
            difficulty=difficulty,
            largest_norm=recipe.largest_norm,
        )
        return {name: tensor.detach().numpy().copy() for name, tensor in parameters.items()}

    if not cut:
        return start
    return _best_of(start, epoch, validation=validation, difficulty=difficulty, recipe=recipe)


def train_fedavg(
    start: Arrays,
    schools: Sequence[Sequence[EncodedHistory]],
    *,
    validation: Sequence[EncodedHistory],
    difficulty: Difficulty,
    recipe: Recipe,
    seed: int,
) -> Arrays:
    """FedAvg: in each of `recipe.epochs` rounds an epoch at each school, then the mean weighted by attempts.

    Source: McMahan et al. 2017, with Adam at the schools. The best round by the validation students is taken.
    """
    rng = np.random.default_rng(seed)
    cuts = [cut for cut in map(_cut, schools) if cut]
    weights = np.array([sum(map(len, cut)) for cut in cuts], np.float64)

    def round_of(now: Arrays) -> Arrays:
        total = {name: np.zeros(array.shape, np.float64) for name, array in now.items()}
        for cut, weight in zip(cuts, weights / weights.sum(), strict=True):
            parameters = tensors(now)
            adam = torch.optim.Adam(parameters.values(), lr=recipe.rate)
            batches = _batches(cut, recipe.batch, rng)
            _epoch(parameters, adam, batches, difficulty=difficulty, largest_norm=recipe.largest_norm)
            for name, tensor in parameters.items():
                total[name] += weight * tensor.detach().numpy()
        return {name: array.astype(np.float32) for name, array in total.items()}

    if not cuts:
        return start
    return _best_of(start, round_of, validation=validation, difficulty=difficulty, recipe=recipe)


def _best_of(
    start: Arrays,
    advance: Callable[[Arrays], Arrays],
    *,
    validation: Sequence[EncodedHistory],
    difficulty: Difficulty,
    recipe: Recipe,
) -> Arrays:
    now = best = start
    best_loss, stale = validation_loss(start, validation, difficulty), 0
    for _ in range(recipe.epochs):
        now = advance(now)
        loss = validation_loss(now, validation, difficulty)
        better = not loss >= best_loss  # nan without validation students: the newest is taken
        best, best_loss, stale = (now, loss, 0) if better else (best, best_loss, stale + 1)
        if stale == recipe.patience:
            break
    return best


def _cut(histories: Sequence[EncodedHistory]) -> list[EncodedHistory]:
    return [window for history in histories for window in windows(history, WINDOW, LAST)]


def validation_loss(arrays: Arrays, histories: Sequence[EncodedHistory], difficulty: Difficulty) -> float:
    """Mean log loss of the scored answers; nan without any."""
    answers = scored_answers(histories)
    states = states_before(arrays, histories, difficulty)
    head = (arrays["W_out"], arrays["b_out"])
    logits = logits_of(head, states, answers, offsets=offsets_of(answers, difficulty))
    return log_loss(answers.correct, probabilities(logits))


def _batches(
    cut: Sequence[EncodedHistory], size: int, rng: np.random.Generator
) -> Iterator[Sequence[EncodedHistory]]:
    """Windows of similar length together, batches in random order."""
    order = np.argsort([len(window) + rng.random() for window in cut])
    starts = rng.permutation(np.arange(0, len(cut), size))
    for start in starts:
        yield [cut[i] for i in order[start : start + size]]


def _epoch(
    parameters: dict[str, torch.Tensor],
    adam: torch.optim.Adam,
    batches: Iterator[Sequence[EncodedHistory]],
    *,
    difficulty: Difficulty,
    largest_norm: float,
) -> None:
    for drawn in batches:
        batch = pad(drawn, difficulty)
        adam.zero_grad()
        torch.autograd.backward(loss_sum(parameters, batch) / batch.weight[:, 1:].sum())
        torch.nn.utils.clip_grad_norm_(list(parameters.values()), largest_norm)
        adam.step()
