"""The Flower transport: bytes to schools and back, over flwr's real records, with every school apart."""

from collections.abc import Iterable

import httpx
import pytest
from flwr.app import ConfigRecord, Message, RecordDict

from common.errors import ErrorCode, RetryLater
from server.flower_transport import FlowerTransport
from server.transport import Lost, Transport
from tests.support.local_grid import LocalGrid

BODIES = {"north": b"to north", "south": b"to south"}


def _reverse(body: bytes) -> bytes:
    return body[::-1]


def _fail(body: bytes) -> bytes:
    raise ValueError("Maria answered 7")


def _transport(grid: LocalGrid) -> FlowerTransport:
    return FlowerTransport(grid, lambda: grid.nodes)


def test_each_school_gets_its_own_bytes() -> None:
    """And its answer comes back under its name."""
    transport: Transport = _transport(LocalGrid({"north": _reverse, "south": _reverse}))
    transport.send(BODIES)
    assert transport.collect() == {"north": b"htron ot", "south": b"htuos ot"}


def test_an_answer_is_collected_once() -> None:
    """And nothing is made up when nobody was asked."""
    transport = _transport(LocalGrid({"north": _reverse}))
    assert transport.collect() == {}
    transport.send({"north": b"x"})
    assert transport.collect() == {"north": b"x"}
    assert transport.collect() == {}


def test_a_request_that_is_lost_has_no_answer() -> None:
    """The others' answers don't wait for it."""
    grid = LocalGrid({"north": _reverse, "south": _reverse}, drop=lambda school, request: school == "north")
    transport = _transport(grid)
    transport.send(BODIES)
    assert transport.collect() == {"south": b"htuos ot"}


def test_a_failure_at_a_school_is_a_code() -> None:
    """The text of an error reply is never read, whoever wrote it."""
    transport = _transport(LocalGrid({"north": _fail, "south": _reverse}))
    transport.send(BODIES)
    assert transport.collect() == {"north": Lost("failed-at-school"), "south": b"htuos ot"}


def test_a_school_whose_link_ended_is_lost() -> None:
    """A SuperLink answers for it; that is no answer of the school."""
    grid = LocalGrid({"north": _reverse, "south": _reverse})
    transport = _transport(grid)
    grid.leave("north")
    assert transport.available() == frozenset({"south"})
    transport.send(BODIES)
    assert transport.collect()["north"] == Lost("node-unavailable")


@pytest.mark.parametrize(
    "content",
    [
        RecordDict(),
        RecordDict({"homeroom": ConfigRecord({"body": "text"})}),
        RecordDict({"other": ConfigRecord({"body": b"x"})}),
    ],
)
def test_a_reply_of_another_shape_loses_one_school(content: RecordDict) -> None:
    """Whatever a school's program sends, the rest of the round goes on."""

    def tamper(school: str, reply: Message) -> Message:
        if school == "north":
            reply.content = content
        return reply

    transport = _transport(LocalGrid({"north": _reverse, "south": _reverse}, tamper=tamper))
    transport.send(BODIES)
    assert transport.collect() == {"north": Lost("bad-message"), "south": b"htuos ot"}


def test_a_late_reply_is_ignored_for_good() -> None:
    """Sending again gives up what was sent before."""
    grid = LocalGrid({"north": _reverse})
    transport = _transport(grid)
    transport.send({"north": b"first"})
    transport.send({"north": b"second"})
    assert transport.collect() == {"north": b"dnoces"}
    assert transport.collect() == {}


def test_a_reply_to_a_stranger_is_ignored() -> None:
    """A grid that hands out more than was asked for changes nothing."""

    class Talkative(LocalGrid):
        def pull_messages(self, message_ids: Iterable[str]) -> list[Message]:
            return super().pull_messages([sent for _, sent in self.sent])

    grid = Talkative({"north": _reverse})
    transport = _transport(grid)
    transport.send({"north": b"first"})
    transport.send({"north": b"second"})
    assert transport.collect() == {"north": b"dnoces"}


def test_a_school_without_a_node_is_lost_at_once() -> None:
    """It was never registered with Flower, so its answer can't come."""
    transport = _transport(LocalGrid({"north": _reverse}))
    transport.send({"north": b"x", "east": b"y"})
    assert transport.collect() == {"north": b"x", "east": Lost("node-unavailable")}
    assert transport.collect() == {}


def test_a_new_node_id_is_used_from_the_next_send() -> None:
    """The roster is registered anew after a restart of the SuperLink."""
    grid = LocalGrid({"north": _reverse, "south": _reverse})
    nodes = {"north": grid.nodes["south"]}
    transport = FlowerTransport(grid, lambda: nodes)
    nodes["north"] = grid.nodes["north"]
    transport.send({"north": b"x"})
    assert [school for school, _ in grid.sent] == ["north"]


def test_messages_that_flower_does_not_take_are_an_error() -> None:
    """Half a cohort asked is worse than a round begun again."""

    class Full(LocalGrid):
        def push_messages(self, messages: Iterable[Message]) -> list[str]:
            return []

    transport = _transport(Full({"north": _reverse}))
    with pytest.raises(RetryLater) as caught:
        transport.send({"north": b"x"})
    assert caught.value.code is ErrorCode.FLOWER_FAILED


def test_a_call_that_the_superlink_refuses_is_an_error() -> None:
    """In one sentence, without flwr's own text."""

    class Broken(LocalGrid):
        def get_node_ids(self) -> Iterable[int]:
            raise httpx.ReadError("details")

    with pytest.raises(RetryLater, match="SuperLink refused"):
        _transport(Broken({"north": _reverse})).available()
