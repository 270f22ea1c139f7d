"""The ledger's rows: any change to any byte breaks the chain, and reading needs only the file."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.canonical import canonical_json, sha256_hex
from common.errors import Corrupt, ErrorCode
from common.privacy.ledger_rows import FIRST_PREVIOUS, Entry, charges_of, parse_rows, read_rows, row_hash, row_line
from common.privacy.terms import Event


def chain(*kinds: str) -> list[Entry]:
    """Rows of these kinds, numbered and chained."""
    rows: list[Entry] = []
    for seq, kind in enumerate(kinds, start=1):
        row = Entry(
            seq=seq, at="2026-09-01T08:00:00+00:00", kind=kind, campaign="c" * 64, round=seq, ctx="d" * 64,
            noise_multiplier=1.5, sampling_rate=0.25, honest_schools=4, delta=1e-5, epsilon_after=0.5 * seq,
            epsilon_alone_after=1.0 * seq, state="charged", previous=rows[-1].hash if rows else FIRST_PREVIOUS,
            own_honest_schools=4, round_kind="train", cohorts=("2025/26", "2026/27"), salt="5a",
        )  # fmt: skip
        rows.append(replace(row, hash=row_hash(row)))
    return rows


def lines(rows: list[Entry]) -> bytes:
    """The file that holds these rows."""
    return b"".join(map(row_line, rows))


ROWS = chain("charge", "state", "charge")
DATA = lines(ROWS)


def test_rows_come_back_and_charges_are_those_that_cost() -> None:
    """States cost nothing."""
    assert list(parse_rows(DATA)) == ROWS
    assert charges_of(ROWS) == [ROWS[0], ROWS[2]]
    assert (ROWS[0].event, ROWS[0].event_alone) == (Event(1.5, 0.25), Event(0.75, 0.25))


def test_a_person_can_read_a_row() -> None:
    """One JSON object a line, nothing about a student in it."""
    assert set(json.loads(DATA.splitlines()[0])) == {
        "at", "campaign", "cohorts", "ctx", "delta", "epsilon_after", "epsilon_alone_after", "hash",
        "honest_schools", "kind", "margin", "noise_multiplier", "own_honest_schools", "previous", "round",
        "round_kind", "salt", "sampling_rate", "seq", "state",
    }  # fmt: skip


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_any_changed_byte_is_noticed(position: int, change: int) -> None:
    """Either as damage, or, in the last newline, as a line that was never finished."""
    damaged = bytearray(DATA)
    damaged[position] ^= change
    if position == len(DATA) - 1:
        assert list(parse_rows(bytes(damaged))) == ROWS[:2]
        return
    with pytest.raises(Corrupt) as broken:
        parse_rows(bytes(damaged))
    assert broken.value.code == ErrorCode.LEDGER_BROKEN


@given(st.integers(0, len(DATA)))
def test_a_file_that_was_cut_holds_its_finished_lines(size: int) -> None:
    """A cut is a power loss during the last write; every line before it stands."""
    assert list(parse_rows(DATA[:size])) == ROWS[: DATA[:size].count(b"\n")]


@pytest.mark.parametrize("order", [(1, 2), (0, 2), (0, 0), (0, 2, 1), (2,)], ids=str)
def test_missing_doubled_and_swapped_rows_are_noticed(order: tuple[int, ...]) -> None:
    """Each row follows from the one before."""
    with pytest.raises(Corrupt, match="Line"):
        parse_rows(lines([ROWS[n] for n in order]))


@pytest.mark.parametrize(
    "change",
    [
        {"round": 2.0},
        {"honest_schools": 0},
        {"noise_multiplier": -1.0},
        {"sampling_rate": 2.0},
        {"seq": True},
        {"own_honest_schools": 0},
        {"own_honest_schools": 5},
        {"cohorts": ()},
        {"cohorts": ("2026/27", "2025/26")},
        {"cohorts": ("2026/27", "2026/27")},
        {"cohorts": (7,)},
    ],
    ids=str,
)
def test_a_row_with_impossible_figures_is_damage_even_if_its_hash_fits(change: dict[str, object]) -> None:
    """The accountant never sees such figures."""
    row = replace(ROWS[0], **change, hash="")  # type: ignore[arg-type]
    with pytest.raises(Corrupt, match="Line 1"):
        parse_rows(row_line(replace(row, hash=row_hash(row))))


def test_a_school_may_rely_on_fewer_schools_than_the_plan() -> None:
    """Its own share is larger then, and that is what protects if all others collude."""
    row = replace(ROWS[0], own_honest_schools=1)
    assert (row.event, row.event_alone) == (Event(1.5, 0.25), Event(1.5, 0.25))


def test_a_row_of_the_first_format_is_read_as_it_was_written_and_concerns_every_cohort() -> None:
    """Before cohorts were kept a charge was the whole school's: an upgrade forgets nothing of it."""
    line = (
        b'{"at":"2026-03-01T08:00:00+00:00","campaign":"c","ctx":"x","delta":1e-05,"epsilon_after":0.5,'
        b'"epsilon_alone_after":1.0,"hash":"%s","honest_schools":4,"kind":"charge","noise_multiplier":1.5,'
        b'"previous":"%s","round":1,"sampling_rate":0.25,"seq":1,"state":"charged"}'
    )
    unsigned = line.replace(b'"hash":"%s",', b"") % FIRST_PREVIOUS.encode()
    data = line % (sha256_hex(unsigned).encode(), FIRST_PREVIOUS.encode()) + b"\n"
    (row,) = parse_rows(data)
    assert row_line(row) == data
    assert (row.event_alone, row.cohorts, row.margin) == (Event(0.75, 0.25), (), -1)
    assert row.concerns("2026/27")
    assert row.concerns("2031/32")
    assert not ROWS[0].concerns("2031/32")
    with pytest.raises(Corrupt, match="Line 1"):
        parse_rows(data.replace(b'"round":1', b'"round":2'))


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b"7", canonical_json({"seq": 1})], ids=str)
def test_a_line_that_isnt_a_row_is_damage(line: bytes) -> None:
    """An empty line too."""
    with pytest.raises(Corrupt, match="Line 1"):
        parse_rows(line + b"\n")


def test_no_file_means_no_rows(tmp_path: Path) -> None:
    """A school that never trained has an empty privacy page, not an error."""
    assert read_rows(tmp_path / "ledger.jsonl") == ()
    (tmp_path / "ledger.jsonl").write_bytes(DATA + b'{"unfin')
    assert list(read_rows(tmp_path / "ledger.jsonl")) == ROWS
