"""The command line: what it takes, what it refuses, and the command that a report repeats."""

import pytest

from benchmarks.quality.options import parse


def test_a_run_over_the_log_s_own_schools() -> None:
    """Budgets are sorted and taken once; the command leaves out where the report goes."""
    options = parse(
        ["--data", "log.tsv", "--federate-by", "school", "--epsilon", "8", "3", "8", "--out", "x/y.json"]
    )
    assert (options.by_school, options.silos, options.epsilons) == (True, None, (3.0, 8.0))
    assert options.command == "python -m benchmarks.quality --data log.tsv --federate-by school --epsilon 8 3 8"


def test_silos_and_one_pot() -> None:
    """N silos by hash; without a word, everybody in one pot; the simulated consortium has schools of its own."""
    assert parse(["--data", "log.tsv", "--federate-by", "silos:40"]).silos == 40
    pot = parse(["--data", "log.tsv"])
    assert (pot.by_school, pot.silos) == (False, None)
    assert parse(["--simulated"]).by_school


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["--data", "log.tsv", "--simulated"],
        ["--data", "log.tsv", "--federate-by", "class"],
        ["--data", "log.tsv", "--federate-by", "silos:1"],
        ["--data", "log.tsv", "--epsilon", "0"],
        ["--data", "log.tsv", "--epsilon", "nan"],
    ],
)
def test_what_makes_no_sense_is_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With a sentence and the code for wrong usage."""
    with pytest.raises(SystemExit) as caught:
        parse(wrong)
    assert caught.value.code == 2
    assert "error:" in capsys.readouterr().err
