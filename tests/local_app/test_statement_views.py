"""The administrator reads the newest statement: only this school's own, and told when the ledger has gone on."""

from pathlib import Path

import pytest

from client.cli import main
from client.federation.privacy_statement import read_statement, sign_statement
from common.signing import load_identity, new_identity
from local_app.statement_views import NONE_YET, NOT_OWN, OLDER, stored_statement
from tests.support.stated import StatedSchool, stated_school


@pytest.fixture
def school(tmp_path: Path) -> StatedSchool:
    """One round charged and a statement of it made, as an administrator makes it."""
    made = stated_school(tmp_path / "east")
    made.charge(1)
    assert main(["statement", "--folder", str(made.folder.path)]) == 0
    return made


def test_it_is_shown_as_it_was_made(school: StatedSchool) -> None:
    """Its headline and its sections; nothing was charged since."""
    stored = stored_statement(school.folder)
    assert stored.view is not None
    assert school.plan.campaign in stored.view.title
    assert stored.view.headline.startswith("What left east in this campaign")
    assert stored.warning == ""
    assert school.plan.campaign in stored.sentence


def test_a_charge_after_it_is_told(school: StatedSchool) -> None:
    """What became of a round changes nothing that the statement promises; another charge does."""
    school.charge(2)
    assert stored_statement(school.folder).warning == OLDER


def test_somebody_elses_words_arent_shown(school: StatedSchool) -> None:
    """Signed with another key, or not a statement at all."""
    path = school.folder.statement / "statement.json"
    own = read_statement(path.read_bytes(), load_identity(school.folder.identity_key).public_key)
    for data in (sign_statement(own, new_identity()), b"{}"):
        path.write_bytes(data)
        stored = stored_statement(school.folder)
        assert (stored.view, stored.sentence) == (None, NOT_OWN)


def test_without_one_the_page_says_how_to_make_it(tmp_path: Path) -> None:
    """A school that hasn't trained, or whose administrator hasn't asked."""
    assert stored_statement(stated_school(tmp_path / "east").folder).sentence == NONE_YET


def test_a_damaged_ledger_is_said_beside_it(school: StatedSchool) -> None:
    """The statement stands, and what it rests on doesn't."""
    school.charge(2)
    first, *others = school.folder.ledger.read_bytes().splitlines(keepends=True)
    school.folder.ledger.write_bytes(b"".join((first.replace(b'"train"', b'"trail"'), *others)))
    stored = stored_statement(school.folder)
    assert stored.view is not None
    assert "ledger" in stored.warning
