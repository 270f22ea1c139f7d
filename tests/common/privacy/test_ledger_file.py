"""The ledger's file: one holder, flushed before it answers, and whole again after any cut."""

import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from common.errors import Corrupt, ErrorCode, RetryLater
from common.privacy.ledger_file import LedgerFile


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The system cuts any write beyond `size` bytes, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_lines_come_back(tmp_path: Path) -> None:
    """Also in a second life."""
    path = tmp_path / "ledger"
    for number in range(3):
        file = LedgerFile(path)
        assert file.read() == b"".join(b"%d\n" % n for n in range(number))
        file.append(b"%d\n" % number)
        file.close()


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Nobody else on the server reads how often a school took part."""
    file = LedgerFile(tmp_path / "ledger")
    file.append(b"a\n")
    file.close()
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_a_new_ledger_flushes_the_line_and_then_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the folder, a power cut could lose the whole file; later lines need the file only."""
    flushed: list[int] = []
    flush = os.fsync

    def recording(descriptor: int) -> None:
        flush(descriptor)
        flushed.append(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", recording)
    file = LedgerFile(tmp_path / "ledger")
    file.append(b"a\n")
    inode = (tmp_path / "ledger").stat().st_ino
    assert flushed == [inode, tmp_path.stat().st_ino]
    file.append(b"b\n")
    assert flushed[2:] == [inode]
    file.close()


@pytest.mark.parametrize("kept", range(7))
def test_a_cut_last_line_is_dropped_from_the_disk(tmp_path: Path, kept: int) -> None:
    """Wherever the power went: without its newline nobody was told of it, not even if it looks complete."""
    path = tmp_path / "ledger"
    path.write_bytes(b"first\n" + b"second"[:kept])
    file = LedgerFile(path)
    assert file.read() == b"first\n"
    assert path.read_bytes() == b"first\n"
    file.append(b"third\n")
    file.close()
    assert path.read_bytes() == b"first\nthird\n"


def test_a_second_holder_is_told_to_wait(tmp_path: Path) -> None:
    """Until the first lets go."""
    first = LedgerFile(tmp_path / "ledger")
    with pytest.raises(RetryLater, match="Another process") as held:
        LedgerFile(tmp_path / "ledger")
    assert held.value.code == ErrorCode.LEDGER_UNWRITABLE
    first.close()
    first.close()
    LedgerFile(tmp_path / "ledger").close()


def test_a_closed_ledger_takes_no_line(tmp_path: Path) -> None:
    """The lock is gone, so another process may be writing."""
    file = LedgerFile(tmp_path / "ledger")
    file.close()
    with pytest.raises(RetryLater, match="closed"):
        file.append(b"a\n")
    assert not (tmp_path / "ledger").exists()


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    """With the code that leads to its page."""
    with pytest.raises(RetryLater) as missing:
        LedgerFile(tmp_path / "nowhere" / "ledger")
    assert missing.value.code == ErrorCode.LEDGER_UNWRITABLE


def test_a_full_disk_raises_and_leaves_no_half_line_behind(tmp_path: Path) -> None:
    """The cut line disappears at the next read, and the ledger works again when there is room."""
    path = tmp_path / "ledger"
    file = LedgerFile(path)
    file.append(b"first\n")
    with files_of_at_most(9), pytest.raises(OSError, match="3 of 7"):
        file.append(b"second\n")
    assert path.read_bytes() == b"first\nsec"
    assert file.read() == b"first\n"
    file.append(b"third\n")
    assert path.read_bytes() == b"first\nthird\n"
    file.close()


def test_another_programs_change_is_noticed(tmp_path: Path) -> None:
    """A longer file, a shorter one, none at all."""
    path = tmp_path / "ledger"
    file = LedgerFile(path)
    file.append(b"first\n")
    for content in (b"first\nforeign\n", b""):
        path.write_bytes(content)
        with pytest.raises(Corrupt, match="Another program"):
            file.append(b"second\n")
    path.unlink()
    with pytest.raises(Corrupt, match="vanished"):
        file.append(b"second\n")
    file.close()
