"""The Fleet connection: the version it demands, the calls it makes, and what each failure becomes."""

from collections.abc import Iterator
from typing import cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flwr.app import ConfigRecord, Message, RecordDict
from flwr.supercore.task_identity import TaskIdentity
from flwr.supernode.fleet_http_client import FleetHttpClient

from client.federation import fleet as fleet_module
from client.federation.fleet import Fleet, Gate, check_flower, connect, load_node_key
from client.federation.flower_app import failure
from common.canonical import sha256_hex
from common.errors import ErrorCode, FixSettings, RetryLater
from common.refusals import RefusalCode
from tests.support.fake_fleet import NODE, RUN, FakeFleet


@pytest.fixture
def fake() -> FakeFleet:
    """A coordinator that has nothing to say yet."""
    return FakeFleet()


@pytest.fixture
def fleet(fake: FakeFleet) -> Iterator[Fleet]:
    """An activated connection to it."""
    connected = Fleet(cast(FleetHttpClient, fake), b"public key")
    yield connected
    connected.leave()


def _openssh_key() -> bytes:
    key = ec.generate_private_key(ec.SECP384R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())


def test_the_installed_flwr_is_the_one_this_was_written_against() -> None:
    """Version, names and parameters; fails first on an upgrade."""
    assert fleet_module.FLOWER_VERSION == "1.41.0"
    check_flower()


def test_another_version_is_refused() -> None:
    """No attempt is made with a flwr that nobody tried."""
    with pytest.raises(FixSettings, match=r"1\.42\.0") as caught:
        check_flower("1.42.0")
    assert caught.value.code is ErrorCode.FLOWER_VERSION


@pytest.mark.parametrize(
    ("reference", "parameters"),
    [
        ("flwr.supernode.fleet_http_client:FleetHttpClient.Vanished", ("request",)),
        ("flwr.vanished:name", ()),
        ("flwr.common.serde:message_to_proto", ("message", "new_parameter")),
        ("flwr.supercore.constant:PULL_BACKOFF_CAP", ()),
    ],
)
def test_a_private_name_that_changed_is_refused(
    monkeypatch: pytest.MonkeyPatch, reference: str, parameters: tuple[str, ...]
) -> None:
    """The sentence names it."""
    monkeypatch.setitem(fleet_module.PRIVATE_PARAMETERS, reference, parameters)
    with pytest.raises(FixSettings, match=reference.partition(":")[0]):
        check_flower()


def test_a_node_key_is_read_from_openssh_form() -> None:
    """The form that flwr itself demands."""
    assert load_node_key(_openssh_key()).curve.name == "secp384r1"


@pytest.mark.parametrize(
    "data",
    [
        ec.generate_private_key(ec.SECP384R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),
        b"not a key",
    ],
    ids=["PKCS8", "another kind of key", "no key"],
)
def test_another_key_is_refused_before_anything_is_sent(data: bytes) -> None:
    """flwr ends the process with exit 302; we say what is wrong."""
    with pytest.raises(FixSettings, match="node key"), connect(Gate("127.0.0.1:1", b"", data)):
        pytest.fail("must not connect")


def test_a_broken_certificate_is_refused() -> None:
    """No fall-back to the system's own certificates."""
    gate = Gate("127.0.0.1:1", b"no certificate", _openssh_key())
    with pytest.raises(FixSettings, match="certificate"), connect(gate):
        pytest.fail("must not connect")


def test_a_message_arrives_whole(fake: FakeFleet, fleet: Fleet) -> None:
    """Head first, then objects, which may be late; then it is confirmed."""
    fake.queue(b"hello")
    fake.late_objects = 1
    incoming = fleet.receive()
    assert incoming is not None
    message = fleet.fetch(incoming)
    fleet.confirm(incoming)
    assert message.content.config_records["homeroom"]["body"] == b"hello"
    assert (incoming.run, message.metadata.message_type) == (RUN, "train")
    assert fake.confirmed == [incoming.head.metadata.message_id]


def test_receiving_says_whose_task_this_process_runs(fake: FakeFleet, fleet: Fleet) -> None:
    """Without it flwr builds no reply."""
    fake.queue(b"hello")
    fleet.receive()
    assert (TaskIdentity.run_id, TaskIdentity.node_id) == (RUN, NODE)


def test_nothing_waiting_is_none(fleet: Fleet) -> None:
    """Not an error."""
    assert fleet.receive() is None


def test_a_reply_goes_out_with_its_objects(fake: FakeFleet, fleet: Fleet) -> None:
    """The head carries no content; each object is pushed once."""
    fake.queue(b"hello")
    incoming = fleet.receive()
    assert incoming is not None
    content = RecordDict({"homeroom": ConfigRecord({"body": b"answer"})})
    fleet.send(Message(content, reply_to=fleet.fetch(incoming)), seconds=0.25)
    assert fake.reply is not None
    assert list(fake.reply.clientapp_runtime_list) == [0.25]
    assert not fake.reply.messages_list[0].content.items
    assert any(b"answer" in content for content in fake.pushed.values())
    assert fake.calls.count("PushObject") == len(fake.pushed) == 3


def test_an_error_reply_goes_out(fake: FakeFleet, fleet: Fleet) -> None:
    """Built from the head alone: the body of a message that is refused is never pulled."""
    fake.queue(b"hello")
    incoming = fleet.receive()
    assert incoming is not None
    fleet.send(failure(incoming.head, RefusalCode.BUNDLE_NOT_APPROVED), seconds=0.0)
    assert fake.error == (201, "bundle-not-approved")
    assert "PullObject" not in fake.calls


def test_the_bundle_is_hashed_as_it_came(fake: FakeFleet, fleet: Fleet) -> None:
    """The coordinator's own word for the digest isn't taken; one fetch per run."""
    assert fleet.bundle_digest(RUN) == fleet.bundle_digest(RUN) == sha256_hex(b"bundle")
    assert fake.calls.count("GetFab") == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, ErrorCode.NOT_ENROLLED),
        (403, ErrorCode.CAMPAIGN_STOPPED),
        (412, ErrorCode.NODE_BUSY),
        (404, ErrorCode.FLOWER_FAILED),
        (503, ErrorCode.UNREACHABLE),
        (0, ErrorCode.UNREACHABLE),
    ],
)
def test_each_status_has_its_meaning(fake: FakeFleet, fleet: Fleet, status: int, code: ErrorCode) -> None:
    """All of them may pass: the link waits and tries again."""
    fake.trouble["PullMessages"] = [status]
    with pytest.raises(RetryLater) as caught:
        fleet.receive()
    assert caught.value.code is code


def test_a_short_interruption_is_bridged(fake: FakeFleet, fleet: Fleet) -> None:
    """A call other than the poll is tried again by itself."""
    fake.trouble["GetRun"] = [0]
    assert fleet.bundle_digest(RUN) == sha256_hex(b"bundle")


def test_an_activation_that_fails_says_why(fake: FakeFleet) -> None:
    """An earlier link still counts as alive, or the key isn't known."""
    fake.trouble["ActivateNode"] = [412]
    with pytest.raises(RetryLater, match="earlier link") as caught:
        Fleet(cast(FleetHttpClient, fake), b"public key")
    assert caught.value.code is ErrorCode.NODE_BUSY


@pytest.mark.parametrize("status", [200, 0, 401])
def test_leaving_deactivates_the_node(fake: FakeFleet, status: int) -> None:
    """So that it can be activated again at once; a coordinator that is gone can't be told."""
    fake.trouble["DeactivateNode"] = [status]
    connected = Fleet(cast(FleetHttpClient, fake), b"public key")
    connected.leave()
    assert fake.calls[-1] == "DeactivateNode"


def test_the_heart_beats_until_the_school_leaves(fake: FakeFleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missed beat is made up for by the next; nothing else depends on one."""
    monkeypatch.setattr(fleet_module, "_HEARTBEAT_EVERY_SECONDS", 0.001)
    fake.trouble["SendNodeHeartbeat"] = [0, 401, 503]
    connected = Fleet(cast(FleetHttpClient, fake), b"public key")
    while fake.calls.count("SendNodeHeartbeat") < 5:
        connected.receive()
    connected.leave()
    assert fake.calls[-1] == "DeactivateNode"
