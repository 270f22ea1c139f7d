"""The speed benchmark: steps that compute one thing, ratios by repeat, a report that says what it skipped."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from opacus.layers import DPLSTM

from benchmarks.speed import memory
from benchmarks.speed.opacus_steps import MODES, clipped_gradients
from benchmarks.speed.own_step import summed_gradient
from benchmarks.speed.peers import failure, importable
from benchmarks.speed.report import report, size_entry, table
from benchmarks.speed.serving import measure_stack, stack_of
from benchmarks.speed.sizes import Size, invented, tensors_of
from benchmarks.speed.timing import interleaved, ratio
from benchmarks.speed.tracing import invented_log, measure_bkt, measure_inference, read_histories
from benchmarks.speed.training_steps import measure
from benchmarks.speed.usual_step import UsualDkt, loop_step, student_losses
from client.content.bank import built_in_bank
from client.practice.bank_tables import tables_of
from client.training.engine import clipped_sum
from common.interactions import History, Interaction
from tests.support.plain_gradients import random_arrays, random_window

TINY = Size(students=3, steps=7, skills=5, hidden=4)


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def test_students_have_one_full_window_each() -> None:
    """steps predictions need steps + 1 attempts."""
    students = invented(TINY)
    assert [[len(window) for window in student] for student in students] == [[8], [8], [8]]
    assert all(0 <= row < 5 for s in students for row in s[0].skill_rows[:, 0])


def test_the_step_without_privacy_is_the_sum_that_nobody_is_clipped_in() -> None:
    """Several windows, skill sets, ragged rows: the honest own baseline computes the whole gradient."""
    arrays = random_arrays(9, 8, 1)
    students = [[random_window(n, 9, skills=3, seed=n + k) for k in range(2)] for n in (4, 20, 9)]
    got = summed_gradient(arrays, students, torch.float64)
    want = clipped_sum(arrays, students, 1e9, dtype=torch.float64).values
    np.testing.assert_allclose(got, want, rtol=1e-11, atol=1e-13)


def test_an_embedding_and_one_hot_input_are_one_network() -> None:
    """With the embedding folded into the LSTM's input weights, the losses are equal: a fair pair of baselines."""
    data = tensors_of(TINY, invented(TINY))
    torch.manual_seed(0)
    embedded, one_hot = UsualDkt(TINY), UsualDkt(TINY, one_hot_input=True)
    weights = dict(embedded.state_dict())
    folded = weights["lstm.weight_ih_l0"] @ weights.pop("embedding.weight").t()
    one_hot.load_state_dict({**weights, "lstm.weight_ih_l0": folded})
    with torch.no_grad():
        a, b = (student_losses(model(data.token), data) for model in (embedded, one_hot))
    torch.testing.assert_close(a, b)


@pytest.mark.filterwarnings("ignore")  # Opacus and torch warn about each other's hooks
@pytest.mark.parametrize("one_hot_input", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_opacus_sums_what_the_loop_sums(mode: str, one_hot_input: bool) -> None:
    """Same weights, same students, a clip that bites: the whole sum has the same norm."""
    data = tensors_of(TINY, invented(TINY))
    plain = UsualDkt(TINY, one_hot_input=one_hot_input)
    theirs = UsualDkt(TINY, lstm=DPLSTM, one_hot_input=one_hot_input)
    mine = dict(plain.named_parameters())
    with torch.no_grad():
        for name, weight in theirs.named_parameters():
            weight.copy_(mine[_torch_name(name)])
    got = clipped_gradients(mode, theirs, data, clip_norm=0.3)()
    assert _norm(got) == pytest.approx(_norm(loop_step(plain, data, 0.3)()), rel=1e-4)


def _torch_name(name: str) -> str:
    """lstm.l0.ih.weight -> lstm.weight_ih_l0"""
    return re.sub(r"^lstm\.l0\.(ih|hh)\.(\w+)$", r"lstm.\2_\1_l0", name)


def _norm(tensors: list[torch.Tensor]) -> float:
    return float(torch.linalg.vector_norm(torch.cat([t.reshape(-1) for t in tensors])))


def test_every_step_is_measured_in_turn() -> None:
    """A tiny size runs the whole of it: libraries that are missing are named with the reason."""
    measured = measure(TINY, repeats=3, seed=1)
    assert {"dp_vs_torch", "dp_vs_own", "loop_vs_dp"} <= set(measured.ratios)
    for one in measured.ratios.values():
        assert 0 < one.lowest <= one.median <= one.highest
    assert set(measured.skipped) <= {"opacus", "pykt"}
    assert ("opacus" in measured.skipped) == ("opacus_vs_dp" not in measured.ratios)


def test_a_ratio_is_taken_repeat_by_repeat() -> None:
    """A slow second repeat hits both sides: (2/1, 30/10, 4/4) has median 2."""
    found = ratio({"a": [2.0, 30.0, 4.0], "b": [1.0, 10.0, 4.0]}, "a", "b")
    assert (found.median, found.lowest, found.highest) == (2.0, 1.0, 3.0)


def test_steps_take_turns_and_the_first_turn_is_not_counted() -> None:
    """The order moves on by one, so that nobody always follows the same neighbour."""
    calls: list[str] = []
    times = interleaved({name: lambda name=name: calls.append(name) for name in "abc"}, 2)
    assert "".join(calls) == "abcbcacab"
    assert {name: len(values) for name, values in times.items()} == {"a": 2, "b": 2, "c": 2}


def test_peak_memory_comes_from_a_fresh_process() -> None:
    """The smallest size of the benchmark: our step holds gates of 10 MB, so it rises by more than that."""
    assert 10_000_000 < memory.peak_bytes("dp", 0, 0) < 200_000_000


def test_em_and_the_loop_find_equal_parameters() -> None:
    """Invented answers: the speed of a different answer would be worth nothing."""
    result = measure_bkt(invented_log(20, seed=1, skills=4), 5, repeats=1)
    assert result["largest_difference"] < 1e-12
    assert result["loop_vs_em"] > 1


def test_numpy_predicts_what_torch_predicts() -> None:
    """Over 1,000 steps, within 1e-5 on logits."""
    result = measure_inference(6, 8, 1, repeats=3)
    assert result["torch_difference"] < 1e-5
    assert result["numpy_milliseconds"] > 0


def test_the_whole_stack_is_timed_by_length_of_history() -> None:
    """On a database, with one more answer at each turn; every skill of the built-in bank is asked about."""
    (short, long) = measure_stack(1, lengths=(0, 20), repeats=3)
    assert (short["answers"], long["answers"]) == (0, 20)
    assert short["skills"] == len(tables_of(built_in_bank()).skills)
    assert all(
        one[name] > 0 for one in (short, long) for name in ("stack_milliseconds", "history_read_milliseconds")
    )


def test_the_stack_that_is_timed_listens_to_all_its_parts() -> None:
    """A right answer to a skill moves its chance, and items differ: no part is left at zero."""
    tables = tables_of(built_in_bank())
    stack = stack_of(tables.skills, tables.speakers, seed=1)
    family = tables.speakers[0]
    before = stack.predict(History("s", ()), tables.speakers)
    after = stack.predict(History("s", (Interaction(family.id, family.skills, True),)), tables.speakers)
    assert (before != after).all()
    assert len(set(before.round(9))) > len(before) / 2


def test_without_the_log_answers_of_its_shape_are_invented(tmp_path: Path) -> None:
    """About as many students, skills and attempts as assist2009_dev."""
    histories, rows, source = read_histories(tmp_path / "missing.tsv.gz", 0)
    assert (len(histories), rows, source) == (2454, 108, "invented")
    assert 150_000 < sum(map(len, histories)) < 200_000


def test_the_report_has_plain_ratios_and_says_what_was_skipped() -> None:
    """Other programs read `sizes[].dp_vs_torch`; the table prints a skipped cell."""
    measured = measure(TINY, repeats=1, seed=1)
    measured.skipped.update(opacus="ModuleNotFoundError: no opacus")
    for name in [n for n in measured.ratios if n.startswith("opacus")]:
        del measured.ratios[name]
    entry = size_entry(TINY, measured, {"torch": 200, "own": 80, "dp": 100})
    assert entry["memory_vs_torch"] == 0.5
    assert isinstance(entry["dp_vs_torch"], float)
    assert entry["opacus_vs_dp"] == {"skipped": "ModuleNotFoundError: no opacus"}
    assert report(3, 1, sizes=[entry])["schema"] == "homeroom.speed/1"
    lines = table([entry])
    assert "skipped" in lines[1]
    assert max(map(len, lines)) <= 100


def test_a_module_that_cannot_be_imported_is_a_reason() -> None:
    """One line, fit for the report."""
    reason = importable("no_such_module_anywhere")
    assert isinstance(reason, str)
    assert reason.startswith("ModuleNotFoundError")


def test_a_library_that_fails_when_run_is_a_reason_too() -> None:
    """pyBKT 1.4 imports beside numpy 2.4, but its fit fails."""
    assert failure(lambda: None) is None
    assert failure(lambda: [][1]) == "IndexError: list index out of range"
