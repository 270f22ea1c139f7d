"""Sessions: a token opens one, idleness ends it, and the database can't give tokens away."""

from datetime import timedelta
from pathlib import Path

from client.records.sessions import (
    Session,
    SessionKind,
    close_session,
    close_sessions_of,
    open_session,
    session_of,
    sweep_sessions,
    touch_session,
)
from client.records.store import Store
from tests.support.stores import NOW, in_reader, in_writer, sqlite_store

IDLE = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)


def test_a_token_opens_its_session(store: Store) -> None:
    """And no other string does."""
    token = _open(store, "s-1")
    expected = Session(SessionKind.STUDENT, "s-1", NOW, NOW)
    assert _session(store, token) == expected
    assert _session(store, token[:-1]) is None
    assert _session(store, "") is None


def test_tokens_have_256_random_bits(store: Store) -> None:
    """43 letters of base64, never twice."""
    tokens = {_open(store, "s-1") for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) == 43 for token in tokens)


def test_an_idle_session_ends(store: Store) -> None:
    """After exactly the idle time, unless somebody was seen."""
    token = _open(store, "s-1")
    assert _session(store, token, after=IDLE) is not None
    assert _session(store, token, after=IDLE + MINUTE) is None
    in_writer(store, lambda c: touch_session(c, token, now=NOW + 5 * MINUTE))
    assert _session(store, token, after=IDLE + MINUTE) is not None


def test_being_seen_never_moves_time_back(store: Store) -> None:
    """A request that was slow to arrive doesn't shorten the session."""
    token = _open(store, "s-1")
    in_writer(store, lambda c: touch_session(c, token, now=NOW + 5 * MINUTE))
    in_writer(store, lambda c: touch_session(c, token, now=NOW + MINUTE))
    assert _session(store, token, after=15 * MINUTE) is not None


def test_signing_out_ends_one_device(store: Store) -> None:
    """The other one stays signed in."""
    tablet, laptop = _open(store, "s-1"), _open(store, "s-1")
    in_writer(store, lambda c: close_session(c, tablet))
    assert _session(store, tablet) is None
    assert _session(store, laptop) is not None


def test_signing_out_everywhere_ends_one_person_s_sessions(store: Store) -> None:
    """A student and a member of staff with one id are two people."""
    tokens = [_open(store, "1"), _open(store, "1"), _open(store, "2"), _open(store, "1", SessionKind.STAFF)]
    assert in_writer(store, lambda c: close_sessions_of(c, SessionKind.STUDENT, "1")) == 2
    assert [_session(store, token) is not None for token in tokens] == [False, False, True, True]


def test_old_sessions_are_swept(store: Store) -> None:
    """Rows don't pile up."""
    old = _open(store, "s-1")
    new = _open(store, "s-2")
    in_writer(store, lambda c: touch_session(c, new, now=NOW + IDLE))
    assert in_writer(store, lambda c: sweep_sessions(c, seen_before=NOW + MINUTE)) == 1
    assert _session(store, old) is None
    assert _session(store, new) is not None


def test_a_token_is_in_no_file(tmp_path: Path) -> None:
    """A stolen database signs nobody in."""
    store = sqlite_store(tmp_path)
    token = _open(store, "s-1").encode()
    store.close()
    assert [path for path in tmp_path.rglob("*") if path.is_file() and token in path.read_bytes()] == []


def _open(store: Store, subject: str, kind: SessionKind = SessionKind.STUDENT) -> str:
    return in_writer(store, lambda c: open_session(c, kind, subject, now=NOW))


def _session(store: Store, token: str, *, after: timedelta = timedelta(0)) -> Session | None:
    return in_reader(store, lambda c: session_of(c, token, now=NOW + after, idle=IDLE))
