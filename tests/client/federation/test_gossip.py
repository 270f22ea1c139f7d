"""The public log without a network, and heads that other schools pass on."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from client.federation.gossip import heard_heads, seen_log
from client.federation.log_follower import LogFollower
from common.log_entries import Revoked
from common.refusals import RefusalCode
from common.signed_head import pack_heads, sign_head
from common.signing import new_identity
from server.coordinator import Coordinator
from server.public_log import append_entry
from tests.support.coordinators import enrol_schools, new_coordinator, three_schools
from tests.support.direct_record import DirectRecord


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """With three schools in its log."""
    made = new_coordinator(tmp_path / "coordinator")
    enrol_schools(made, three_schools(made))
    yield made
    made.close()


@pytest.fixture
def follower(tmp_path: Path, coordinator: Coordinator) -> LogFollower:
    """The school "east"."""
    return LogFollower(tmp_path / "public-log", "east", coordinator.identity.public_key, DirectRecord(coordinator))


def cut_off(follower: LogFollower, coordinator: Coordinator) -> LogFollower:
    """The same school without a network."""
    return replace(follower, log=DirectRecord(coordinator, unreachable=True))


class TestSeeing:
    """What the judgement gets."""

    def test_it_is_read_at_every_look(self, follower: LogFollower, coordinator: Coordinator) -> None:
        """An entry that came in between is seen at the next."""
        seen = seen_log(follower)
        first = seen()
        with coordinator.store.write() as connection:
            append_entry(connection, Revoked(school="west"))
        second = seen()
        assert first is not None
        assert second is not None
        assert (first.size, second.size) == (3, 4)
        assert second.revoked == {"west"}

    def test_without_a_network_what_was_read_before_counts(
        self, follower: LogFollower, coordinator: Coordinator
    ) -> None:
        """And nothing, if nothing ever was."""
        assert seen_log(cut_off(follower, coordinator))() is None
        known = seen_log(follower)()
        assert seen_log(cut_off(follower, coordinator))() == known


class TestHearing:
    """Heads from other schools, as the coordinator passes them on."""

    def test_heads_of_the_same_log_are_fine(self, follower: LogFollower, coordinator: Coordinator) -> None:
        """Also older ones, and none at all."""
        older = DirectRecord(coordinator).signed_head()
        with coordinator.store.write() as connection:
            append_entry(connection, Revoked(school="west"))
        hear = heard_heads(follower)
        assert hear(pack_heads([older, DirectRecord(coordinator).signed_head()])) is None
        assert hear(b"") is None

    def test_a_head_of_another_log_is_refused(self, follower: LogFollower, coordinator: Coordinator) -> None:
        """It carries the coordinator's own signature."""
        other = sign_head(coordinator.identity, consortium="Valley", size=3, root="e" * 64, at="later").signed
        refusal = heard_heads(follower)(pack_heads([other]))
        assert refusal is not None
        assert refusal.code is RefusalCode.LOG_INCONSISTENT

    def test_what_the_coordinator_didnt_sign_proves_nothing(self, follower: LogFollower) -> None:
        """A school can't stop the others by inventing a head."""
        invented = sign_head(new_identity(), consortium="Valley", size=3, root="e" * 64, at="later").signed
        assert heard_heads(follower)(pack_heads([invented, b"no head"])) is None

    def test_a_list_that_is_cut_short(self, follower: LogFollower) -> None:
        """Malformed."""
        refusal = heard_heads(follower)(pack_heads([b"head"])[:-1])
        assert refusal is not None
        assert refusal.code is RefusalCode.BAD_MESSAGE

    def test_without_a_network_nothing_can_be_compared(
        self, follower: LogFollower, coordinator: Coordinator
    ) -> None:
        """The reason stays here."""
        head = DirectRecord(coordinator).signed_head()
        refusal = heard_heads(cut_off(follower, coordinator))(pack_heads([head]))
        assert refusal is not None
        assert refusal.code is RefusalCode.LOG_INCONSISTENT
        assert "can't be reached" in refusal.local_reason
