"""Flower's Grid in one process: calls ClientApps directly, through flwr's real record serialisation.

`drop` loses a request, `tamper` changes a reply on its way, `leave` makes a school's node unavailable. flwr keeps
the identity of the running task per process, so use one grid at a time.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flwr.app import Context, Error, Message, RecordDict
from flwr.app.user_config import UserConfig
from flwr.clientapp import ClientApp
from flwr.common.constant import ErrorCode
from flwr.common.serde import recorddict_from_proto, recorddict_to_proto
from flwr.serverapp import Grid
from flwr.supercore.task_identity import TaskIdentity

from client.federation.flower_app import Answer, client_app

RUN = 7


class LocalGrid(Grid):
    """Schools as functions. `nodes` maps their names to node ids; `sent` lists (school, message id)."""

    def __init__(
        self,
        answers: Mapping[str, Answer],
        *,
        drop: Callable[[str, Message], bool] = lambda school, request: False,
        tamper: Callable[[str, Message], Message] = lambda school, reply: reply,
    ) -> None:
        self.nodes = {school: 1000 + number for number, school in enumerate(sorted(answers))}
        self.sent: list[tuple[str, str]] = []
        self._apps = {school: _app(answer) for school, answer in answers.items()}
        self._gone: set[str] = set()
        self._drop, self._tamper = drop, tamper
        self._replies: dict[str, Message] = {}
        self._numbers = itertools.count(1)
        identify_task(run=RUN, node=0)

    def leave(self, school: str) -> None:
        """The school's link ends; messages to it come back as errors, as from a SuperLink."""
        self._gone.add(school)

    def get_node_ids(self) -> Iterable[int]:
        """Who is connected."""
        return [node for school, node in self.nodes.items() if school not in self._gone]

    def push_messages(self, messages: Iterable[Message]) -> list[str]:
        """Delivers at once; the reply waits for `pull_messages`."""
        return [self._deliver(message) for message in messages]

    def pull_messages(self, message_ids: Iterable[str]) -> list[Message]:
        """The replies that are there, each once."""
        return [self._replies.pop(i) for i in list(message_ids) if i in self._replies]

    def _deliver(self, message: Message) -> str:
        message_id = f"message-{next(self._numbers)}"
        school = next(name for name, node in self.nodes.items() if node == message.metadata.dst_node_id)
        message.metadata.__dict__["_message_id"] = message_id
        self.sent.append((school, message_id))
        if not self._drop(school, message):
            reply = self._unavailable(message) if school in self._gone else self._call(school, message)
            self._replies[message_id] = self._tamper(school, reply)
        return message_id

    def _call(self, school: str, message: Message) -> Message:
        message.content = over_the_wire(message.content)
        node = self.nodes[school]
        identify_task(run=RUN, node=node)
        context = Context(run_id=RUN, node_id=node, node_config={}, state=RecordDict(), run_config={})
        reply = self._apps[school](message, context)
        identify_task(run=RUN, node=0)
        if reply.has_content():
            reply.content = over_the_wire(reply.content)
        return reply

    def _unavailable(self, message: Message) -> Message:
        return Message(Error(code=ErrorCode.NODE_UNAVAILABLE, reason="Node Unavailable"), reply_to=message)

    def set_run(self, run: Any) -> None:
        """Part of Grid; this one has a single run."""

    @property
    def run(self) -> Any:
        """Part of Grid."""
        return RUN

    def create_message(self, content: RecordDict, *rest: Any, **named: Any) -> Message:
        """Deprecated in flwr; ours never calls it."""
        raise NotImplementedError

    def send_and_receive(self, messages: Iterable[Message], *, timeout: float | None = None) -> list[Message]:
        """Never used: waiting is the coordinator's own."""
        raise NotImplementedError


def over_the_wire(content: RecordDict) -> RecordDict:
    """Records as they come out of flwr's own serialisation."""
    return recorddict_from_proto(recorddict_to_proto(content))


def identify_task(*, run: int, node: int) -> None:
    """flwr builds no Message before the process says whose task it runs."""
    TaskIdentity.run_id, TaskIdentity.node_id, TaskIdentity.task_id = run, node, 1


def school_context(node_config: UserConfig | None = None) -> Context:
    """A ClientApp's context as a node would hand it over."""
    return Context(run_id=RUN, node_id=1000, node_config=node_config or {}, state=RecordDict(), run_config={})


def _app(answer: Answer) -> ClientApp:
    return client_app(lambda _: answer)
