"""The drift monitor finds what was planted, and is quiet where nothing changed."""

import numpy as np
import pytest

from client.insight.drift import Verdict, find_drift, find_shifts, is_worse, stability_index, worse_than_bkt
from common.models.ladder import BKT, LOGISTIC
from tests.support.drifting import Window, window

STEADY = Window()


def test_too_few_students_are_no_ground_for_a_verdict() -> None:
    """Nine students with many answers, or ten with few."""
    for kind in (Window(students=9, answers=60), Window(students=10, answers=20)):
        found = find_drift(window(kind, seed=1), window(STEADY, seed=2), LOGISTIC)
        assert found.verdict == Verdict.NOT_ENOUGH
        assert found.against_bkt is None


def test_a_good_model_holds() -> None:
    """Better than the skill tracer, with an interval that says so."""
    found = find_drift(window(STEADY, seed=1), window(STEADY, seed=2), LOGISTIC)
    assert found.verdict == Verdict.FINE
    assert found.against_bkt is not None
    assert found.against_bkt.high < 0
    assert found.log_loss < found.log_loss_bkt


def test_the_skill_tracer_is_not_compared_with_itself() -> None:
    """There is nothing below it to go back to."""
    found = find_drift(window(STEADY, seed=1), window(STEADY, seed=2), BKT)
    assert found.verdict == Verdict.FINE
    assert found.against_bkt is None


def test_a_worn_out_model_is_found_within_a_thousand_answers() -> None:
    """In at least 19 of 20 schools."""
    worn = Window(served=2.0, bkt=0.7)
    found = [find_drift(window(worn, seed=s), window(STEADY, seed=99), LOGISTIC).verdict for s in range(20)]
    assert found.count(Verdict.WORSE) >= 19


def test_everything_half_a_logit_harder_is_found_within_a_thousand_answers() -> None:
    """Both models promise too much then, so it is a matter of measuring again and not of stepping down."""
    harder = Window(off=-0.5)
    found = [find_drift(window(harder, seed=s), window(STEADY, seed=99), LOGISTIC).verdict for s in range(20)]
    assert found.count(Verdict.MISJUDGES) >= 19
    assert Verdict.WORSE not in found


def test_other_skills_are_noticed_and_change_nothing() -> None:
    """Three of four skills gone."""
    moved = find_drift(window(Window(mix=(1, 0.02, 0.02, 0.02)), seed=1), window(STEADY, seed=2), LOGISTIC)
    assert moved.verdict == Verdict.SHIFTED
    assert [one.name for one in moved.shifts if one.alarms] == ["skills"]


def test_a_steady_school_year_raises_at_most_one_alarm() -> None:
    """Forty weekly windows, over all three questions."""
    found = [
        find_drift(window(STEADY, seed=s), window(STEADY, seed=1_000 + s), LOGISTIC).verdict for s in range(40)
    ]
    assert sum(verdict != Verdict.FINE for verdict in found) <= 1


def test_equally_good_models_pass_for_worse_as_rarely_as_promised() -> None:
    """5 % of windows at most, give or take chance; two running are needed."""
    even = Window(served=0.7, bkt=0.7, students=20, answers=20)
    worse = [is_worse(worse_than_bkt(window(even, seed=s), LOGISTIC, seed=s)) for s in range(200)]
    assert sum(worse) <= 18  # 5 % of 200 is 10; 18 has a chance of 1 %


def test_a_mix_needs_ten_students_on_both_sides() -> None:
    """Else nothing is said."""
    assert find_shifts(window(STEADY, seed=1), window(Window(students=9), seed=2)) == ()


def test_the_stability_index_is_the_textbooks() -> None:
    """By hand, on large counts where half an answer more is nothing."""
    new, before = np.array([300_000.0, 700_000.0]), np.array([500_000.0, 500_000.0])
    by_hand = (0.3 - 0.5) * np.log(0.3 / 0.5) + (0.7 - 0.5) * np.log(0.7 / 0.5)
    assert stability_index(new, before) == pytest.approx(by_hand, abs=1e-5)
    assert stability_index(new, new) == 0
