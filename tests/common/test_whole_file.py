"""Files that are there whole or not at all."""

from pathlib import Path

import pytest

from common.whole_file import write_whole


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    """No draft is left beside it."""
    path = tmp_path / "file.model"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_only_the_owner_reads_it_and_its_folder_is_made(tmp_path: Path) -> None:
    """A release or a masking record is nobody else's on the machine."""
    path = tmp_path / "new" / "folder" / "file.model"
    write_whole(path, b"one")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a full disk."""

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "file.model"
    write_whole(path, b"one")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"two")
    assert path.read_bytes() == b"one"
