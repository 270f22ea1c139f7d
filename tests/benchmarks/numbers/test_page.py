"""The page: a section is replaced whole by its reports, everything else stays, and every figure is a report's."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.numbers.__main__ import main
from benchmarks.numbers.page import Section, with_sections
from common.errors import Corrupt

GROUPS = ("pooled", "mean", "small", "worst_tenth", "new", "new_mean")


def row(entry: str, auc: float, budget: float | None = None) -> dict[str, Any]:
    """One result whose groups are all alike."""
    model, regime, noise = entry.split("/")
    return {
        "entry": entry,
        "model": model,
        "regime": regime,
        "private": budget is not None,
        "noise": noise.partition("-")[0],
        "budget": budget,
        "epsilon_spent": None if budget is None else 2.99,
        "auc": dict.fromkeys(GROUPS, auc),
        "log_loss": dict.fromkeys(GROUPS, 0.5),
        "ece": dict.fromkeys(GROUPS, 0.012),
    }


def quality(seed: int, auc: float) -> dict[str, Any]:
    """A report of two rungs, as `benchmarks.quality` writes it."""
    local, served = "lr/local/none", "stack/federated_personal/none"
    private = "lr/federated_personal/shares-3"
    kept = {"model": "lr", "label": "shares-3", "group": "mean"}
    pair = {"better": served, "than": local, "metric": "auc", "group": "mean"}
    flips = {"lr": {"flips": 60, "leaks": 0, "passed": True}}
    alarm = {"honest_auc": 0.73, "expanded_auc": 0.80, "threshold": 0.05, "tripped": True}
    schools = [{"school": "oak", "new": False, "training_rows": 900, "scored_students": 9}]
    return {
        "schema": "homeroom.quality/1",
        "command": f"python -m benchmarks.quality --data log.tsv --seed {seed}",
        "seed": seed,
        "date": "2026-11-24",
        "machine": {"cores": 2, "architecture": "x86_64"},
        "data": {"name": "log.tsv", "rows": 1234, "students": 56},
        "split": {"counts": {"members": 1}, "new_schools": ["elm"], "schools": schools},
        "results": [row(local, auc - 0.02), row(served, auc), row(private, auc - 0.01, budget=3.0)],
        "paired": [{**pair, "difference": 0.02, "low": 0.01 - seed / 1000, "high": 0.03}],
        "gain_kept": [{**kept, "without_privacy": 0.02, "with_privacy": 0.01, "kept": 0.5}],
        "gates": [],
        "positions": [{"entry": local, "from": 2, "to": 5, "n": 9, "auc": 0.71, "log_loss": 0.5}],
        "reliability": [{"entry": local, "bin": 7, "n": 9, "predicted": 0.5, "right": 0.52}],
        "schools": [{"entry": entry, "school": "oak", "auc": 0.7} for entry in (local, served)],
        "conformal": [{"entry": local, "n": 9, "coverage": 0.901, "decided": 0.61, "accuracy_decided": 0.83}],
        "leakage": {"answer_flip": flips, "expansion_alarm": alarm, "loader": "Nothing was read from x: line 3"},
    }


def written(folder: Path, *reports: dict[str, Any]) -> list[str]:
    """Report files."""
    paths = [folder / f"{n}.json" for n in range(len(reports))]
    for path, report in zip(paths, reports, strict=True):
        path.write_text(json.dumps(report))
    return [str(path) for path in paths]


def test_figures_are_means_over_the_seeds_with_their_origin(tmp_path: Path) -> None:
    """By hand: .78 and .80 are .79; the interval reaches as far as the widest; half of the gain is kept."""
    page = tmp_path / "numbers.md"
    page.write_text("# Numbers\n\nOld words.\n")
    reports = written(tmp_path, quality(0, 0.78), quality(1, 0.80))
    assert main([*reports, "--page", str(page)]) == 0
    text = page.read_text()
    assert text.startswith("# Numbers\n\nOld words.\n")
    assert "| stack | federated_personal | .7900 | .7900 |" in text
    assert "| lr | federated_personal, shares-3 | .7800 |" in text
    assert "At epsilon 3 (spent: at most 2.990)" in text
    assert "| lr | shares-3 | mean | +.0200 | +.0100 | 50% |" in text
    assert "| +.0200 | +.009 to +.030 |" in text
    assert "| oak | member | 900 | .7000 | .7000 | - |" in text
    assert "| lr/local/none | .500 / .520 |" in text
    assert "The loader refused such a file in 2." in text
    assert "120 answers flipped, over all models; 0 earlier predictions moved" in text
    assert "`python -m benchmarks.quality --data log.tsv --seed 1`; 2026-11-24; CPU, 2 shared cores" in text
    for kind in ("epsilon", "school-size", "position", "reliability"):
        assert f"(plots/log-{kind}.svg)" in text
        assert (tmp_path / "plots" / f"log-{kind}.svg").exists()


def test_a_second_run_replaces_its_section_and_no_other(tmp_path: Path) -> None:
    """The same command twice gives the same page."""
    page = tmp_path / "numbers.md"
    page.write_text(
        with_sections("# Numbers\n", [Section("quality", "old"), Section("speed", "## Speed\n\nkept")])
    )
    other = {**quality(0, 0.60), "data": {**quality(0, 0.60)["data"], "name": "second.tsv"}}
    main([*written(tmp_path, other), "--page", str(page)])
    reports = written(tmp_path, quality(0, 0.78))
    main([*reports, "--page", str(page)])
    once = page.read_text()
    main([*reports, "--page", str(page)])
    assert page.read_text() == once
    assert "old" not in once
    assert once.count("## Prediction") == 1
    assert "### second.tsv" in once
    assert "## Speed\n\nkept" in once


def test_speed_and_other_reports_get_their_sections(tmp_path: Path) -> None:
    """Ratios with their spread, what was skipped as skipped; others as the tables they hold."""
    page = tmp_path / "numbers.md"
    page.write_text("# Numbers\n")
    size = {"students": 64, "steps": 100, "skills": 123, "hidden": 100, "dp_vs_torch": 0.52, "dp_vs_own": 1.2}
    size |= {"opacus_vs_dp": {"skipped": "not installed"}, "memory_vs_torch": 0.6}
    size |= {"spreads": {"dp_vs_torch": [0.5, 0.55]}}
    speed: dict[str, Any] = {
        "schema": "homeroom.speed/1",
        "command": "python -m benchmarks.speed",
        "sizes": [size],
    }
    speed["bkt"] = {"data": "log.tsv", "iterations": 25, "em_seconds": 0.456, "loop_vs_em": 123.4}
    speed["bkt"]["pybkt_vs_em"] = {"skipped": "ValueError: not with this numpy"}
    speed["inference"] = {"numpy_milliseconds": 0.0261, "torch_difference": 1.5e-6, "steps_compared": 1000}
    speed["inference"]["stack"] = [{"answers": 1000, "skills": 61, "stack_milliseconds": 0.4321}]
    rows = [{"policy": "random", "gain": 4.512345, "worlds": [1, 2]}]
    practice = {"schema": "homeroom.practice/1", "command": "python -m benchmarks.practice", "policies": rows}
    assert main([*written(tmp_path, speed, practice), "--page", str(page)]) == 0
    text = page.read_text()
    assert "| 64, 100, 123, 100 | 0.52 (0.50 to 0.55) | 1.20 | skipped | 0.60 |" in text
    assert "BKT by EM for every skill of log.tsv, 25 iterations | 0.46 s |" in text
    assert "equal parameters | 123 |" in text
    assert "| pyBKT / EM | doesn't run: ValueError: not with this numpy |" in text
    assert "over 61 skills, after 1,000 answers | 0.432 ms |" in text
    assert "1,000 steps | 1.5e-06 |" in text
    assert "| random | 4.512 |" in text


def test_masking_shows_its_ratios_and_the_targets_it_misses(tmp_path: Path) -> None:
    """Beside AES over the same bytes, so that the figures travel to another machine."""
    page = tmp_path / "numbers.md"
    page.write_text("# Numbers\n")
    row = {"members": 200, "silent_each_trip": 20, "school_cpu_seconds": 0.1204, "school_vs_aes": 13.04}
    row |= {"school_upload_bytes": 283_900, "finish_seconds": 1.25, "finish_vs_aes": 3.1, "replay_seconds": 1.2}
    row |= {"finish_cpu_seconds": 1.104}
    report = {
        "schema": "homeroom.secagg/1",
        "command": "python -m benchmarks.secagg --members 200",
        "coordinates": 75_000,
        "targets": {"school_cpu_seconds": 0.15, "finish_seconds": 1.0},
        "missed": {"finish_seconds": 1.25},
        "rows": [row],
    }
    assert main([*written(tmp_path, report), "--page", str(page)]) == 0
    text = page.read_text()
    assert "| 200 | 20 | 0.120, 13.0 x | 283.9 | 1.250, 3.1 x | 1.104 | 1.200 |" in text
    assert "(school cpu seconds 0.15, finish seconds 1): missed in finish seconds" in text
    assert "`python -m benchmarks.secagg --members 200`" in text


def test_a_report_of_no_known_kind_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page stays as it was."""
    page = tmp_path / "numbers.md"
    page.write_text("# Numbers\n")
    assert main([*written(tmp_path, {"schema": "somebody.else/9"}), "--page", str(page)]) == 2
    assert "somebody.else/9 has no section" in capsys.readouterr().err
    assert page.read_text() == "# Numbers\n"


def test_a_page_with_half_a_pair_of_markers_is_refused() -> None:
    """Rather than writing the section twice."""
    with pytest.raises(Corrupt):
        with_sections("<!-- from reports: quality -->\n", [Section("quality", "text")])
