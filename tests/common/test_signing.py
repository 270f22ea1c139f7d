"""Signatures are bound to a key and a purpose; key files are private."""

import stat
from pathlib import Path

import pytest

from common.errors import FixSettings, Refused
from common.signing import fingerprint, is_signed, load_identity, new_identity, save_identity, verify


def test_a_signature_holds_for_its_key_purpose_and_data_only() -> None:
    """Change any of the three and it is refused."""
    identity, other = new_identity(), new_identity()
    signature = identity.sign("plan", b"data")
    verify(identity.public_key, "plan", b"data", signature=signature)
    assert is_signed(identity.public_key, "plan", b"data", signature=signature)
    for key, purpose, data in (
        (other.public_key, "plan", b"data"),
        (identity.public_key, "release", b"data"),
        (identity.public_key, "plan", b"datum"),
        ("not hexadecimal", "plan", b"data"),
    ):
        with pytest.raises(Refused):
            verify(key, purpose, data, signature=signature)
        assert not is_signed(key, purpose, data, signature=signature)


def test_a_saved_key_signs_as_before_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """Mode 0600, and never overwritten."""
    identity, path = new_identity(), tmp_path / "identity.key"
    save_identity(identity, path)
    assert load_identity(path).public_key == identity.public_key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        save_identity(new_identity(), path)


def test_a_missing_or_wrong_key_file_is_a_sentence(tmp_path: Path) -> None:
    """It names the file."""
    with pytest.raises(FixSettings, match="missing"):
        load_identity(tmp_path / "identity.key")
    (tmp_path / "wrong.key").write_text("hello")
    with pytest.raises(FixSettings, match="doesn't hold a key"):
        load_identity(tmp_path / "wrong.key")


def test_a_fingerprint_can_be_read_aloud() -> None:
    """Eight groups of four."""
    assert fingerprint("0123456789abcdef" * 4) == "0123 4567 89ab cdef 0123 4567 89ab cdef"
