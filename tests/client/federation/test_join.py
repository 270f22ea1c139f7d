"""Joining: keys are made at the school, the invitation's word is checked, and a failure can be tried again."""

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_ssh_private_key, load_ssh_public_key
from hypothesis import given
from hypothesis import strategies as st

from client.federation.coordinator_api import CoordinatorApi, Offers, fetch_campaigns, fetch_offers
from client.federation.enrolment import load_enrolment
from client.federation.join import join, public_number
from client.settings import SchoolFolder, create_folder
from common.clock import StoppedClock
from common.errors import Corrupt, ErrorCode, FixSettings, HomeroomError, Refused, RetryLater
from common.signing import load_identity, new_identity
from tests.support.fake_coordinator import FakeCoordinator, fake_coordinator
from tests.support.stores import NOW

CLOCK = StoppedClock()


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[FakeCoordinator]:
    """A coordinator on loopback."""
    with fake_coordinator(tmp_path) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> SchoolFolder:
    """A new school called east."""
    return create_folder(tmp_path / "school", school="east")


def refused_join(path: Path, folder: SchoolFolder) -> HomeroomError:
    """The error, after which the school has joined nothing."""
    with pytest.raises(HomeroomError) as caught:
        join(path, folder, 40, clock=CLOCK)
    assert not folder.enrolment.exists()
    return caught.value


class TestJoining:
    """A good invitation."""

    def test_the_school_remembers_whom_it_joined(
        self, coordinator: FakeCoordinator, folder: SchoolFolder, tmp_path: Path
    ) -> None:
        """The public number is rounded up to tens; the address is what the link connects to."""
        enrolment = join(coordinator.invitation(tmp_path), folder, 123, clock=CLOCK)
        assert load_enrolment(folder.enrolment) == enrolment
        assert enrolment.students == 130
        assert f"https://{enrolment.address}" == coordinator.url
        assert coordinator.enrolled[0]["students"] == 130

    def test_only_public_keys_leave(
        self, coordinator: FakeCoordinator, folder: SchoolFolder, tmp_path: Path
    ) -> None:
        """Both private keys are files of the owner; the node key is EC P-384 in OpenSSH's format."""
        join(coordinator.invitation(tmp_path), folder, 40, clock=CLOCK)
        sent = coordinator.enrolled[0]
        assert sent["identity_key"] == load_identity(folder.identity_key).public_key
        private = load_ssh_private_key(folder.node_key.read_bytes(), None)
        assert isinstance(private, ec.EllipticCurvePrivateKey)
        assert isinstance(private.curve, ec.SECP384R1)
        public = load_ssh_public_key(sent["node_key"].encode())
        assert public == private.public_key()
        for path in (folder.identity_key, folder.node_key, folder.enrolment):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600

    @given(students=st.integers(0, 100_000))
    def test_the_public_number_is_the_next_ten(self, students: int) -> None:
        """Never less than the students there are, never zero, at most nine more."""
        public = public_number(students)
        assert public % 10 == 0
        assert max(students, 1) <= public <= max(students, 1) + 9


class TestRefusals:
    """Bad invitations and silent hosts, in a sentence."""

    def test_a_used_invitation(self, coordinator: FakeCoordinator, folder: SchoolFolder, tmp_path: Path) -> None:
        """The coordinator says no; it doesn't matter why."""
        coordinator.enrolled.append({"identity_key": "0" * 64})
        error = refused_join(coordinator.invitation(tmp_path), folder)
        assert isinstance(error, FixSettings)
        assert error.code is ErrorCode.BAD_INVITATION

    def test_an_expired_invitation_is_not_even_shown(
        self, coordinator: FakeCoordinator, folder: SchoolFolder, tmp_path: Path
    ) -> None:
        """The school's own clock is enough."""
        path = coordinator.invitation(tmp_path, expires_at=NOW - timedelta(seconds=1))
        assert refused_join(path, folder).code is ErrorCode.BAD_INVITATION
        assert coordinator.asked == []

    def test_an_invitation_for_another_school(
        self, coordinator: FakeCoordinator, folder: SchoolFolder, tmp_path: Path
    ) -> None:
        """It is bound to the school's name."""
        error = refused_join(coordinator.invitation(tmp_path, school="west"), folder)
        assert error.code is ErrorCode.BAD_INVITATION
        assert "west" in error.sentence

    def test_a_damaged_invitation(self, folder: SchoolFolder, tmp_path: Path) -> None:
        """Nothing of it is believed."""
        path = tmp_path / "invitation.json"
        path.write_bytes(b'{"school":"east"}')
        error = refused_join(path, folder)
        assert isinstance(error, Corrupt)
        assert error.code is ErrorCode.BAD_INVITATION

    def test_a_coordinator_with_another_key(
        self, coordinator: FakeCoordinator, folder: SchoolFolder, tmp_path: Path
    ) -> None:
        """The invitation names the key that will sign the plans."""
        path = coordinator.invitation(tmp_path, coordinator_key=new_identity().public_key)
        error = refused_join(path, folder)
        assert isinstance(error, Refused)

    def test_a_host_with_another_consortiums_certificate(
        self, coordinator: FakeCoordinator, folder: SchoolFolder, tmp_path: Path
    ) -> None:
        """Neither this machine's certificate store nor another CA is trusted, and the token stays here."""
        (tmp_path / "other").mkdir()
        with fake_coordinator(tmp_path / "other") as other:
            path = coordinator.invitation(tmp_path, ca_pem=other.ca_pem)
            error = refused_join(path, folder)
        assert error.code is ErrorCode.UNREACHABLE
        assert coordinator.asked == []

    def test_a_host_that_is_away_can_be_tried_again_with_the_same_keys(
        self, coordinator: FakeCoordinator, folder: SchoolFolder, tmp_path: Path
    ) -> None:
        """A second try must not look like another school."""
        away = coordinator.invitation(tmp_path, url="https://127.0.0.1:9")
        error = refused_join(away, folder)
        assert isinstance(error, RetryLater)
        assert error.code is ErrorCode.UNREACHABLE
        keys = folder.identity_key.read_bytes(), folder.node_key.read_bytes()
        join(coordinator.invitation(tmp_path), folder, 40, clock=CLOCK)
        assert keys == (folder.identity_key.read_bytes(), folder.node_key.read_bytes())

    def test_a_school_that_has_joined_already(
        self, coordinator: FakeCoordinator, folder: SchoolFolder, tmp_path: Path
    ) -> None:
        """Nothing is overwritten."""
        enrolment = join(coordinator.invitation(tmp_path), folder, 40, clock=CLOCK)
        with pytest.raises(FixSettings):
            join(coordinator.invitation(tmp_path), folder, 50, clock=CLOCK)
        assert load_enrolment(folder.enrolment) == enrolment

    def test_a_damaged_enrolment_is_named(self, folder: SchoolFolder) -> None:
        """And a missing one isn't the same thing."""
        with pytest.raises(FixSettings) as missing:
            load_enrolment(folder.enrolment)
        assert missing.value.code is ErrorCode.NOT_ENROLLED
        for content in (b"", b"[]", b'{"school":"east"}'):
            folder.enrolment.write_bytes(content)
            with pytest.raises(Corrupt):
                load_enrolment(folder.enrolment)


class TestSignedRequests:
    """What an enrolled school asks."""

    def test_the_coordinator_recognises_the_schools_signature(
        self, coordinator: FakeCoordinator, folder: SchoolFolder, tmp_path: Path
    ) -> None:
        """A stranger with the same name gets nothing."""
        enrolment = join(coordinator.invitation(tmp_path), folder, 40, clock=CLOCK)
        coordinator.campaigns, coordinator.releases = [b"\x00sealed"], {"a" * 64: b"file", "b" * 64: b"newer"}
        own = CoordinatorApi(enrolment, load_identity(folder.identity_key), CLOCK)
        assert fetch_campaigns(own) == [b"\x00sealed"]
        assert fetch_offers(own) == Offers(("b" * 64, "a" * 64))
        with pytest.raises(RetryLater) as caught:
            fetch_campaigns(CoordinatorApi(enrolment, new_identity(), CLOCK))
        assert caught.value.code is ErrorCode.NOT_ENROLLED

    def test_a_clock_that_is_ten_minutes_off(
        self, coordinator: FakeCoordinator, folder: SchoolFolder, tmp_path: Path
    ) -> None:
        """The sentence names clocks, since that is what can be mended."""
        enrolment = join(coordinator.invitation(tmp_path), folder, 40, clock=CLOCK)
        late = StoppedClock(NOW + timedelta(minutes=10))
        with pytest.raises(RetryLater, match="clocks"):
            fetch_campaigns(CoordinatorApi(enrolment, load_identity(folder.identity_key), late))

    @pytest.mark.parametrize("answer", [["not-a-digest"], ["../../etc/passwd"], [7], "text"])
    def test_an_odd_answer_is_corrupt(
        self, coordinator: FakeCoordinator, folder: SchoolFolder, tmp_path: Path, answer: object
    ) -> None:
        """A digest becomes a file name, so nothing but a digest passes."""
        enrolment = join(coordinator.invitation(tmp_path), folder, 40, clock=CLOCK)
        odd = {value: b"" for value in answer} if isinstance(answer, list) else {"x": b""}
        coordinator.releases = odd
        with pytest.raises(Corrupt):
            fetch_offers(CoordinatorApi(enrolment, load_identity(folder.identity_key), CLOCK))

    def test_a_coordinator_in_trouble(
        self, coordinator: FakeCoordinator, folder: SchoolFolder, tmp_path: Path
    ) -> None:
        """A 503 is a reason to wait, not to lose the school."""
        enrolment = join(coordinator.invitation(tmp_path), folder, 40, clock=CLOCK)
        coordinator.status = 503
        with pytest.raises(RetryLater) as caught:
            fetch_campaigns(CoordinatorApi(enrolment, load_identity(folder.identity_key), CLOCK))
        assert caught.value.code is ErrorCode.UNREACHABLE
