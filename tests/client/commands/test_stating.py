"""`statement` writes what plan, ledger and settings say now; `verify --statement` checks who said it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from client.cli import main
from client.commands import stating
from client.federation.enrolment import Enrolment, save_enrolment
from client.federation.log_state import LogState, save_log_state
from client.federation.privacy_statement import read_statement, sign_statement
from client.records.releases import InstalledRelease, record_release
from client.records.store import open_school_store
from client.settings import SchoolFolder, create_folder, load_settings
from common.canonical import canonical_json
from common.models.release import release_digest, write_release
from common.signing import Identity, load_identity, new_identity, save_identity
from tests.support.releases import released
from tests.support.stated import StatedSchool, attack_report, stated_school
from tests.support.stores import NOW, in_writer


@pytest.fixture
def coordinator() -> Identity:
    """Signs releases."""
    return new_identity()


@pytest.fixture
def school(tmp_path: Path) -> StatedSchool:
    """One round charged."""
    made = stated_school(tmp_path / "east")
    made.charge(1)
    return made


def install(school: StatedSchool, coordinator: Identity, name: str, *, active: bool) -> str:
    """A release of the school's campaign on its disk; its digest."""
    folder = school.folder
    if not folder.enrolment.exists():
        key = coordinator.public_key
        save_enrolment(
            Enrolment("Valley", "east", "https://127.0.0.1", "pem", key, 100, "2026-09-01"), folder.enrolment
        )
    data = write_release(released(school.plan, name), coordinator)
    path = folder.releases / f"{release_digest(data)}.release"
    path.write_bytes(data)
    store = open_school_store(folder, load_settings(folder))
    new = InstalledRelease(release_digest(data), path, "dkt", "It is better.", {}, NOW, active=active)
    in_writer(store, lambda connection: record_release(connection, new))
    store.close()
    return release_digest(data)


def state(folder: SchoolFolder, out: Path, *arguments: str) -> int:
    """The exit code."""
    return main(["statement", "--folder", str(folder.path), "--out", str(out), *arguments])


def test_it_is_of_the_release_that_serves(school: StatedSchool, coordinator: Identity, tmp_path: Path) -> None:
    """Signed by the school, and the page holds the same figures."""
    install(school, coordinator, "older", active=False)
    digest = install(school, coordinator, "newer", active=True)
    assert state(school.folder, tmp_path / "out") == 0
    key = load_identity(school.folder.identity_key).public_key
    stated = read_statement((tmp_path / "out" / "statement.json").read_bytes(), key)
    assert (stated.subject.release, stated.subject.campaign_digest) == (digest, school.plan.digest)
    assert stated.mechanism.accountant.name == "dp_accounting"
    assert stated.mechanism.accountant.version[0].isdigit()
    assert stated.audit is None
    page = (tmp_path / "out" / "statement.md").read_text()
    assert "no audit given" in page
    assert key in page


def test_another_release_by_the_beginning_of_its_digest(
    school: StatedSchool, coordinator: Identity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that isn't here is said."""
    older = install(school, coordinator, "older", active=False)
    assert state(school.folder, tmp_path, "--release", older[:12]) == 0
    assert json.loads((tmp_path / "statement.json").read_text())["statement"]["subject"]["release"] == older
    assert state(school.folder, tmp_path, "--release", "xyz") == 2
    assert "No installed release has a digest that starts with 'xyz'" in capsys.readouterr().err
    assert state(school.folder, tmp_path, "--release", "") == 2


def test_before_a_release_it_is_of_the_newest_charged_campaign(school: StatedSchool, tmp_path: Path) -> None:
    """What was paid can be stated while the campaign runs."""
    assert state(school.folder, tmp_path) == 0
    assert json.loads((tmp_path / "statement.json").read_text())["statement"]["subject"]["release"] == ""


def test_the_ledger_and_the_settings_are_read_at_each_call(school: StatedSchool, tmp_path: Path) -> None:
    """A charge more and a stricter limit are in the next statement."""
    assert state(school.folder, tmp_path) == 0
    first = json.loads((tmp_path / "statement.json").read_text())["statement"]
    school.charge(2)
    text = school.folder.settings.read_text()
    school.folder.settings.write_text(text.replace("[policy]\n", "[policy]\nepsilon_lifetime = 4.0\n"))
    assert state(school.folder, tmp_path) == 0
    second = json.loads((tmp_path / "statement.json").read_text())["statement"]
    assert second["promise"]["epsilon"] > first["promise"]["epsilon"]
    assert (first["limits"]["epsilon_lifetime"], second["limits"]["epsilon_lifetime"]) == (8.0, 4.0)


def test_an_audit_is_taken_from_its_report(school: StatedSchool, tmp_path: Path) -> None:
    """Claimed, bounds and ceilings."""
    (tmp_path / "report.json").write_bytes(attack_report(school.plan))
    assert state(school.folder, tmp_path, "--audit", str(tmp_path / "report.json")) == 0
    assert json.loads((tmp_path / "statement.json").read_text())["statement"]["audit"]["claimed"] == 8.0
    assert state(school.folder, tmp_path, "--audit", str(tmp_path / "nowhere.json")) == 2


def break_ledger(school: StatedSchool) -> None:
    """One digit."""
    data = school.folder.ledger.read_bytes()
    school.folder.ledger.write_bytes(data.replace(b'"sampling_rate":0.25', b'"sampling_rate":0.24'))


def empty_ledger(school: StatedSchool) -> None:
    """Nothing was ever charged."""
    school.folder.ledger.unlink()


@pytest.mark.parametrize(("damage", "code"), [(break_ledger, "ledger-broken"), (empty_ledger, "not-found")])
def test_nothing_is_stated_without_a_sound_ledger(
    school: StatedSchool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    damage: Callable[[StatedSchool], None],
    code: str,
) -> None:
    """A sentence and its code; no file is written."""
    damage(school)
    assert state(school.folder, tmp_path / "out") == 2
    assert f"[{code}]" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_release_of_a_campaign_that_was_never_charged(
    school: StatedSchool, coordinator: Identity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A school that took no part has nothing to state about it."""
    install(school, coordinator, "newer", active=True)
    empty_ledger(school)
    assert state(school.folder, tmp_path / "out") == 2
    assert "knows no charge of the campaign autumn" in capsys.readouterr().err


def test_a_plan_that_isnt_in_the_database(
    school: StatedSchool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A ledger whose plan was lost can't be stated."""
    school.charge(1, plan=school.plan.model_copy(update={"campaign": "spring"}))
    assert state(school.folder, tmp_path / "out") == 2
    assert "isn't in the database here" in capsys.readouterr().err


def test_without_the_accountant_it_says_what_to_install(
    school: StatedSchool, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A school that only practises has none."""

    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(stating, "import_module", missing)
    assert state(school.folder, tmp_path / "out") == 2
    assert "[not-installed]" in capsys.readouterr().err


class TestVerifying:
    """`verify --statement`: who said it, by a key that didn't come with it."""

    def verify(self, folder: SchoolFolder, file: Path) -> int:
        """The exit code."""
        return main(["verify", "--folder", str(folder.path), "--statement", str(file)])

    def test_its_own(self, school: StatedSchool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Signed, and resting on the ledger that is here, also after more charges."""
        assert state(school.folder, tmp_path) == 0
        assert self.verify(school.folder, tmp_path / "statement.json") == 0
        school.charge(2)
        assert self.verify(school.folder, tmp_path / "statement.json") == 0
        assert "Signed by east with the key" in capsys.readouterr().out

    def test_one_that_was_tampered_with(
        self, school: StatedSchool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A smaller epsilon than was signed."""
        assert state(school.folder, tmp_path) == 0
        value = json.loads((tmp_path / "statement.json").read_text())
        value["statement"]["promise"]["epsilon"] = 0.1
        (tmp_path / "bent.json").write_bytes(canonical_json(value))
        assert self.verify(school.folder, tmp_path / "bent.json") == 2
        assert "[bad-signature]" in capsys.readouterr().err

    def test_one_that_rests_on_another_ledger(
        self, school: StatedSchool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The school's own key signed it, but its ledger says otherwise."""
        assert state(school.folder, tmp_path) == 0
        school.folder.ledger.unlink()
        assert self.verify(school.folder, tmp_path / "statement.json") == 2
        school.charge(2)
        assert self.verify(school.folder, tmp_path / "statement.json") == 2
        assert "DIFFERS ledger" in capsys.readouterr().out

    def test_another_schools_by_the_key_that_the_log_holds(
        self, school: StatedSchool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The reader needs nothing but its own copy of the public log."""
        assert state(school.folder, tmp_path) == 0
        reader = create_folder(tmp_path / "north", school="north")
        save_identity(new_identity(), reader.identity_key)
        assert self.verify(reader, tmp_path / "statement.json") == 2
        assert "knows no school called east" in capsys.readouterr().err
        key = load_identity(school.folder.identity_key).public_key
        save_log_state(reader.public_log, replace(LogState("north"), roster=(("east", key),)))
        assert self.verify(reader, tmp_path / "statement.json") == 0
        stated = read_statement((tmp_path / "statement.json").read_bytes(), key)
        (tmp_path / "forged.json").write_bytes(sign_statement(stated, new_identity()))
        assert self.verify(reader, tmp_path / "forged.json") == 2

    def test_what_isnt_there(self, school: StatedSchool, tmp_path: Path) -> None:
        """A path that leads nowhere is a sentence."""
        assert self.verify(school.folder, tmp_path / "nowhere.json") == 2
