"""Candidates that are broken, crafted or drowned in noise aren't released; a sound one is."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from common.arrays import Arrays, to_bytes
from server.admission import Answer, AnswerState
from server.evaluate import Evaluation, evaluate_candidate, simulated_auc
from server.round_records import RoundRecord, RoundState
from tests.support.coordinators import start_arrays
from tests.support.plans import campaign_plan, round_plan

CAMPAIGN = campaign_plan(minimum_cohort=2)
START = start_arrays(3, 8)


def _rounds(**changes: Any) -> list[RoundRecord]:
    answers = tuple(Answer(name, AnswerState.ANSWERED) for name in ("east", "north"))
    record = RoundRecord(round_plan(CAMPAIGN), RoundState.APPLIED, "", answers)
    rounds = [replace(record, plan=round_plan(CAMPAIGN, round=n)) for n in range(1, CAMPAIGN.rounds + 1)]
    rounds[1] = replace(rounds[1], **changes)
    return rounds


def _evaluated(arrays: Arrays, rounds: list[RoundRecord] | None = None) -> Evaluation:
    rounds = _rounds() if rounds is None else rounds
    return evaluate_candidate(CAMPAIGN, rounds, start_model=to_bytes(START), model=to_bytes(arrays))


def test_a_sound_candidate_passes_with_its_figures() -> None:
    """The hand-made model follows right and wrong answers, so it beats chance on simulated students."""
    evaluation = _evaluated(START)
    assert evaluation.problem == ""
    assert evaluation.figures["simulated_auc"] == evaluation.figures["simulated_auc_at_start"]
    assert evaluation.figures["simulated_auc"] > 0.55
    assert evaluation.figures["rounds_applied"] == 3.0


def test_a_model_that_reads_answers_backwards_is_rejected() -> None:
    """Below one half is worse than tossing a coin."""
    evaluation = _evaluated({**START, "W_out": -START["W_out"]})
    assert "chance or worse" in evaluation.problem
    assert evaluation.figures["simulated_auc"] < 0.5


def test_a_crafted_weight_is_found() -> None:
    """No sound model holds a thousand."""
    loud = START["W_hh"].copy()
    loud[0, 0] = np.float32(5e4)
    assert "5e+04" in _evaluated({**START, "W_hh": loud}).problem


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"answers": (Answer("east", AnswerState.ANSWERED),)}, "without its quorum"),
        ({"plan": round_plan(CAMPAIGN, round=3)}, "doesn't hold every round"),
    ],
)
def test_every_round_needs_its_record_and_its_quorum(change: dict[str, Any], sentence: str) -> None:
    """What the journal can't show didn't happen."""
    assert sentence in _evaluated(START, _rounds(**change)).problem


def test_a_void_round_needs_no_quorum_but_one_round_must_count() -> None:
    """A campaign of void rounds trained nothing."""
    assert _evaluated(START, _rounds(state=RoundState.VOID, answers=())).problem == ""
    all_void = [replace(record, state=RoundState.VOID) for record in _rounds()]
    assert _evaluated(START, all_void).problem == "No round gave a usable update."


def test_the_simulated_students_are_the_same_each_time() -> None:
    """Candidate and start are compared on one and the same set."""
    assert simulated_auc(CAMPAIGN, START) == simulated_auc(CAMPAIGN, START)
