"""Operators sign in with a password, for a while, and guessing gets nobody in."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from common.clock import StoppedClock
from common.errors import FixSettings, Refused
from server import tables
from server.coordinator import Coordinator
from server.operators import add_operator, find_session, operator_names, sign_in, sign_out
from tests.support.coordinators import new_coordinator

PASSWORD = "a long enough sentence"


@pytest.fixture
def clock() -> StoppedClock:
    """Moves when told to."""
    return StoppedClock()


@pytest.fixture
def coordinator(tmp_path: Path, clock: StoppedClock) -> Iterator[Coordinator]:
    """With one operator, Ada."""
    made = new_coordinator(tmp_path, clock, idle_seconds=900)
    add_operator(made, "Ada", PASSWORD)
    yield made
    made.close()


def test_a_session_begins_and_ends(coordinator: Coordinator) -> None:
    """With its own token for forms."""
    token = sign_in(coordinator, "Ada", PASSWORD)
    session = find_session(coordinator, token)
    assert session is not None
    assert session.operator == "Ada"
    session.check_csrf(session.csrf)
    with pytest.raises(Refused):
        session.check_csrf("")
    sign_out(coordinator, token)
    assert find_session(coordinator, token) is None


def test_sessions_end_when_idle_and_after_a_day_s_work(coordinator: Coordinator, clock: StoppedClock) -> None:
    """Fifteen minutes without a page, or twelve hours in all."""
    token = sign_in(coordinator, "Ada", PASSWORD)
    clock.advance(timedelta(minutes=16))
    assert find_session(coordinator, token) is None
    token = sign_in(coordinator, "Ada", PASSWORD)
    for _ in range(12 * 6):
        clock.advance(timedelta(minutes=10))
        assert find_session(coordinator, token) is not None
    clock.advance(timedelta(minutes=10))
    assert find_session(coordinator, token) is None


@pytest.mark.parametrize(("name", "password"), [("Ada", "wrong"), ("Bob", PASSWORD), ("", "")])
def test_wrong_names_and_passwords_get_one_answer(coordinator: Coordinator, name: str, password: str) -> None:
    """Which of the two was wrong isn't told."""
    with pytest.raises(Refused, match="The name or the password is wrong"):
        sign_in(coordinator, name, password)


def test_five_wrong_passwords_lock_the_account_for_five_minutes(
    coordinator: Coordinator, clock: StoppedClock
) -> None:
    """Even for the right password; then it opens again."""
    for _ in range(5):
        with pytest.raises(Refused):
            sign_in(coordinator, "Ada", "wrong")
    with pytest.raises(Refused, match="Too many"):
        sign_in(coordinator, "Ada", PASSWORD)
    clock.advance(timedelta(minutes=6))
    assert sign_in(coordinator, "Ada", PASSWORD)


def test_neither_passwords_nor_tokens_are_kept(coordinator: Coordinator) -> None:
    """Only their hashes."""
    token = sign_in(coordinator, "Ada", PASSWORD)
    with coordinator.store.read() as connection:
        kept = f"{connection.execute(select(tables.operators)).all()}"
        kept += f"{connection.execute(select(tables.sessions)).all()}"
    assert PASSWORD not in kept
    assert token not in kept


def test_a_new_password_ends_old_sessions(coordinator: Coordinator) -> None:
    """Whoever had the old one is out."""
    token = sign_in(coordinator, "Ada", PASSWORD)
    add_operator(coordinator, "Ada", "another long sentence")
    assert find_session(coordinator, token) is None
    with coordinator.store.read() as connection:
        assert operator_names(connection) == ["Ada"]


@pytest.mark.parametrize(("name", "password"), [("Ada", "short"), (" ", PASSWORD), ("x" * 81, PASSWORD)])
def test_poor_accounts_are_refused(coordinator: Coordinator, name: str, password: str) -> None:
    """With a sentence."""
    with pytest.raises(FixSettings):
        add_operator(coordinator, name, password)
