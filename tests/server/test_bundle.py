"""The Flower bundle: the same bytes from the same files, and no code in it."""

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from common.canonical import sha256_hex
from common.errors import ErrorCode, FixSettings
from server.bundle import BUNDLE_SOURCE, Bundle, build_bundle


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """The real one."""
    return build_bundle()


def _files(bundle: Bundle) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_digest_is_that_of_the_bytes(bundle: Bundle) -> None:
    """What a school computes from what it receives."""
    assert bundle.digest == sha256_hex(bundle.content)


def test_the_same_files_give_the_same_digest(bundle: Bundle, tmp_path: Path) -> None:
    """From another folder, at another time: an administrator's approval outlives a reinstallation."""
    copy = tmp_path / "elsewhere"
    shutil.copytree(BUNDLE_SOURCE, copy)
    assert build_bundle(copy).digest == bundle.digest


def test_one_byte_changed_gives_another_digest(bundle: Bundle, tmp_path: Path) -> None:
    """So a school that approved one bundle hasn't approved another."""
    copy = tmp_path / "changed"
    shutil.copytree(BUNDLE_SOURCE, copy)
    page = copy / "README.md"
    page.write_bytes(page.read_bytes().replace(b"carries", b"carriez", 1))
    assert build_bundle(copy).digest != bundle.digest


def test_the_bundle_holds_settings_and_one_page(bundle: Bundle) -> None:
    """Flower puts a bundle first on the search path: code in here could replace a school's privacy code."""
    assert set(_files(bundle)) == {"pyproject.toml", "README.md", ".info/CONTENT"}


def test_the_bundle_names_the_installed_edges(bundle: Bundle) -> None:
    """And the one key that a run may set."""
    text = _files(bundle)["pyproject.toml"].decode()
    assert 'serverapp = "server.flower_app:app"' in text
    assert 'clientapp = "client.federation.flower_app:app"' in text
    assert 'plan-id = ""' in text


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The wheel carries the folder; without it the installation is broken."""
    with pytest.raises(FixSettings, match="missing") as caught:
        build_bundle(tmp_path)
    assert caught.value.code is ErrorCode.FILE_MISSING


def test_settings_that_flower_refuses_are_reported(tmp_path: Path) -> None:
    """In Flower's words, cut short."""
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    with pytest.raises(FixSettings, match="refuses the bundle") as caught:
        build_bundle(tmp_path)
    assert caught.value.code is ErrorCode.FLOWER_FAILED
