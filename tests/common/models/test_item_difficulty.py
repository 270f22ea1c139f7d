"""Item offsets: their optimum against scipy's, their shrinking, and planted difficulties found again."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from common.interactions import History, Interaction
from common.models.encoding import encode
from common.models.item_difficulty import fit_item_difficulty, fit_offsets
from tests.support.models import SKILLS


def test_each_offset_is_the_minimum_that_scipy_finds() -> None:
    """Three groups, one of them always right; weights below 1."""
    rng = np.random.default_rng(1)
    group = np.repeat([0, 1, 2], [50, 5, 3])
    base, correct = rng.normal(0, 1.5, 58), (rng.random(58) < 0.4).astype(float)
    correct[55:] = 1.0
    weight = rng.choice([0.2, 1.0], 58)
    fitted = fit_offsets(group, base, correct, weight=weight, ridge=1.5)
    for g in range(3):
        b, y, w = base[group == g], correct[group == g], weight[group == g]

        def penalised(offset: float, b: np.ndarray = b, y: np.ndarray = y, w: np.ndarray = w) -> float:
            z = b + offset
            return float((w * (np.logaddexp(0, z) - y * z)).sum() + 0.75 * offset**2)

        assert fitted[g] == pytest.approx(minimize_scalar(penalised, options={"xtol": 1e-10}).x, abs=1e-6)


def test_extreme_logits_do_not_blow_up() -> None:
    """A saturated logit has no curvature; the step is cut."""
    fitted = fit_offsets(
        np.zeros(4, np.int64), np.full(4, 60.0), np.zeros(4), weight=np.ones(4), ridge=0.01, sweeps=60
    )
    assert np.isfinite(fitted).all()
    assert fitted[0] < -50


def planted(students: int, seed: int) -> tuple[list[History], dict[str, float]]:
    """Students of mixed ability; strong students meet the hard half of the items more often."""
    rng = np.random.default_rng(seed)
    truth = {f"q{i}": float(rng.normal(0, 1)) for i in range(30)}
    hardest = sorted(truth, key=lambda item: truth[item])
    histories = []
    for s in range(students):
        ability = rng.normal(0, 1)
        attempts = []
        for _ in range(30):
            pool = hardest[:15] if rng.random() < 1 / (1 + np.exp(-2 * ability)) else hardest[15:]
            item = pool[int(rng.integers(15))]
            right = rng.random() < 1 / (1 + np.exp(-(ability + truth[item])))
            attempts.append(Interaction(item, (SKILLS.names[int(item[1:]) % 5],), bool(right)))
        histories.append(History(str(s), tuple(attempts)))
    return histories, truth


def test_planted_difficulties_are_found_although_strong_students_meet_hard_items() -> None:
    """Offsets are relative to the skill, so they are compared with the truth less its mean by skill."""
    histories, truth = planted(400, 2)
    fitted = fit_item_difficulty([encode(h, SKILLS) for h in histories], SKILLS.rows)
    by_skill = {k: np.mean([truth[f"q{i}"] for i in range(k, 30, 5)]) for k in range(5)}
    expected = np.array([truth[f"q{i}"] - by_skill[i % 5] for i in range(30)])
    found = np.array([fitted[f"q{i}"] for i in range(30)])
    assert np.corrcoef(expected, found)[0, 1] > 0.95


def test_a_fixed_base_is_used_as_it_is() -> None:
    """A base that already explains the answers leaves nothing for the offsets to say."""
    rng = np.random.default_rng(3)
    truth = {f"q{i}": float(rng.normal(0, 1)) for i in range(20)}
    attempts = [
        Interaction(item, ("add",), bool(rng.random() < 1 / (1 + np.exp(-truth[item]))))
        for item in rng.choice(list(truth), 3000).tolist()
    ]
    encoded = encode(History("s", tuple(attempts)), SKILLS)
    base = np.array([truth[item] for item in encoded.items])
    explained = fit_item_difficulty([encoded], SKILLS.rows, bases=[base])
    unexplained = fit_item_difficulty([encoded], SKILLS.rows, bases=[np.zeros(len(encoded))])
    assert np.std(list(explained.values())) < 0.3 * np.std(list(unexplained.values()))


def test_one_answer_moves_an_offset_little_and_many_move_it_far() -> None:
    """Shrunk: right once is no proof of an easy item."""
    attempts = [Interaction("rare", ("add",), True), *(Interaction("common", ("add",), True) for _ in range(60))]
    encoded = encode(History("s", tuple(attempts)), SKILLS)
    fitted = fit_item_difficulty([encoded], SKILLS.rows, bases=[np.zeros(61)])
    assert 0 < fitted["rare"] < 0.3 < 1.5 < fitted["common"]


def test_no_answers_give_no_offsets() -> None:
    """An item that nobody answered counts as 0 wherever offsets are used."""
    assert fit_item_difficulty([], SKILLS.rows) == {}
    assert fit_item_difficulty([encode(History("s", ()), SKILLS)], SKILLS.rows) == {}
