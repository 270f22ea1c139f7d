"""The vectorised EM against its plain twin, its laws, and parameters that it has to recover."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.speed.plain_bkt import em_step, log_likelihood
from common.interactions import History, Interaction
from common.models.bkt import NAMES, BktParameters, default_bkt
from common.models.bkt_fit import fit_bkt
from common.models.encoding import EncodedHistory, encode
from common.skills import SkillMap
from tests.support.models import SKILLS, random_encoded


def some_students(count: int, seed: int) -> list[EncodedHistory]:
    """Histories of 0-30 attempts, with several skills and small weights."""
    lengths = np.random.default_rng(seed).integers(0, 30, count)
    return [random_encoded(int(n), seed * 1000 + i, student=str(i)) for i, n in enumerate(lengths)]


@pytest.mark.parametrize("strength", [0.0, 2.0])
def test_three_iterations_equal_three_of_the_plain_twin(strength: float) -> None:
    """To rounding, with and without a prior."""
    students = some_students(25, 1)
    expected = mean = default_bkt(SKILLS.rows)
    for _ in range(3):
        expected = em_step(expected, students, mean=mean, strength=strength)
    fitted = fit_bkt(students, SKILLS.rows, iterations=3, strength=strength)
    for name in NAMES:
        assert getattr(fitted, name) == pytest.approx(getattr(expected, name), abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_an_iteration_never_lowers_the_likelihood(seed: int) -> None:
    """Without a prior; weights below 1 included."""
    students = some_students(6, seed)
    parameters, before = default_bkt(SKILLS.rows), -np.inf
    for _ in range(4):
        now = log_likelihood(parameters, students)
        assert now >= before - 1e-9
        before = now
        parameters = fit_bkt(students, SKILLS.rows, iterations=1, prior=parameters, strength=0.0)


def test_planted_parameters_are_recovered() -> None:
    """3,000 students, 12 attempts each: every number within .04."""
    truth = {"p_init": 0.3, "p_learn": 0.2, "p_guess": 0.25, "p_slip": 0.08, "p_forget": 0.05}
    rng = np.random.default_rng(5)
    known = rng.random(3000) < truth["p_init"]
    answers = []
    for _ in range(12):
        answers.append(rng.random(3000) < np.where(known, 1 - truth["p_slip"], truth["p_guess"]))
        known = np.where(known, rng.random(3000) >= truth["p_forget"], rng.random(3000) < truth["p_learn"])
    skills = SkillMap("one", ("add",))
    students = [
        encode(History(str(s), tuple(Interaction("q", ("add",), bool(y)) for y in row)), skills)
        for s, row in enumerate(np.array(answers).T)
    ]
    fitted = fit_bkt(students, skills.rows, iterations=80)
    assert {name: float(getattr(fitted, name)[1]) for name in NAMES} == pytest.approx(truth, abs=0.04)


def test_a_skill_without_answers_keeps_its_prior() -> None:
    """Row 0 and the other skills of a school that has taught one."""
    student = encode(History("s", tuple(Interaction("q", ("add",), True) for _ in range(5))), SKILLS)
    mean = BktParameters.from_json({**default_bkt(SKILLS.rows).to_json(), "p_learn": [0.07] * SKILLS.rows})
    for strength in (0.0, 10.0):
        fitted = fit_bkt([student], SKILLS.rows, prior=mean, strength=strength)
        assert fitted.p_learn[2] == pytest.approx(0.07)
    assert fit_bkt([], SKILLS.rows).to_json() == default_bkt(SKILLS.rows).to_json()


def test_guess_slip_and_forget_stay_within_their_limits() -> None:
    """Answers at random would otherwise call the known state unknown."""
    rng = np.random.default_rng(6)
    students = [
        encode(
            History(str(s), tuple(Interaction("q", ("add",), bool(rng.random() < 0.9)) for _ in range(9))), SKILLS
        )
        for s in range(200)
    ]
    fitted = fit_bkt(students, SKILLS.rows, iterations=60, strength=0.0)
    assert fitted.p_guess.max() <= 0.5
    assert fitted.p_slip.max() <= 0.4
    assert fitted.p_forget.max() <= 0.3
    assert min(fitted.p_guess.min(), fitted.p_slip.min()) >= 0.01


def test_more_than_one_block_of_sequences_changes_nothing() -> None:
    """Students twice over, twice the prior: the same fit, although the blocks are cut elsewhere."""
    students = some_students(900, 7)
    once = fit_bkt(students, SKILLS.rows, iterations=2, strength=2.0)
    twice = fit_bkt([*students, *students], SKILLS.rows, iterations=2, strength=4.0)
    for name in NAMES:
        assert getattr(twice, name) == pytest.approx(getattr(once, name), abs=1e-12)
