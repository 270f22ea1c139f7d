"""Settings are read once, whole, and refused with the name of what is wrong."""

from pathlib import Path

import pytest

from common.errors import FixSettings
from server.settings import CoordinatorFolder, Settings, read_settings, write_settings
from tests.support.coordinators import settings


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Also a name with quotes' neighbours and a number with a point."""
    folder = CoordinatorFolder(tmp_path)
    chosen = settings(consortium="Vallée - 2", port=9443, poll_seconds=0.25)
    write_settings(folder, chosen)
    assert read_settings(folder) == chosen


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('consortium = "A"', "public_url"),
        ('consortium = "A"\npublic_url = "http://x"', "public_url"),
        ('consortium = "A"\npublic_url = "https://x/console"', "public_url"),
        ('consortium = "A"\npublic_url = "https://x"\nport = 70000', "port"),
        ('consortium = "A"\npublic_url = "https://x"\nporrt = 1', "porrt"),
        ("consortium = ", "isn't valid TOML"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, text: str, sentence: str) -> None:
    """The sentence says which key."""
    (tmp_path / "coordinator.toml").write_text(text)
    with pytest.raises(FixSettings, match=sentence):
        read_settings(CoordinatorFolder(tmp_path))


def test_a_missing_coordinator_says_how_to_make_one(tmp_path: Path) -> None:
    """The next command is in the sentence."""
    with pytest.raises(FixSettings, match="homeroom-coordinator init"):
        read_settings(CoordinatorFolder(tmp_path))


def test_settings_are_never_overwritten(tmp_path: Path) -> None:
    """An operator's file stays."""
    write_settings(CoordinatorFolder(tmp_path), settings())
    with pytest.raises(FixSettings, match="exists already"):
        write_settings(CoordinatorFolder(tmp_path), settings(port=1234))
    assert read_settings(CoordinatorFolder(tmp_path)).port == 8443


def test_the_public_name_is_the_address_s_host() -> None:
    """What the certificate has to name."""
    assert settings(public_url="https://hub.example:8443/").public_name == "hub.example"
    assert Settings(consortium="A", public_url="https://10.1.2.3").public_name == "10.1.2.3"
