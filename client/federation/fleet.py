"""The school's connection to the coordinator's Fleet API: the one module that uses flwr's private names.

It calls the same HTTP client as Flower's own SuperNode, without its retry layer: that one ends the process on
a 401, and waits a second where 50 ms do. `check_flower` refuses any other version of flwr, and any version
whose private names take other parameters. The bundle that a run brings is hashed, never opened.
"""

import importlib
import inspect
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import httpx
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_ssh_private_key

from common.canonical import sha256_hex
from common.errors import ErrorCode, FixSettings, RetryLater

try:
    import flwr
    from flwr.app import Message
    from flwr.app.message import remove_content_from_message
    from flwr.common.serde import message_from_proto, message_to_proto
    from flwr.proto.fab_pb2 import GetFabRequest
    from flwr.proto.fleet_pb2 import (
        ActivateNodeRequest,
        DeactivateNodeRequest,
        PullMessagesRequest,
        PushMessagesRequest,
    )
    from flwr.proto.heartbeat_pb2 import SendNodeHeartbeatRequest
    from flwr.proto.message_pb2 import (
        ConfirmMessageReceivedRequest,
        ObjectTree,
        PullObjectRequest,
        PullObjectResponse,
        PushObjectRequest,
        PushObjectResponse,
    )
    from flwr.proto.node_pb2 import Node
    from flwr.proto.run_pb2 import GetRunRequest
    from flwr.supercore.inflatable.inflatable_object import (
        get_all_nested_objects,
        get_object_tree,
        iterate_object_tree,
        no_object_id_recompute,
    )
    from flwr.supercore.inflatable.inflatable_protobuf_utils import (
        make_pull_object_fn_protobuf,
        make_push_object_fn_protobuf,
    )
    from flwr.supercore.inflatable.inflatable_utils import (
        inflate_object_from_contents,
        pull_objects,
        push_objects,
    )
    from flwr.supercore.interceptors.http.runtime_version import RuntimeVersionHttpInterceptor
    from flwr.supercore.primitives.asymmetric import public_key_to_bytes
    from flwr.supercore.task_identity import TaskIdentity
    from flwr.supernode.fleet_http_client import FleetHttpClient
    from flwr.supernode.node_auth_http_interceptor import NodeAuthHttpInterceptor
except ImportError as missing:
    raise FixSettings(
        ErrorCode.FLOWER_VERSION, "The school's link needs flwr 1.41.0, which isn't what is installed."
    ) from missing

FLOWER_VERSION = "1.41.0"
# Every private name that is called with arguments, and the parameters it must offer.
PRIVATE_PARAMETERS = {
    "flwr.app.message:remove_content_from_message": ("message",),
    "flwr.common.serde:message_from_proto": ("message_proto",),
    "flwr.common.serde:message_to_proto": ("message",),
    "flwr.supercore.inflatable.inflatable_object:get_all_nested_objects": ("obj",),
    "flwr.supercore.inflatable.inflatable_object:get_object_tree": ("obj",),
    "flwr.supercore.inflatable.inflatable_object:iterate_object_tree": ("tree",),
    "flwr.supercore.inflatable.inflatable_object:no_object_id_recompute": (),
    "flwr.supercore.inflatable.inflatable_protobuf_utils:make_pull_object_fn_protobuf": (
        "pull_object_protobuf", "node", "run_id",
    ),
    "flwr.supercore.inflatable.inflatable_protobuf_utils:make_push_object_fn_protobuf": (
        "push_object_protobuf", "node", "run_id", "session_id",
    ),
    "flwr.supercore.inflatable.inflatable_utils:inflate_object_from_contents": ("object_id", "object_contents"),
    "flwr.supercore.inflatable.inflatable_utils:pull_objects": (
        "object_ids", "pull_object_fn", "max_time", "initial_backoff", "backoff_cap",
    ),
    "flwr.supercore.inflatable.inflatable_utils:push_objects": (
        "objects", "push_object_fn", "object_ids_to_push",
    ),
    "flwr.supercore.interceptors.http.runtime_version:RuntimeVersionHttpInterceptor": ("component_name",),
    "flwr.supercore.primitives.asymmetric:public_key_to_bytes": ("public_key",),
    "flwr.supernode.node_auth_http_interceptor:NodeAuthHttpInterceptor": ("private_key", "public_key"),
    "flwr.supernode.fleet_http_client:FleetHttpClient.from_server_address": (
        "server_address", "insecure", "root_certificates", "interceptors",
    ),
    **{
        f"flwr.supernode.fleet_http_client:FleetHttpClient.{call}": ("request",)
        for call in (
            "ActivateNode", "DeactivateNode", "SendNodeHeartbeat", "PullMessages", "PushMessages",
            "GetRun", "GetFab", "PullObject", "PushObject", "ConfirmMessageReceived",
        )
    },
}  # fmt: skip
PRIVATE_ATTRIBUTES = {"flwr.supercore.task_identity:TaskIdentity": ("run_id", "node_id", "task_id")}

HEARTBEAT_INTERVAL_SECONDS = 30.0
_HEARTBEAT_EVERY_SECONDS = 20.0
_OBJECT_WAIT_SECONDS = 60.0
# Eleven seconds in all: a gate that restarts costs no school its round.
_TRIES, _FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 7, 0.2, 5.0
_AWAY = frozenset({502, 503, 504})

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Gate:
    """Where a school connects: host and port, the consortium's CA, and the school's own node key (OpenSSH)."""

    address: str
    ca_pem: bytes = field(repr=False)
    node_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that waits at the coordinator: its head, without content, and the ids of its objects."""

    run: int
    head: Message
    tree: ObjectTree


def check_flower(installed: str | None = None) -> None:
    """FixSettings unless flwr is the version this module was written against, name by name."""
    version = installed or flwr.__version__
    if version != FLOWER_VERSION:
        raise _wrong_flower(f"flwr {version} is installed; the link needs {FLOWER_VERSION}.")
    for reference, wanted in PRIVATE_PARAMETERS.items():
        missing = set(wanted) - set(inspect.signature(_resolve(reference)).parameters)
        if missing:
            raise _wrong_flower(f"flwr's {reference} no longer takes {sorted(missing)}.")
    for reference, wanted in PRIVATE_ATTRIBUTES.items():
        if not all(hasattr(type(_resolve(reference)), name) for name in wanted):
            raise _wrong_flower(f"flwr's {reference} has changed.")


@contextmanager
def connect(gate: Gate) -> Iterator["Fleet"]:
    """An activated connection; leaving it deactivates the node, so that it can be activated again at once.

    Raises FixSettings for a wrong key or certificate file, RetryLater(UNREACHABLE) if nobody answers,
    RetryLater(NODE_BUSY) while the coordinator still takes an earlier link for alive or doesn't know the
    node's key, RetryLater(NOT_ENROLLED) if the coordinator refuses the signature.
    """
    check_flower()
    key = load_node_key(gate.node_key)
    interceptors = (
        RuntimeVersionHttpInterceptor(component_name="SuperNode"),
        NodeAuthHttpInterceptor(key, key.public_key()),
    )
    try:
        client = FleetHttpClient.from_server_address(gate.address, False, gate.ca_pem, interceptors)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise FixSettings(ErrorCode.BAD_SETTINGS, "The consortium's certificate can't be read.") from error
    with client:
        fleet = Fleet(client, public_key_to_bytes(key.public_key()))
        try:
            yield fleet
        finally:
            fleet.leave()


def load_node_key(data: bytes) -> ec.EllipticCurvePrivateKey:
    """The node's key; FixSettings unless it is an elliptic-curve key in OpenSSH form."""
    try:
        key = load_ssh_private_key(data, None)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise FixSettings(ErrorCode.BAD_SETTINGS, "The school's node key isn't in OpenSSH form.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise FixSettings(ErrorCode.BAD_SETTINGS, "The school's node key isn't an elliptic-curve key.")
    return key


class Fleet:
    """One activated node: receives messages, fetches their content, sends replies, and keeps its heart beating."""

    def __init__(self, client: FleetHttpClient, public_key: bytes) -> None:
        self._client = client
        request = ActivateNodeRequest(public_key=public_key, heartbeat_interval=HEARTBEAT_INTERVAL_SECONDS)
        self.node_id: int = _call(client.ActivateNode, request, tries=1).node_id
        self._node = Node(node_id=self.node_id)
        self._digests: dict[int, str] = {}
        self._leaving = threading.Event()
        self._heart = threading.Thread(target=self._beat, name="fleet-heartbeat", daemon=True)
        self._heart.start()

    def receive(self) -> Incoming | None:
        """The next waiting message, or None. One short call; the caller decides how often."""
        response = _call(self._client.PullMessages, PullMessagesRequest(node=self._node), tries=1)
        if not response.messages_list:
            return None
        head = message_from_proto(response.messages_list[0])
        run = head.metadata.run_id
        # flwr builds a Message only in a process that says which task it is.
        TaskIdentity.run_id, TaskIdentity.node_id, TaskIdentity.task_id = run, self.node_id, 0
        return Incoming(run, head, response.message_object_trees[0])

    def bundle_digest(self, run: int) -> str:
        """SHA-256 of the bundle that came with a run; hashed once per run, never unpacked."""
        if run not in self._digests:
            ordered = _call(self._client.GetRun, GetRunRequest(node=self._node, run_id=run)).run.fab_hash
            request = GetFabRequest(node=self._node, hash_str=ordered, run_id=run)
            self._digests[run] = sha256_hex(_call(self._client.GetFab, request).fab.content)
        return self._digests[run]

    def fetch(self, incoming: Incoming) -> Message:
        """The whole message. Its head is visible before its objects are, hence the short back-off."""
        pull: Callable[[PullObjectRequest], PullObjectResponse] = partial(_call, self._client.PullObject)
        contents = pull_objects(
            [node.object_id for node in iterate_object_tree(incoming.tree)],
            make_pull_object_fn_protobuf(pull, self._node, incoming.run),
            max_time=_OBJECT_WAIT_SECONDS,
            initial_backoff=0.05,
            backoff_cap=0.5,
        )
        message = inflate_object_from_contents(incoming.tree.object_id, contents)
        if not isinstance(message, Message):
            raise TypeError("the objects hold no message")
        message.metadata.__dict__["_message_id"] = incoming.head.metadata.message_id
        return message

    def confirm(self, incoming: Incoming) -> None:
        """Tell the coordinator that it may drop the message's objects."""
        object_id = incoming.head.metadata.message_id
        request = ConfirmMessageReceivedRequest(node=self._node, run_id=incoming.run, message_object_id=object_id)
        _call(self._client.ConfirmMessageReceived, request)

    def send(self, reply: Message, *, seconds: float) -> None:
        """Send a reply and its objects; `seconds` is how long the answer took."""
        run = reply.metadata.run_id
        reply.metadata.__dict__["_message_id"] = reply.object_id
        with no_object_id_recompute():
            objects = get_all_nested_objects(reply)
            head = remove_content_from_message(reply) if reply.has_content() else reply
            request = PushMessagesRequest(
                node=self._node,
                messages_list=[message_to_proto(head)],
                message_object_trees=[get_object_tree(reply)],
                clientapp_runtime_list=[seconds],
            )
            response = _call(self._client.PushMessages, request)
            push: Callable[[PushObjectRequest], PushObjectResponse] = partial(_call, self._client.PushObject)
            put = make_push_object_fn_protobuf(push, self._node, run, response.session_id)
            push_objects(objects, put, object_ids_to_push=set(response.objects_to_push))

    def leave(self) -> None:
        """Stop the heartbeat and deactivate the node; a coordinator that is gone can't be told."""
        self._leaving.set()
        self._heart.join()
        with suppress(httpx.HTTPError, ValueError):
            self._client.DeactivateNode(DeactivateNodeRequest(node_id=self.node_id))

    def _beat(self) -> None:
        request = SendNodeHeartbeatRequest(node=self._node, heartbeat_interval=HEARTBEAT_INTERVAL_SECONDS)
        while not self._leaving.wait(_HEARTBEAT_EVERY_SECONDS):
            # A lost heartbeat needs no action here: the next poll meets the same trouble and reports it.
            with suppress(httpx.HTTPError, ValueError):
                self._client.SendNodeHeartbeat(request)


def _call(call: Callable[[T], R], request: T, *, tries: int = _TRIES) -> R:
    """One Fleet call with a short back-off while the coordinator is away; HTTP statuses become our errors."""
    for attempt in range(tries):
        try:
            return call(request)
        except httpx.TransportError as error:
            lost: httpx.HTTPError = error
        except httpx.HTTPStatusError as error:
            if error.response.status_code not in _AWAY:
                raise _refusal(error.response.status_code) from error
            lost = error
        if attempt + 1 < tries:
            time.sleep(min(_FIRST_WAIT_SECONDS * 2**attempt, _LONGEST_WAIT_SECONDS))
    raise RetryLater(ErrorCode.UNREACHABLE, "The coordinator can't be reached.") from lost


def _refusal(status: int) -> RetryLater:
    if status == httpx.codes.FORBIDDEN:
        return RetryLater(ErrorCode.CAMPAIGN_STOPPED, "The coordinator ended this run meanwhile.")
    if status == httpx.codes.PRECONDITION_FAILED:
        sentence = (
            "The coordinator still takes an earlier link of this school for alive (up to a minute), "
            "or it doesn't know this school's node key."
        )
        return RetryLater(ErrorCode.NODE_BUSY, sentence)
    if status == httpx.codes.UNAUTHORIZED:
        sentence = (
            "The coordinator doesn't accept this school's signature: it was restarted, the school isn't "
            "enrolled there, or this machine's clock is wrong."
        )
        return RetryLater(ErrorCode.NOT_ENROLLED, sentence)
    return RetryLater(ErrorCode.FLOWER_FAILED, f"The coordinator answered with HTTP status {status}.")


def _resolve(reference: str) -> Callable[..., object]:
    module, _, path = reference.partition(":")
    try:
        value: object = importlib.import_module(module)
        for name in path.split("."):
            value = getattr(value, name)
    except (ImportError, AttributeError) as error:
        raise _wrong_flower(f"flwr no longer has {reference}.") from error
    if not callable(value):
        raise _wrong_flower(f"flwr's {reference} has changed.")
    return value


def _wrong_flower(sentence: str) -> FixSettings:
    return FixSettings(ErrorCode.FLOWER_VERSION, f"{sentence} Install the versions of constraints.txt.")
