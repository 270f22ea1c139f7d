"""A coordinator's Fleet API as a fake: the calls that a school's connection makes, answered from memory."""

import itertools
from typing import Any

import httpx
from flwr.app import ConfigRecord, Message, RecordDict
from flwr.app.message import remove_content_from_message
from flwr.common.serde import message_to_proto
from flwr.proto.fab_pb2 import Fab, GetFabRequest, GetFabResponse
from flwr.proto.fleet_pb2 import (
    ActivateNodeRequest,
    ActivateNodeResponse,
    DeactivateNodeRequest,
    DeactivateNodeResponse,
    PullMessagesRequest,
    PullMessagesResponse,
    PushMessagesRequest,
    PushMessagesResponse,
)
from flwr.proto.heartbeat_pb2 import SendNodeHeartbeatRequest, SendNodeHeartbeatResponse
from flwr.proto.message_pb2 import (
    ConfirmMessageReceivedRequest,
    ConfirmMessageReceivedResponse,
    PullObjectRequest,
    PullObjectResponse,
    PushObjectRequest,
    PushObjectResponse,
)
from flwr.proto.run_pb2 import GetRunRequest, GetRunResponse, Run
from flwr.supercore.inflatable.inflatable_object import get_all_nested_objects, get_object_tree

from tests.support.local_grid import identify_task

NODE, RUN = 1000, 7


class FakeFleet:
    """`queue(body)` leaves a message for the school; `calls`, `confirmed` and `pushed` say what the school did.

    `trouble` maps a call's name to the HTTP statuses (or 0 for a broken connection) that it meets first.
    """

    def __init__(self, bundle: bytes = b"bundle") -> None:
        self.bundle = bundle
        self.calls: list[str] = []
        self.confirmed: list[str] = []
        self.pushed: dict[str, bytes] = {}
        self.reply: PushMessagesRequest | None = None
        self.trouble: dict[str, list[int]] = {}
        self.late_objects = 0
        self._messages: list[PullMessagesResponse] = []
        self._objects: dict[str, bytes] = {}
        self._numbers = itertools.count(1)

    def queue(self, body: bytes, *, message_type: str = "train") -> None:
        """A message as a ServerApp would have pushed it."""
        identify_task(run=RUN, node=0)
        content = RecordDict({"homeroom": ConfigRecord({"body": body, "number": next(self._numbers)})})
        message = Message(content, NODE, message_type)
        message.metadata.__dict__["_message_id"] = message.object_id
        objects = get_all_nested_objects(message)
        self._objects.update({key: value.deflate() for key, value in objects.items()})
        head = message_to_proto(remove_content_from_message(message))
        self._messages.append(
            PullMessagesResponse(messages_list=[head], message_object_trees=[get_object_tree(message)])
        )

    def spoil_objects(self) -> None:
        """Every object's bytes are damaged on the way."""
        self._objects = {key: b"broken" for key in self._objects}

    def _enter(self, name: str) -> None:
        self.calls.append(name)
        statuses = self.trouble.get(name, [])
        if not statuses:
            return
        status = statuses.pop(0)
        request = httpx.Request("POST", "https://coordinator.example/")
        if status == 0:
            raise httpx.ConnectError("connection lost", request=request)
        if status != 200:
            response = httpx.Response(status, request=request)
            raise httpx.HTTPStatusError("refused", request=request, response=response)

    def ActivateNode(self, request: ActivateNodeRequest) -> ActivateNodeResponse:
        self._enter("ActivateNode")
        return ActivateNodeResponse(node_id=NODE)

    def DeactivateNode(self, request: DeactivateNodeRequest) -> DeactivateNodeResponse:
        self._enter("DeactivateNode")
        return DeactivateNodeResponse()

    def SendNodeHeartbeat(self, request: SendNodeHeartbeatRequest) -> SendNodeHeartbeatResponse:
        self._enter("SendNodeHeartbeat")
        return SendNodeHeartbeatResponse(success=True)

    def PullMessages(self, request: PullMessagesRequest) -> PullMessagesResponse:
        self._enter("PullMessages")
        return self._messages.pop(0) if self._messages else PullMessagesResponse()

    def GetRun(self, request: GetRunRequest) -> GetRunResponse:
        self._enter("GetRun")
        return GetRunResponse(run=Run(run_id=RUN, fab_hash="named by the coordinator"))

    def GetFab(self, request: GetFabRequest) -> GetFabResponse:
        self._enter("GetFab")
        return GetFabResponse(fab=Fab(hash_str=request.hash_str, content=self.bundle))

    def PullObject(self, request: PullObjectRequest) -> PullObjectResponse:
        self._enter("PullObject")
        if self.late_objects:
            self.late_objects -= 1
            return PullObjectResponse(object_found=True, object_available=False)
        content = self._objects[request.object_id]
        return PullObjectResponse(object_found=True, object_available=True, object_content=content)

    def ConfirmMessageReceived(self, request: ConfirmMessageReceivedRequest) -> ConfirmMessageReceivedResponse:
        self._enter("ConfirmMessageReceived")
        self.confirmed.append(request.message_object_id)
        return ConfirmMessageReceivedResponse()

    def PushMessages(self, request: PushMessagesRequest) -> PushMessagesResponse:
        self._enter("PushMessages")
        self.reply = request
        wanted = _ids(request.message_object_trees[0])
        return PushMessagesResponse(objects_to_push=wanted, session_id="session")

    def PushObject(self, request: PushObjectRequest) -> PushObjectResponse:
        self._enter("PushObject")
        self.pushed[request.object_id] = request.object_content
        return PushObjectResponse(stored=True)

    @property
    def error(self) -> tuple[int, str] | None:
        """Number and reason of the error reply that the school sent, if it sent one."""
        if self.reply is None or not self.reply.messages_list[0].HasField("error"):
            return None
        error = self.reply.messages_list[0].error
        return error.code, error.reason


def _ids(tree: Any) -> list[str]:
    return [tree.object_id, *itertools.chain.from_iterable(map(_ids, tree.children))]


def no_call(*arguments: object) -> bytes:
    """An answer or a hook that must not be reached."""
    raise AssertionError("must not be called")
