"""The attack suite's parts: honest rounds stay within their claim, faults and attacks are found."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.attack.__main__ import without_nan
from benchmarks.attack.audit_round_code import CLAIM, HONEST, claimed_noise, run_audits
from benchmarks.attack.canaries import make_canaries
from benchmarks.attack.default_plan import default_plan
from benchmarks.attack.faults import ShuffledDraw, all_faults, seeded
from benchmarks.attack.flower_secagg import attack_flower
from benchmarks.attack.inconsistency import attack_inconsistency
from benchmarks.attack.inversion import attack_inversion
from benchmarks.attack.malicious_coordinator import attack_masking
from benchmarks.attack.membership import NO_NOISE, black_box
from benchmarks.attack.poisoning import sum_bound
from benchmarks.attack.property_inference import SIGNIFICANT, attack_property
from common.attack_report import COORDINATOR_ATTACKS


@pytest.mark.slow
def test_the_product_s_rounds_pass_the_audit_and_seeded_faults_fail_it(tmp_path: Path) -> None:
    """2,000 canaries through `join_round`: the bound stays below the claim, and exceeds it with each fault.

    One fault of each sort; `python -m benchmarks.attack` runs all six.
    """
    tried = {"half_noise", "reused_noise", "windows_clipped_apart", "shuffled_batches"}
    faults = [fault for fault in all_faults() if fault.name in tried]
    canaries, noise = make_canaries(2000), claimed_noise()
    honest, *faulty = run_audits(canaries, [HONEST, *faults], tmp_path, noise=noise, seed=11)
    assert not honest.found
    assert 2.0 < honest.sums.gaussian <= CLAIM
    assert {run.fault for run in faulty if run.found} == tried


def test_a_seeded_fault_is_gone_after_its_block() -> None:
    """The product has no switch, and nothing stays replaced, not even after an error."""
    from common.privacy import mechanism

    original = mechanism.rounded_gaussian
    with pytest.raises(ZeroDivisionError), seeded({"common.privacy.mechanism:rounded_gaussian": print}):
        assert mechanism.rounded_gaussian is print
        raise ZeroDivisionError
    assert mechanism.rounded_gaussian is original


@pytest.mark.parametrize("students", [40, 41])
def test_shuffled_batches_give_everybody_a_turn(students: int) -> None:
    """The fault is the one that its name says: two batches in a row share nobody, also of an odd number."""
    names, draw = [f"{n:02d}" for n in range(students)], ShuffledDraw()
    first, second, third = (draw(names, 0.5, bytes([n]) * 32, cap=99) for n in range(3))
    assert len(first) == len(second) == len(third) == 20
    assert not set(first) & set(second)
    assert set(third) & set(first)
    assert set(third) & set(second)


def test_every_attack_of_a_malicious_coordinator_is_refused_by_name() -> None:
    """All ten, some in several ways, each with the fault that was expected."""
    rows = attack_masking(default_plan().campaign)
    assert {row["number"] for row in rows} == set(range(1, COORDINATOR_ATTACKS + 1))
    assert [row["attack"] for row in rows if not row["refused"]] == []
    assert [row["fault"] for row in rows] == [row["expected"] for row in rows]


def test_inversion_has_power_and_the_default_plan_takes_it_away() -> None:
    """F1 1 without noise; with it no better than a guess."""
    found = attack_inversion(default_plan(), 5)
    assert found["off"]["f1"] >= 0.99
    assert found["on"]["f1"] <= found["blind_f1"] + 0.05


def test_whether_a_student_was_mostly_right_shows_without_noise_only() -> None:
    """The sum of the output bias's gradient gives it away."""
    found = attack_inversion(default_plan(), 6)["mostly_right"]
    assert found["off"] > 0.8
    assert found["on"] < 0.65


def test_flower_s_masking_gives_a_school_s_update_away_in_two_ways() -> None:
    """To a step of its own rounding: if this ever fails, Flower was mended and docs/attacks.md has to say so."""
    found = attack_flower(3)
    assert [way["recovered"] for way in found["ways"].values()] == [True, True]
    assert found["flwr"] == "1.41.0"


def test_the_trained_model_alone_tells_without_noise_who_was_in_it(tmp_path: Path) -> None:
    """60 canaries; with noise the AUC stays below what it is without."""
    canaries, plan = make_canaries(60), default_plan()
    included = np.arange(60) % 2 == 0
    bare = black_box(plan, canaries, tmp_path / "off", included=included, replaced=NO_NOISE)
    noisy = black_box(plan, canaries, tmp_path / "on", included=included, replaced={})
    assert bare >= 0.95
    assert noisy < bare


def test_the_bound_on_a_sum_has_room_for_what_honest_schools_send() -> None:
    """Ten schools of thirty students and the plan's noise; a replacement fifty times a model long is beyond."""
    bound = sum_bound(default_plan())
    assert 300 < bound < 3 * 50 * 9.0


def test_a_school_s_remedial_share_is_read_without_noise_only() -> None:
    """Beyond chance one way, within it the other."""
    found = attack_property(default_plan(), 5)
    assert found["off"]["correlation"] > 0.8
    assert abs(found["on"]["correlation"]) < 0.8
    assert 0.4 < SIGNIFICANT < 0.5


def test_a_dead_model_bares_a_plain_sum_and_not_a_masked_one() -> None:
    """And the school refuses it before that."""
    found = attack_inconsistency(default_plan(), 5)
    assert found["off"]["cosine"] == pytest.approx(1.0)
    assert abs(found["on"]["cosine"]) < 0.3
    assert found["the_school_itself"]["refused"]


def test_a_report_is_always_json() -> None:
    """A destroyed model has no AUC."""
    assert without_nan({"a": [float("nan"), 1.5], "b": {"c": float("inf")}}) == {
        "a": [None, 1.5],
        "b": {"c": None},
    }
