"""The link's loop: whom it answers, what it refuses, how often it asks, and what can't stop it."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

import pytest
from flwr.supernode.fleet_http_client import FleetHttpClient

from client.federation import link as link_module
from client.federation.fleet import Fleet, Gate
from client.federation.link import Duties, Link, Pace, run_idle, serve_link
from common.canonical import sha256_hex
from common.errors import ErrorCode, FixSettings, RetryLater
from tests.support.fake_fleet import FakeFleet, no_call

GATE = Gate("coordinator.example:443", b"", b"")
AT_ONCE = Pace(0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass
class Ends:
    """Stops the link after a number of idle moments."""

    after: int
    stop: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> None:
        self.after -= 1
        if self.after <= 0:
            self.stop.set()


@dataclass
class Reverses:
    """An answer that notes what it was asked."""

    asked: list[bytes] = field(default_factory=list)

    def __call__(self, body: bytes) -> bytes:
        self.asked.append(body)
        return body[::-1]


def _serve(
    fake: FakeFleet,
    answer: Callable[[bytes], bytes],
    *,
    approved: Callable[[str], bool] = lambda digest: True,
    moments: int = 1,
) -> None:
    """Serves one connection until it has rested `moments` times."""
    ends = Ends(moments)
    link = Link(Duties(answer, approved, idle=ends), pace=AT_ONCE, stop=ends.stop)
    fleet = Fleet(cast(FleetHttpClient, fake), b"key")
    try:
        link.serve_connection(fleet)
    finally:
        fleet.leave()


def test_a_message_is_answered() -> None:
    """Bytes to the school's function, its bytes back, and the request confirmed."""
    fake, reverses = FakeFleet(), Reverses()
    fake.queue(b"hello")
    _serve(fake, reverses)
    assert reverses.asked == [b"hello"]
    assert any(b"olleh" in content for content in fake.pushed.values())
    assert len(fake.confirmed) == 1


def test_an_unapproved_bundle_is_refused_before_its_message_is_read() -> None:
    """The school answers with a fixed code; neither the body nor the answer function is touched."""
    fake = FakeFleet(b"another bundle")
    fake.queue(b"hello")
    _serve(fake, no_call, approved=lambda digest: digest != sha256_hex(b"another bundle"))
    assert fake.error == (201, "bundle-not-approved")
    assert "PullObject" not in fake.calls


def test_approval_is_asked_for_every_message() -> None:
    """Withdrawing an approval takes effect with the next message."""
    fake, answers, reverses = FakeFleet(), iter([True, False]), Reverses()
    fake.queue(b"one")
    fake.queue(b"two")
    _serve(fake, reverses, approved=lambda digest: next(answers))
    assert reverses.asked == [b"one"]
    assert fake.error == (201, "bundle-not-approved")


def test_a_failing_answer_becomes_a_code() -> None:
    """And the link goes on."""

    def answer(body: bytes) -> bytes:
        raise ValueError("Maria answered 7")

    fake = FakeFleet()
    fake.queue(b"hello")
    _serve(fake, answer)
    assert fake.error == (202, "failed-at-school")


def test_a_message_of_another_type_is_refused() -> None:
    """Flower knows evaluate and query too; Homeroom doesn't use them."""
    fake = FakeFleet()
    fake.queue(b"hello", message_type="query")
    _serve(fake, no_call)
    assert fake.error == (203, "bad-message")


def test_a_message_that_can_not_be_read_is_refused() -> None:
    """Whatever flwr's parsers raise, the link goes on."""
    fake = FakeFleet()
    fake.queue(b"hello")
    fake.spoil_objects()
    _serve(fake, no_call)
    assert fake.error == (203, "bad-message")


@pytest.mark.parametrize("call", ["GetRun", "ConfirmMessageReceived", "PushMessages"])
def test_a_run_that_ended_meanwhile_costs_one_message(call: str) -> None:
    """There is nobody to answer."""
    fake = FakeFleet()
    fake.queue(b"one")
    fake.queue(b"two")
    fake.trouble[call] = [403]
    _serve(fake, lambda body: body)
    assert any(b"two" in content for content in fake.pushed.values())


def test_a_lost_coordinator_is_waited_for_on_the_same_connection() -> None:
    """The node stays activated; leaving and coming back could take a minute."""
    fake = FakeFleet()
    fake.queue(b"hello")
    fake.trouble["PullMessages"] = [0, 503, 0]
    _serve(fake, lambda body: body)
    assert fake.calls.count("ActivateNode") == 1
    assert any(b"hello" in content for content in fake.pushed.values())


@pytest.mark.parametrize("call", ["PullMessages", "PushMessages"])
def test_a_coordinator_that_forgot_the_node_needs_a_new_connection(call: str) -> None:
    """After a restart of the SuperLink every call is answered with 401."""
    fake = FakeFleet()
    fake.queue(b"hello")
    fake.trouble[call] = [401]
    with pytest.raises(RetryLater) as caught:
        _serve(fake, lambda body: body)
    assert caught.value.code is ErrorCode.NOT_ENROLLED


def test_the_link_connects_again_after_every_loss(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A node that is still active, or a coordinator that is away, is waited for with a clear line."""
    fake = FakeFleet()
    losses = [ErrorCode.UNREACHABLE, ErrorCode.NODE_BUSY, ErrorCode.NOT_ENROLLED]

    @contextmanager
    def connect(gate: Gate) -> Iterator[Fleet]:
        if losses:
            raise RetryLater(losses.pop(0), "not yet")
        fleet = Fleet(cast(FleetHttpClient, fake), b"key")
        yield fleet
        fleet.leave()

    monkeypatch.setattr(link_module, "connect", connect)
    ends = Ends(1)
    with caplog.at_level(logging.INFO, logger="homeroom.link"):
        serve_link(GATE, Duties(no_call, lambda digest: True, idle=ends), pace=AT_ONCE, stop=ends.stop)
    waits = [record.getMessage() for record in caplog.records if "link-waits" in record.getMessage()]
    assert [code in line for code, line in zip(("unreach", "node-busy", "not-enr"), waits, strict=True)]
    assert fake.calls[-1] == "DeactivateNode"


def test_wrong_settings_end_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting wouldn't mend a key or a version."""

    @contextmanager
    def connect(gate: Gate) -> Iterator[Fleet]:
        raise FixSettings(ErrorCode.FLOWER_VERSION, "another version")
        yield

    monkeypatch.setattr(link_module, "connect", connect)
    with pytest.raises(FixSettings):
        serve_link(GATE, Duties(no_call, lambda digest: True), pace=AT_ONCE)


def test_sigterm_leaves_through_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The node is deactivated, and the earlier handler is back afterwards."""
    fake, earlier = FakeFleet(), signal.getsignal(signal.SIGTERM)

    @contextmanager
    def connect(gate: Gate) -> Iterator[Fleet]:
        fleet = Fleet(cast(FleetHttpClient, fake), b"key")
        try:
            yield fleet
        finally:
            fleet.leave()

    monkeypatch.setattr(link_module, "connect", connect)
    duties = Duties(no_call, lambda digest: True, idle=lambda: signal.raise_signal(signal.SIGTERM))
    with pytest.raises(SystemExit) as caught:
        serve_link(GATE, duties, pace=AT_ONCE)
    assert caught.value.code == 0
    assert fake.calls[-1] == "DeactivateNode"
    assert signal.getsignal(signal.SIGTERM) == earlier


def test_a_failing_idle_hook_is_noted_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    """Looking for a release mustn't cost a school its round; the log holds no text of the failure."""

    def fails(error: Exception) -> Callable[[], None]:
        def idle() -> None:
            raise error

        return idle

    with caplog.at_level(logging.WARNING, logger="homeroom.link"):
        run_idle(fails(ValueError("Maria")))
        run_idle(fails(RetryLater(ErrorCode.UNREACHABLE, "The coordinator is away.")))
    assert "Maria" not in caplog.text
    assert 'kind="ValueError"' in caplog.text
    assert 'code="unreachable"' in caplog.text


@pytest.mark.parametrize(
    ("quiet_seconds", "in_campaign", "expected"),
    [
        (float("inf"), False, 3.0),
        (0.0, False, 0.2),
        (59.9, False, 0.2),
        (60.0, False, 3.0),
        (3600.0, True, 0.2),
    ],
)
def test_the_link_asks_quickly_while_something_goes_on(
    quiet_seconds: float, in_campaign: bool, expected: float
) -> None:
    """Three seconds at rest, a fifth of a second for a minute after a message and during a campaign."""
    assert Pace().wait_seconds(quiet_seconds, in_campaign=in_campaign) == expected


def test_retries_double_up_to_half_a_minute() -> None:
    """A coordinator that comes back isn't stormed."""
    assert [Pace().retry_seconds(failures) for failures in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]
