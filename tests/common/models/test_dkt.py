"""The torch DKT agrees with the numpy one, its gradient with differences, and training lowers the loss."""

import numpy as np
import pytest
import torch

from common.arrays import Arrays, shapes_of
from common.models.dkt import initial_arrays, logits, loss_sum, pad, tensors, train_without_privacy
from common.models.dkt_numpy import logits_dkt, predict_dkt
from common.models.dkt_shapes import all_shapes
from common.models.encoding import EncodedHistory, encode
from common.models.metrics import log_loss
from common.models.simulated_students import SimulatedItem, simulate
from tests.support.models import SKILLS, random_arrays, random_difficulty, random_encoded


def torch_logits(arrays: Arrays, histories: list[EncodedHistory], difficulty: dict[str, float]) -> np.ndarray:
    """(B, T) float32 of the torch twin."""
    with torch.no_grad():
        return logits(tensors(arrays), pad(histories, difficulty)).numpy()


def test_numpy_and_torch_agree_on_logits_over_a_thousand_steps() -> None:
    """Within 1e-5, in single precision, with skill sets and difficulties, for trained weights.

    (With weights several times larger the recurrence is chaotic, and rounding alone would grow.)
    """
    difficulty = random_difficulty(3)
    practice = [random_encoded(60, seed) for seed in range(60)]
    arrays = train_without_privacy(initial_arrays(SKILLS.rows, 64, 1), practice, difficulty, steps=25, seed=1)
    history = random_encoded(1000, 2)
    expected = logits_dkt(arrays, history, difficulty)
    assert np.abs(expected).max() > 0.3
    assert torch_logits(arrays, [history], difficulty)[0] == pytest.approx(expected, abs=1e-5)


def test_padding_changes_no_logit() -> None:
    """A short history beside a long one is predicted as if it were alone."""
    arrays, difficulty = random_arrays(SKILLS.rows, 8, 4), random_difficulty(5)
    histories = [random_encoded(n, n) for n in (3, 17, 1)]
    together = torch_logits(arrays, histories, difficulty)
    for row, history in zip(together, histories, strict=True):
        alone = torch_logits(arrays, [history], difficulty)[0]
        assert row[: len(history)] == pytest.approx(alone, abs=1e-6)


def test_the_loss_is_the_weighted_log_loss_of_all_answers_but_the_first() -> None:
    """Against the numpy predictions; a single attempt loses nothing."""
    arrays = random_arrays(SKILLS.rows, 6, 6)
    histories, expected = [random_encoded(n, n) for n in (1, 9, 12)], 0.0
    for history in histories:
        p = predict_dkt(arrays, history, {})
        losses = -np.log(np.where(history.correct, p, 1 - p))
        expected += float((losses * history.weight)[1:].sum())
    assert loss_sum(tensors(arrays), pad(histories, {})).item() == pytest.approx(expected, rel=1e-5)
    assert loss_sum(tensors(arrays), pad(histories[:1], {})).item() == 0.0


def test_gradients_equal_central_differences() -> None:
    """In double precision, for some numbers of every array; this is what other gradients are checked against."""
    arrays = random_arrays(SKILLS.rows, 5, 7)
    batch = pad([random_encoded(n, n) for n in (6, 10)], random_difficulty(8), torch.float64)
    parameters = tensors(arrays, torch.float64)
    torch.autograd.backward(loss_sum(parameters, batch))
    rng = np.random.default_rng(9)
    for name, tensor in parameters.items():
        assert tensor.grad is not None
        for where in rng.integers(tensor.numel(), size=4):
            losses = []
            for nudge in (1e-6, -1e-6):
                moved = {key: value.detach().clone() for key, value in parameters.items()}
                moved[name].view(-1)[int(where)] += nudge
                losses.append(loss_sum(moved, batch).item())
            slope = (losses[0] - losses[1]) / 2e-6
            assert float(tensor.grad.view(-1)[int(where)]) == pytest.approx(slope, rel=1e-5, abs=1e-7)


def test_the_start_has_the_right_shapes_and_an_open_forget_gate() -> None:
    """Seeded; only the second quarter of b is 1."""
    arrays = initial_arrays(6, 4, 10)
    assert shapes_of(arrays) == all_shapes(6, 4)
    assert arrays["b"].tolist() == [0.0] * 4 + [1.0] * 4 + [0.0] * 8
    assert np.abs(arrays["W_in"]).max() <= 0.5
    again, other = initial_arrays(6, 4, 10), initial_arrays(6, 4, 11)
    assert np.array_equal(again["W_in"], arrays["W_in"])
    assert not np.array_equal(other["W_in"], arrays["W_in"])


def mean_loss(arrays: Arrays, histories: list[EncodedHistory]) -> float:
    """Log loss of all attempts but the first ones."""
    scored = [(h.correct[1:], predict_dkt(arrays, h, {})[1:]) for h in histories]
    return log_loss(np.concatenate([y for y, _ in scored]), np.concatenate([p for _, p in scored]))


def test_training_lowers_the_loss_on_other_students_and_reports_progress() -> None:
    """Thirty steps on 300 simulated students; the same seed gives the same arrays; the start stays as it was."""
    items = [SimulatedItem(f"q {k}", (name,)) for k, name in enumerate(SKILLS.names)]
    rng = np.random.default_rng(12)
    train, test = ([encode(h, SKILLS) for h in simulate("bkt", items, students=n, rng=rng)] for n in (300, 100))
    start, done = initial_arrays(SKILLS.rows, 8, 13), list[float]()
    kept = {name: array.copy() for name, array in start.items()}
    trained = train_without_privacy(start, train, {}, steps=30, seed=14, progress=done.append)
    assert mean_loss(trained, test) < mean_loss(start, test) - 0.02
    assert done == pytest.approx([(n + 1) / 30 for n in range(30)])
    assert all(np.array_equal(start[name], kept[name]) for name in start)
    again = train_without_privacy(start, train, {}, steps=30, seed=14)
    assert all(np.array_equal(again[name], trained[name]) for name in trained)


def test_draws_that_hold_nothing_to_predict_train_nothing() -> None:
    """One-attempt histories and empty draws leave finite arrays."""
    start = initial_arrays(SKILLS.rows, 4, 15)
    trained = train_without_privacy(start, [random_encoded(1, 16)] * 20, {}, steps=3, seed=17)
    assert all(np.array_equal(trained[name], start[name]) for name in start)
