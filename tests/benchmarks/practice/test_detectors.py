"""What is measured beside the policies: gaps, spinning, the diagnostic, gaming."""

import numpy as np
import pytest

from benchmarks.practice.diagnosing import diagnosing, simulated_knowledge
from benchmarks.practice.gaming import gaming
from benchmarks.practice.gaps import gaps
from benchmarks.practice.spinning import spinning, tries_at_one_skill
from client.content.bank import built_in_bank
from client.practice.bank_tables import tables_of


@pytest.mark.parametrize("family", ["bkt", "level", "rules"])
def test_a_planted_gap_is_found(family: str) -> None:
    """By the repair rule, within eight items, for most students."""
    found = gaps(family, students=400, seed=2)
    assert found["found_within_8"] >= 0.8
    assert found["doubted_within_8"] <= found["found_within_8"] + 0.05


def test_spinning_is_called_with_precision_where_students_know_or_do_not() -> None:
    """At the fifth attempt; hardly anybody is called after three."""
    found = spinning("bkt", students=1_500, seed=2)
    assert found["after_5"]["precision"] > 0.7
    assert found["after_3"]["called"] < 0.02
    assert found["after_5"]["auc"] > found["after_1"]["auc"] > 0.6


def test_attempts_are_ten_and_get_better() -> None:
    """They learn."""
    right = tries_at_one_skill("level", students=1_000, seed=1).right
    assert right.shape == (1_000, 10)
    assert right[:, 9].mean() > right[:, 0].mean()


def test_the_diagnostic_beats_a_form_of_twice_its_length() -> None:
    """Scored skill by skill, as forms are."""
    found = diagnosing(students=500, seed=3)
    assert found["adaptive"]["low"] > found["fixed form, scored skill by skill"]["high"]
    assert 6 <= found["adaptive: items"]["value"] <= 12


def test_simulated_knowledge_follows_the_needs_mostly() -> None:
    """Known without what it needs is the exception; everything from beginners to nearly done occurs."""
    needs = tables_of(built_in_bank()).needs
    held = simulated_knowledge(needs, 1_000, np.random.default_rng(0))
    without = (held[:, :, None] & (needs > 0)[None] & ~held[:, None, :]).any(2)
    assert without.mean() < 0.12
    assert held.mean(1).std() > 0.2


def test_guessers_are_flagged_and_fast_experts_are_not() -> None:
    """So are students who click through hints; slow readers are nobody's suspects."""
    found = gaming(students=400, seed=4)
    assert found["guessers_recall"] >= 0.8
    assert found["hint_abusers_recall"] >= 0.8
    assert found["fast_correct_flagged"] <= 0.01
    assert max(found["flagged"]["slow reader"].values()) <= 0.02
