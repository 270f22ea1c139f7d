"""The demo says which setting is wrong before it starts anything."""

from pathlib import Path

import pytest

from common.errors import ErrorCode, FixSettings
from deploy.demo.settings import read_settings


def test_without_settings_it_simulates_five_schools_and_serves() -> None:
    """The defaults."""
    settings = read_settings({})
    assert (settings.schools, settings.data, settings.serve) == (5, None, True)


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    """As `make demo` passes them on; an empty value means the default."""
    log = tmp_path / "log.tsv"
    log.write_text("x")
    settings = read_settings({"SCHOOLS": "8", "DATA": str(log), "SERVE": "0", "PORT": "", "DEMO_REPORT": "r.json"})
    assert (settings.schools, settings.data, settings.serve) == (8, log.resolve(), False)
    assert settings.report.name == "r.json"


@pytest.mark.parametrize(
    ("name", "value"), [("SCHOOLS", "2"), ("SCHOOLS", "many"), ("SERVE", "yes"), ("PORT", "80")]
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    """With what to give instead."""
    with pytest.raises(FixSettings, match=name):
        read_settings({name: value})


def test_a_missing_file_is_named() -> None:
    """Before anything starts."""
    with pytest.raises(FixSettings) as caught:
        read_settings({"DATA": "nowhere.tsv.gz"})
    assert caught.value.code is ErrorCode.FILE_MISSING
    assert "nowhere.tsv.gz" in caught.value.sentence


@pytest.mark.parametrize("report", ["no/such/folder/report.json", "."])
def test_a_report_that_could_not_be_written_is_named(tmp_path: Path, report: str) -> None:
    """At the start, not after the campaign."""
    with pytest.raises(FixSettings, match="DEMO_REPORT") as caught:
        read_settings({"DEMO_REPORT": str(tmp_path / report)})
    assert caught.value.code is ErrorCode.FILE_MISSING
