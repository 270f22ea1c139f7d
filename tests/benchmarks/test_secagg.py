"""The masking benchmark plays real rounds: the sum that it times opens, and targets can be missed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.secagg import Measured, main, measure, missed, table
from benchmarks.secagg_rounds import MaskedRound, mask_school, second_round, set_up, unmask_school
from common.privacy.secagg import relay
from common.privacy.secagg.state import HolderState


@pytest.fixture(scope="module")
def played() -> MaskedRound:
    """Ten schools, one silent in each trip."""
    return second_round(set_up(10), 40, timed=3)


def test_a_tenth_is_silent_in_each_trip(played: MaskedRound) -> None:
    """And the coordinator takes away one stream a survivor and one for each pair with a silent school."""
    assert len(played.masked) == 9
    assert len(played.unmasks) == 8
    assert played.streams == 18
    assert list(played.received) == [2, 3, 4]


def test_the_sum_that_is_timed_opens(played: MaskedRound) -> None:
    """To the noised sums of nine schools: within ten standard deviations of what they put in."""
    opened = relay.open_attempt(
        played.campaign.terms, played.attempt, masked=played.masked, unmasks=played.unmasks, deals=played.deals
    )
    # Sums of 30 units and noise of 16, nine times: 102 units in all.
    assert 30 < opened.total.std() < 300


def test_what_a_school_is_timed_on_is_its_whole_round(played: MaskedRound) -> None:
    """With evidence, from its record at rest; and it can be repeated."""
    received = played.received[2]
    assert received.evidence
    for _ in range(2):
        after, masked = mask_school(played.campaign, played.attempt, 2, received=received)
        relay.admit_masked(played.campaign.terms, played.attempt, masked)
        assert HolderState.from_bytes(after).last == 2
        survivors = played.survivors.to_bytes()
        _, _, deals = unmask_school(played.campaign, 2, played.waiting[2], survivors=survivors)
        assert {deal.number for deal in deals} == {4}


@pytest.fixture(scope="module")
def row() -> Measured:
    """Five schools, as fast as it goes."""
    return measure(5, 40, repeats=2)


def test_a_measurement_fills_every_figure(row: Measured) -> None:
    """Medians of positive numbers."""
    assert (row.members, row.honest_floor, row.silent_each_trip) == (5, 3, 0)
    assert row.school_vs_aes > 0
    assert row.finish_seconds > 0
    # The vector, one share a member, one deal a member, and what is around them.
    assert row.school_upload_bytes > 40 * 3 + 5 * 33 + 5 * 242 - 82
    assert "| 5 | 0 |" in table([row])


def test_a_missed_target_is_named(row: Measured) -> None:
    """Only figures above their target."""
    assert missed(replace(row, finish_seconds=1.5, school_cpu_seconds=0.1)) == {"finish_seconds": 1.5}
    assert missed(row) == {}


def test_the_report_holds_the_largest_campaign_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its figures at the top, all of them in rows."""
    out = tmp_path / "report.json"
    main(["--out", str(out), "--members", "4", "3", "--coordinates", "20", "--repeats", "1"])
    report = json.loads(out.read_text())
    assert (report["schema"], report["members"]) == ("homeroom.secagg/1", 4)
    assert report["command"] == "python -m benchmarks.secagg --members 3 4 --coordinates 20 --repeats 1"
    assert [row["members"] for row in report["rows"]] == [3, 4]
    assert {"school_cpu_seconds", "school_upload_bytes", "finish_seconds", "finish_vs_aes"} <= set(report)
    assert "met" in capsys.readouterr().out
