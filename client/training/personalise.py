"""After a release: what a school adds to the shared model from its own answers. Nothing of it ever leaves.

Two stages, each kept only if it predicts the school's validation students better: item difficulties, which a
round must not use (decision 0004), then an own output layer on top of the shared states.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray

from client.training.predictions import logits_of, offsets_of, probabilities, states_before
from client.training.scored_answers import ScoredAnswers, scored_answers
from common.arrays import Arrays
from common.models.encoding import EncodedHistory, shares
from common.models.item_difficulty import fit_item_difficulty
from common.models.metrics import log_loss

Floats = NDArray[np.float32]

RIDGES = (2.0, 8.0)  # how firmly an item's difficulty is held at 0
EPOCHS, PATIENCE = 12, 2
LEARNING_RATE = 0.003
ANSWERS_PER_STEP = 256
SMALLEST_GAIN = 1e-4  # of log loss; less is luck


@dataclass(frozen=True, slots=True, eq=False)
class PersonalModel:
    """The shared model as one school adapted it, in numpy: served by `common.models.dkt_numpy` without torch.

    arrays: as in the release, with an own W_out and b_out if they helped. difficulty: logit offset by item,
    read as input and added to the output.
    """

    arrays: Arrays = field(repr=False)
    difficulty: Mapping[str, float] = field(repr=False)

    @property
    def head(self) -> tuple[Floats, Floats]:
        """W_out (rows, H) and b_out (rows,)."""
        return self.arrays["W_out"], self.arrays["b_out"]


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Scored answers with the states before them (N, H) and their items' offsets (N,)."""

    answers: ScoredAnswers
    states: Floats
    offsets: Floats

    def loss(self, head: tuple[Floats, Floats]) -> float:
        logits = logits_of(head, self.states, self.answers, offsets=self.offsets)
        return log_loss(self.answers.correct, probabilities(logits))


def predict_personal(model: PersonalModel, histories: Sequence[EncodedHistory]) -> NDArray[np.float64]:
    """(N,) chances of a right answer, in the order of `scored_answers`."""
    return probabilities(_logits(model, histories))


def personal_logits(model: PersonalModel, histories: Sequence[EncodedHistory]) -> NDArray[np.float64]:
    """(N,) float64 logits, in the order of `scored_answers`."""
    return _logits(model, histories).astype(np.float64)


def personalise(
    release: Arrays, train: Sequence[EncodedHistory], validation: Sequence[EncodedHistory], *, seed: int = 0
) -> PersonalModel:
    """Fits both stages on `train`; `validation` decides what is kept. Without either, the release as it is."""
    model = PersonalModel(release, {})
    if not any(len(h) > 1 for h in train) or not any(len(h) > 1 for h in validation):
        return model
    model = _with_difficulty(model, train, validation)
    return _with_head(model, _table(model, train), _table(model, validation), seed=seed)


def _logits(model: PersonalModel, histories: Sequence[EncodedHistory]) -> Floats:
    table = _table(model, histories)
    return logits_of(model.head, table.states, table.answers, offsets=table.offsets)


def _table(model: PersonalModel, histories: Sequence[EncodedHistory]) -> _Table:
    answers = scored_answers(histories)
    states = states_before(model.arrays, histories, model.difficulty)
    return _Table(answers, states, offsets_of(answers, model.difficulty))


def _with_difficulty(
    model: PersonalModel, train: Sequence[EncodedHistory], validation: Sequence[EncodedHistory]
) -> PersonalModel:
    best, best_loss = model, _table(model, validation).loss(model.head) - SMALLEST_GAIN
    for difficulty in _difficulties(model, train):
        candidate = PersonalModel(model.arrays, difficulty)
        loss = _table(candidate, validation).loss(candidate.head)
        if loss < best_loss:
            best, best_loss = candidate, loss
    return best


def _difficulties(model: PersonalModel, train: Sequence[EncodedHistory]) -> Iterator[dict[str, float]]:
    """Candidates: fitted around the shared model's logits, and fitted on their own with skills and abilities."""
    rows = model.arrays["W_out"].shape[0]
    table = _table(model, train)
    logits = logits_of(model.head, table.states, table.answers, offsets=table.offsets)
    scored = [_from_second(history) for history in train if len(history) > 1]
    bases = np.split(logits, np.cumsum([len(history) for history in scored])[:-1])
    for ridge in RIDGES:
        yield fit_item_difficulty(scored, rows, ridge=ridge, bases=bases)
        yield fit_item_difficulty(train, rows, ridge=ridge)


def _from_second(history: EncodedHistory) -> EncodedHistory:
    return replace(
        history,
        items=history.items[1:],
        skill_rows=history.skill_rows[1:],
        correct=history.correct[1:],
        weight=history.weight[1:],
        at_seconds=history.at_seconds[1:],
    )


def _with_head(model: PersonalModel, train: _Table, validation: _Table, *, seed: int) -> PersonalModel:
    """An own output layer by Adam on cached states, stopped when validation stops improving."""
    best, best_loss, stale = model.head, validation.loss(model.head) - SMALLEST_GAIN, 0
    for head in _epochs(model.head, train, seed):
        loss = validation.loss(head)
        better = loss < best_loss
        best, best_loss, stale = (head, loss, 0) if better else (best, best_loss, stale + 1)
        if stale == PATIENCE:
            break
    w_out, b_out = best
    return PersonalModel({**model.arrays, "W_out": w_out, "b_out": b_out}, model.difficulty)


def _epochs(head: tuple[Floats, Floats], train: _Table, seed: int) -> Iterator[tuple[Floats, Floats]]:
    """The output layer after each epoch over the training answers in a fresh order."""
    w_out, b_out = (torch.from_numpy(np.array(part)).requires_grad_() for part in head)
    adam = torch.optim.Adam([w_out, b_out], lr=LEARNING_RATE)
    states, offsets = torch.from_numpy(train.states), torch.from_numpy(train.offsets)
    rows = torch.from_numpy(np.maximum(train.answers.skill_rows, 0).astype(np.int64))
    share = torch.from_numpy(shares(train.answers.skill_rows))
    correct = torch.from_numpy(train.answers.correct.astype(np.float32))
    weight = torch.from_numpy(train.answers.weight)
    order = torch.Generator().manual_seed(seed)
    for _ in range(EPOCHS):
        for pick in torch.split(torch.randperm(len(correct), generator=order), ANSWERS_PER_STEP):
            by_row = torch.addmm(b_out, states[pick], w_out.t())
            logits = (by_row.gather(1, rows[pick]) * share[pick]).sum(1) + offsets[pick]
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, correct[pick], weight=weight[pick])
            adam.zero_grad()
            torch.autograd.backward(loss)
            adam.step()
        yield w_out.detach().numpy().copy(), b_out.detach().numpy().copy()
