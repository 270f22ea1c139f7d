"""The coordinator's transport over Flower's Grid: one message per school with one bytes value, both ways.

Only `push_messages` and `pull_messages` are used: waiting, quorum and deadlines are the coordinator's own.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import httpx
from flwr.app import ConfigRecord, Message, RecordDict
from flwr.serverapp import Grid

from common.edge_codes import edge_code
from common.errors import ErrorCode, RetryLater
from common.exchange import RECORD_KEY, RECORD_NAME
from common.refusals import RefusalCode
from server.transport import Lost

# What the SuperLink itself answers with for a school that left or whose reply never came whole.
GONE = "node-unavailable"


class FlowerTransport:
    """Messages under way to schools. `nodes` gives the roster's node ids, read anew for every use."""

    def __init__(self, grid: Grid, nodes: Callable[[], Mapping[str, int]]) -> None:
        self._grid, self._nodes = grid, nodes
        self._waiting: dict[str, str] = {}  # message id -> school
        self._unknown: frozenset[str] = frozenset()

    def available(self) -> frozenset[str]:
        """The schools whose link is connected now, or was within the last minute."""
        with _flower_may_fail():
            online = set(self._grid.get_node_ids())
        return frozenset(school for school, node in self._nodes().items() if node in online)

    def send(self, requests: Mapping[str, bytes]) -> None:
        """Sends each school its bytes. Replies to whatever was sent before are given up for good.

        RetryLater if Flower didn't take every message.
        """
        nodes = self._nodes()
        self._waiting.clear()
        self._unknown = frozenset(requests) - frozenset(nodes)
        schools = sorted(frozenset(requests) - self._unknown)
        with _flower_may_fail():
            taken = list(self._grid.push_messages([_message(nodes[s], requests[s]) for s in schools]))
        if len(taken) != len(schools) or not all(taken):
            raise RetryLater(ErrorCode.FLOWER_FAILED, "Flower didn't take every message of this round.")
        self._waiting = dict(zip(taken, schools, strict=True))

    def collect(self) -> dict[str, bytes | Lost]:
        """What arrived since the last call, by school; returns at once."""
        arrived: dict[str, bytes | Lost] = {school: Lost(GONE) for school in self._unknown}
        self._unknown = frozenset()
        if not self._waiting:
            return arrived
        with _flower_may_fail():
            replies = list(self._grid.pull_messages(list(self._waiting)))
        for reply in replies:
            school = self._waiting.pop(reply.metadata.reply_to_message_id, None)
            if school is not None:  # a reply to a message of an earlier round is ignored for good
                arrived[school] = _content(reply)
        return arrived


@contextmanager
def _flower_may_fail() -> Iterator[None]:
    """flwr itself waits out a SuperLink that is away; what it lets through is an answer that it can't use."""
    try:
        yield
    except httpx.HTTPError as error:
        raise RetryLater(ErrorCode.FLOWER_FAILED, "Flower's SuperLink refused a call of this round.") from error


def _message(node: int, body: bytes) -> Message:
    content = RecordDict({RECORD_NAME: ConfigRecord({RECORD_KEY: body})})
    return Message(content, node, "train")


def _content(reply: Message) -> bytes | Lost:
    """A reply's bytes; an error becomes a fixed code, and its text is never read."""
    if reply.has_error():
        ours = edge_code(reply.error.code)
        return Lost(str(ours) if ours else GONE)
    record = reply.content.config_records.get(RECORD_NAME)
    body = record.get(RECORD_KEY) if record is not None else None
    return body if isinstance(body, bytes) else Lost(str(RefusalCode.BAD_MESSAGE))
