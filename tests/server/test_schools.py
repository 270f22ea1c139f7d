"""Membership: invited by name, enrolled once, revoked at once, and back only by a new invitation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from common.errors import FixSettings, Refused
from common.signing import new_identity
from server.coordinator import Coordinator
from server.journal import read_journal
from server.schools import Enrolment, enrol, find_school, invite, revoke, revoked_schools, roster
from tests.support.coordinators import new_coordinator
from tests.support.fake_schools import node_key


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """A coordinator without schools."""
    made = new_coordinator(tmp_path)
    yield made
    made.close()


def _enrolment(students: int = 120) -> Enrolment:
    return Enrolment(new_identity().public_key, node_key(), students)


def _names(coordinator: Coordinator, *, with_revoked: bool = False) -> list[str]:
    with coordinator.store.read() as connection:
        return [school.member.school for school in roster(connection, with_revoked=with_revoked)]


def test_the_roster_is_sorted_by_name(coordinator: Coordinator) -> None:
    """Whoever came first."""
    for name in ("West", "East", "North"):
        enrol(coordinator, invite(coordinator, name).token, _enrolment())
    assert _names(coordinator) == ["East", "North", "West"]


def test_a_revoked_school_comes_back_only_by_a_new_invitation(coordinator: Coordinator) -> None:
    """With new keys; its old keys and its old invitation are worth nothing."""
    old, keys = invite(coordinator, "Alder").token, _enrolment()
    enrol(coordinator, old, keys)
    with pytest.raises(FixSettings, match="is enrolled already"):
        invite(coordinator, "Alder")
    revoke(coordinator, "Alder")
    assert _names(coordinator) == []
    assert _names(coordinator, with_revoked=True) == ["Alder"]
    with pytest.raises(Refused, match="used already"):
        enrol(coordinator, old, keys)
    anew = _enrolment(90)
    enrol(coordinator, invite(coordinator, "Alder").token, anew)
    with coordinator.store.read() as connection:
        found = find_school(connection, "Alder")
        assert revoked_schools(connection) == frozenset()
    assert found is not None
    assert (found.member.identity_key, found.member.students) == (anew.identity_key, 90)


def test_two_open_invitations_make_one_school(coordinator: Coordinator) -> None:
    """The second is refused once the first was used."""
    first, second = invite(coordinator, "Alder"), invite(coordinator, "Alder")
    enrol(coordinator, second.token, _enrolment())
    with pytest.raises(Refused, match="enrolled already"):
        enrol(coordinator, first.token, _enrolment())


def test_a_refused_enrolment_leaves_the_invitation_open(coordinator: Coordinator) -> None:
    """Keys of another school: nothing is written, and the right keys still work."""
    taken = _enrolment()
    enrol(coordinator, invite(coordinator, "Alder").token, taken)
    token = invite(coordinator, "Birch").token
    with pytest.raises(Refused, match="another school"):
        enrol(coordinator, token, taken)
    enrol(coordinator, token, _enrolment())
    assert _names(coordinator) == ["Alder", "Birch"]


@pytest.mark.parametrize("name", ["", "a/b", "a\nb", "x" * 81, "a;b"])
def test_a_name_that_cannot_be_one_is_refused(coordinator: Coordinator, name: str) -> None:
    """Names end up in plans, headers and file names."""
    with pytest.raises(FixSettings, match="A school's name"):
        invite(coordinator, name)


def test_revoking_a_stranger_is_said(coordinator: Coordinator) -> None:
    """Nothing happens quietly."""
    with pytest.raises(FixSettings, match="No school called Alder"):
        revoke(coordinator, "Alder")


def test_memberships_are_in_the_journal(coordinator: Coordinator) -> None:
    """Invited, enrolled with which key, revoked; never the invitation's code."""
    token, keys = invite(coordinator, "Alder").token, _enrolment()
    enrol(coordinator, token, keys)
    revoke(coordinator, "Alder")
    with coordinator.store.read() as connection:
        entries = [row.entry for row in read_journal(connection)]
    assert [entry.event for entry in entries] == ["school-invited", "school-enrolled", "school-revoked"]
    assert keys.identity_key in entries[1].detail
    assert token not in str(entries)
