"""One link process per school: poll, check the bundle, answer with the installed ClientApp, look after releases.

The link runs no code that it is sent. Every failure becomes a fixed code before it leaves the school.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from flwr.app import Context, Message, RecordDict

from client.federation.fleet import Fleet, Gate, Incoming, connect
from client.federation.flower_app import Answer, client_app, failure
from common.errors import ErrorCode, HomeroomError, RetryLater
from common.logs import EventLog
from common.refusals import RefusalCode

_log = EventLog("link")


@dataclass(frozen=True, slots=True)
class Duties:
    """What the school does on the link's behalf, as plain functions.

    answer: a message's bytes to a reply's bytes. approved: whether a bundle's SHA-256 belongs to a campaign
    that an administrator approved. idle: called between messages. in_campaign: whether an approved campaign
    is running, so that the link polls quickly.
    """

    answer: Answer
    approved: Callable[[str], bool]
    idle: Callable[[], None] = field(default=lambda: None)
    in_campaign: Callable[[], bool] = field(default=lambda: False)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the link asks: seldom at rest, quickly after a message and while a campaign runs."""

    rest_seconds: float = 3.0
    quick_seconds: float = 0.2
    quick_for_seconds: float = 60.0
    first_retry_seconds: float = 1.0
    longest_retry_seconds: float = 30.0

    def wait_seconds(self, since_message_seconds: float, *, in_campaign: bool) -> float:
        """How long to wait before the next poll."""
        quick = in_campaign or since_message_seconds < self.quick_for_seconds
        return self.quick_seconds if quick else self.rest_seconds

    def retry_seconds(self, failures: int) -> float:
        """How long to wait after `failures` failures in a row: doubled each time, up to a limit."""
        return min(self.first_retry_seconds * 2.0 ** (failures - 1), self.longest_retry_seconds)


def serve_link(
    gate: Gate, duties: Duties, *, pace: Pace | None = None, stop: threading.Event | None = None
) -> None:
    """Serve until `stop` is set or SIGTERM arrives; a lost coordinator is waited for, never a reason to end.

    Raises FixSettings for a wrong key, certificate or version of flwr: waiting wouldn't help.
    """
    link = Link(duties, pace=pace or Pace(), stop=stop or threading.Event())
    with _leaving_on_sigterm():
        link.serve(gate)


class Link:
    """The loop of one link process; what it guards is when it last had a message and how often it failed."""

    def __init__(self, duties: Duties, *, pace: Pace, stop: threading.Event) -> None:
        self._duties, self._pace, self._stop = duties, pace, stop
        self._app = client_app(lambda _: duties.answer)
        self._last_message = float("-inf")
        self._failures = 0

    def serve(self, gate: Gate) -> None:
        """Connect, serve, and connect again after every loss, until told to stop."""
        while not self._stop.is_set():
            try:
                with connect(gate) as fleet:
                    _log.info("link-up", host=gate.address)
                    self.serve_connection(fleet)
            except RetryLater as trouble:
                self._wait_out(trouble)
        _log.info("link-left", host=gate.address)

    def serve_connection(self, fleet: Fleet) -> None:
        """Poll and answer on one connection; RetryLater when a fresh one is needed."""
        while not self._stop.is_set():
            try:
                incoming = fleet.receive()
            except RetryLater as trouble:
                if trouble.code is not ErrorCode.UNREACHABLE:
                    raise  # the coordinator has forgotten this node: connect afresh
                self._wait_out(trouble)
                continue
            if self._failures:
                _log.info("link-reaches-coordinator-again", attempt=self._failures)
                self._failures = 0
            if incoming is None:
                self._rest()
            else:
                self._one(fleet, incoming)
                self._last_message = time.monotonic()

    def _rest(self) -> None:
        run_idle(self._duties.idle)
        quiet = time.monotonic() - self._last_message
        self._stop.wait(self._pace.wait_seconds(quiet, in_campaign=self._duties.in_campaign()))

    def _wait_out(self, trouble: RetryLater) -> None:
        self._failures += 1
        seconds = self._pace.retry_seconds(self._failures)
        _log.warning(
            "link-waits", code=str(trouble.code), reason=trouble.sentence, attempt=self._failures, seconds=seconds
        )
        self._stop.wait(seconds)

    def _one(self, fleet: Fleet, incoming: Incoming) -> None:
        """Answer one message; the coordinator's deadline covers the ones that can't be answered."""
        started = time.monotonic()
        try:
            reply = self._reply(fleet, incoming)
            seconds = time.monotonic() - started
            fleet.send(reply, seconds=seconds)
        except RetryLater as trouble:
            _log.warning("message-lost", run=str(incoming.run), code=str(trouble.code))
            if trouble.code is ErrorCode.NOT_ENROLLED:
                raise
        else:
            code = reply.error.reason if reply.has_error() else "answered"
            _log.info("message-answered", run=str(incoming.run), state=code, seconds=round(seconds, 3))

    def _reply(self, fleet: Fleet, incoming: Incoming) -> Message:
        digest = fleet.bundle_digest(incoming.run)
        if not self._duties.approved(digest):
            _log.warning("bundle-refused", bundle=digest)
            fleet.confirm(incoming)
            return failure(incoming.head, RefusalCode.BUNDLE_NOT_APPROVED)
        try:
            message = fleet.fetch(incoming)
        except RetryLater:
            raise
        except Exception as error:  # noqa: BLE001 - edge: flwr's parsers raise whatever they like
            _log.error("message-broken", run=str(incoming.run), kind=type(error).__name__)
            return failure(incoming.head, RefusalCode.BAD_MESSAGE)
        fleet.confirm(incoming)
        if message.metadata.message_type != "train":
            return failure(message, RefusalCode.BAD_MESSAGE)
        context = Context(
            run_id=incoming.run, node_id=fleet.node_id, node_config={}, state=RecordDict(), run_config={}
        )
        return self._app(message, context)


def run_idle(idle: Callable[[], None]) -> None:
    """The hook between messages; its failure is noted and never stops the link."""
    try:
        idle()
    except HomeroomError as trouble:
        _log.warning("idle-failed", code=str(trouble.code), reason=trouble.sentence)
    except Exception as error:  # noqa: BLE001 - edge: looking for releases mustn't cost a round
        _log.error("idle-failed", kind=type(error).__name__)


@contextmanager
def _leaving_on_sigterm() -> Iterator[None]:
    """SIGTERM ends the process through the connection's exit, which deactivates the node.

    Whatever was running is cut off, as by a power cut: all that a school writes has to survive that anyway.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set handlers; a thread is stopped by its event
        return

    def leave(number: int, frame: FrameType | None) -> None:
        _log.info("link-terminated", state=signal.Signals(number).name)
        raise SystemExit(0)

    earlier = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)
