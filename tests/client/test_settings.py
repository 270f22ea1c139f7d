"""Settings: a folder only its owner reads, and a file in which a typing error is found at once."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from client.settings import (
    SCHOOL_KEY_BYTES,
    PolicySettings,
    SchoolFolder,
    Settings,
    create_folder,
    load_school_key,
    load_settings,
    zone,
)
from common.errors import ErrorCode, FixSettings


@pytest.fixture
def folder(tmp_path: Path) -> SchoolFolder:
    """A fresh school."""
    return create_folder(tmp_path / "school", school="Oak Street School")


def test_a_new_folder_is_its_owner_s_alone(folder: SchoolFolder) -> None:
    """0700 for folders, 0600 for files."""
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.releases.stat().st_mode) == 0o700
    files = [path for path in folder.path.iterdir() if path.is_file()]
    assert {path.name for path in files} == {"school.toml", "vault.key", "split.key"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_new_folder_loads_with_its_defaults(folder: SchoolFolder) -> None:
    """SQLite in the folder, pages on this machine only, the caps of the privacy policy."""
    settings = load_settings(folder)
    assert settings.school == "Oak Street School"
    assert settings.database_url == f"sqlite:///{folder.path}/school.db"
    assert settings.web.host == "127.0.0.1"
    assert settings.policy == PolicySettings()
    policy = settings.policy
    assert (policy.epsilon_year, policy.epsilon_lifetime) == (3.0, 8.0)
    assert (policy.epsilon_alone_year, policy.epsilon_alone_lifetime, policy.epsilon_round) == (20.0, 60.0, 4.0)
    assert (policy.minimum_cohort, policy.own_honest_schools, policy.minimum_consenting_students) == (
        None,
        None,
        20,
    )
    assert (policy.training_hours, policy.time_zone, policy.clock_tolerance_seconds) == ((), "UTC", 300)


def test_every_file_of_a_school_lies_in_its_folder(tmp_path: Path) -> None:
    """No two names for one file."""
    folder = SchoolFolder(tmp_path)
    names = [name for name, value in vars(SchoolFolder).items() if isinstance(value, property)]
    paths = [getattr(folder, name) for name in names]
    assert len(set(paths)) == len(paths) == 20
    assert {path.parent for path in paths} == {tmp_path, folder.certificates}


def test_a_folder_that_holds_a_school_is_kept(folder: SchoolFolder) -> None:
    """Its keys would be lost, and with them the names."""
    key = folder.vault_key.read_bytes()
    with pytest.raises(FixSettings) as refused:
        create_folder(folder.path, school="Another School")
    assert refused.value.code is ErrorCode.BAD_SETTINGS
    assert folder.vault_key.read_bytes() == key


def test_a_set_up_that_was_cut_off_can_be_repeated(folder: SchoolFolder) -> None:
    """The settings are written last; keys that are there already stay."""
    key = folder.vault_key.read_bytes()
    folder.settings.unlink()
    create_folder(folder.path, school="Oak Street School")
    assert folder.vault_key.read_bytes() == key
    assert load_settings(folder).school == "Oak Street School"


def test_two_schools_have_different_keys(tmp_path: Path, folder: SchoolFolder) -> None:
    """32 random bytes each, and the two keys of a school differ too."""
    other = create_folder(tmp_path / "other", school="Elm Street")
    keys = [load_school_key(path) for f in (folder, other) for path in (f.vault_key, f.split_key)]
    assert len(set(keys)) == 4
    assert {len(key) for key in keys} == {SCHOOL_KEY_BYTES}


@pytest.mark.parametrize("school", ["", "x" * 81, 'a"b', "a\nb", "<b>"])
def test_a_school_needs_a_plain_name(tmp_path: Path, school: str) -> None:
    """The same rule as in a signed plan; nothing is left behind."""
    with pytest.raises(FixSettings, match="school"):
        create_folder(tmp_path / "school", school=school)
    assert not (tmp_path / "school").exists()


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("colour = 'blue'", "colour"),
        ("[policy]\nepsilon_livetime = 8.0", r"policy\.epsilon_livetime"),
        ("[policy]\nepsilon_lifetime = -1.0", r"policy\.epsilon_lifetime"),
        ("[policy]\nepsilon_lifetime = inf", r"policy\.epsilon_lifetime"),
        ("[policy]\nepsilon_lifetime = nan", r"policy\.epsilon_lifetime"),
        ("[policy]\nminimum_cohort = 2.5", r"policy\.minimum_cohort"),
        ("[policy]\nminimum_cohort = true", r"policy\.minimum_cohort"),
        ("[policy]\nown_honest_schools = 0", r"policy\.own_honest_schools"),
        ("[policy]\ntraining_hours = '18:00-06:00'", r"policy\.training_hours"),
        ("[policy]\ntraining_hours = ['18-06']", r"policy\.training_hours"),
        ("[policy]\ntraining_hours = ['24:00-06:00']", r"policy\.training_hours"),
        ("[policy]\ntraining_hours = ['18:00-24:01']", r"policy\.training_hours"),
        ("[policy]\ntime_zone = 'Europe/Springfield'", r"policy\.time_zone"),
        ("[policy]\ntime_zone = '../etc/passwd'", r"policy\.time_zone"),
        ("[policy]\ntime_zone = 'Europe'", r"policy\.time_zone"),
        ("[policy]\nclock_tolerance_seconds = 0", r"policy\.clock_tolerance_seconds"),
        ("[policy]\nshare_std_units_min = 1.0", r"policy\.share_std_units_min"),
        ("[web]\nport = 70000", r"web\.port"),
        ("[web]\nport = '8420'", r"web\.port"),
        ("[printer]", "printer"),
    ],
)
def test_a_setting_that_can_t_be_meant_is_named(folder: SchoolFolder, line: str, named: str) -> None:
    """Unknown keys, wrong types and values out of range, with the table and the key."""
    folder.settings.write_text(f'school = "Oak Street"\n{line}\n')
    with pytest.raises(FixSettings, match=named) as refused:
        load_settings(folder)
    assert refused.value.code is ErrorCode.BAD_SETTINGS


def test_settings_are_taken_from_the_file(folder: SchoolFolder) -> None:
    """A whole number stands for a figure as well."""
    folder.settings.write_text(
        'school = "Oak Street"\ndatabase_url = "postgresql+psycopg://homeroom@/school"\n'
        "[policy]\nepsilon_lifetime = 3\nminimum_cohort = 5\n[web]\nport = 9000\n"
    )
    settings = load_settings(folder)
    assert settings.database_url == "postgresql+psycopg://homeroom@/school"
    assert (settings.policy.epsilon_lifetime, settings.policy.minimum_cohort, settings.web.port) == (3.0, 5, 9000)


def test_training_hours_are_read_in_the_schools_own_time_zone(folder: SchoolFolder) -> None:
    """A list in the file; every machine knows UTC, with or without a database of time zones."""
    folder.settings.write_text(
        'school = "Oak Street"\n[policy]\ntraining_hours = ["18:00-06:00", "12:00-24:00"]\n'
        'time_zone = "Europe/Berlin"\n'
    )
    policy = load_settings(folder).policy
    assert policy.training_hours == ("18:00-06:00", "12:00-24:00")
    assert zone(policy.time_zone).utcoffset(datetime(2026, 9, 1, 8)) == timedelta(hours=2)
    assert zone("UTC") is UTC


@pytest.mark.parametrize("content", [b"school = ", b"\xff\xfe", b"[policy\n"])
def test_a_file_that_isn_t_toml_is_named(folder: SchoolFolder, content: bytes) -> None:
    """Half-saved, or in another encoding."""
    folder.settings.write_bytes(content)
    with pytest.raises(FixSettings, match=r"school\.toml"):
        load_settings(folder)


def test_a_folder_without_settings_says_so(tmp_path: Path) -> None:
    """A path with a typing error."""
    with pytest.raises(FixSettings, match="Set the school up") as refused:
        load_settings(SchoolFolder(tmp_path))
    assert refused.value.code is ErrorCode.FILE_MISSING


def test_a_key_of_the_wrong_length_is_refused(folder: SchoolFolder) -> None:
    """A cut copy never seals a name."""
    folder.vault_key.write_bytes(b"short")
    with pytest.raises(FixSettings) as refused:
        load_school_key(folder.vault_key)
    assert refused.value.code is ErrorCode.VAULT_SEALED


def test_settings_can_t_be_changed_once_read() -> None:
    """What a process started with is what it serves with."""
    settings = Settings(school="Oak Street")
    with pytest.raises(ValidationError):
        settings.school = "Elm Street"
