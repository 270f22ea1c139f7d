"""Who practises at a device: one question for session, student and display, with the answers of three."""

from datetime import timedelta

import pytest

from client.records.display_settings import DisplaySettings, display_of, save_display
from client.records.sessions import SessionKind, close_session, open_session, session_of
from client.records.store import Store
from client.records.student_sessions import Practising, practising
from client.records.students import destroy_key, set_active, student_by_id
from tests.support.stores import NOW, VAULT, class_of_students, in_reader, in_writer

IDLE = timedelta(minutes=10)


def who(store: Store, token: str, *, after: timedelta = timedelta(0)) -> Practising | None:
    """Whose token this is, some time after it was made."""
    return in_reader(store, lambda c: practising(c, VAULT, token, now=NOW + after, idle=IDLE))


@pytest.fixture
def ada(store: Store) -> str:
    """A student."""
    return class_of_students(store, ["Ada"])[0]


def sign_in(store: Store, subject: str, kind: SessionKind = SessionKind.STUDENT) -> str:
    """A token."""
    return in_writer(store, lambda c: open_session(c, kind, subject, now=NOW))


def test_it_says_what_three_questions_say(store: Store, ada: str) -> None:
    """Session, student and display, before and after the display was chosen."""
    token = sign_in(store, ada)
    for chosen in (DisplaySettings(), DisplaySettings(language="es", speech=True)):
        in_writer(store, lambda c, one=chosen: save_display(c, ada, one, now=NOW))  # type: ignore[misc]
        found = who(store, token)
        assert found is not None
        assert found.session == in_reader(store, lambda c: session_of(c, token, now=NOW, idle=IDLE))
        assert found.student == in_reader(store, lambda c: student_by_id(c, VAULT, ada))
        assert found.display == in_reader(store, lambda c: display_of(c, ada)) == chosen


def test_nobody_practises_with_a_token_that_ended(store: Store, ada: str) -> None:
    """Unknown, idle for too long, signed out, of a student who left, or of staff."""
    token = sign_in(store, ada)
    assert who(store, "unknown") is None
    assert who(store, token, after=IDLE) is not None
    assert who(store, token, after=IDLE + timedelta(seconds=1)) is None
    assert who(store, sign_in(store, ada, SessionKind.STAFF)) is None
    in_writer(store, lambda c: set_active(c, ada, active=False))
    assert who(store, token) is None
    in_writer(store, lambda c: set_active(c, ada, active=True))
    in_writer(store, lambda c: close_session(c, token))
    assert who(store, token) is None


def test_a_student_without_a_key_practises_without_a_name(store: Store, ada: str) -> None:
    """Erased names stay erased, and the page still comes."""
    token = sign_in(store, ada)
    in_writer(store, lambda c: destroy_key(c, ada))
    found = who(store, token)
    assert found is not None
    assert found.student.display_name is None
