"""The ClientApp edge: unpack one message, call a plain function on bytes, pack its reply.

`app` runs in the school's link and, unmodified, under a stock `flower-supernode`: the school's folder is then
found in the node's own settings (`school-folder`) or in HOMEROOM_SCHOOL_FOLDER. Nothing is opened at import.
"""

import importlib
import os
from collections.abc import Callable
from pathlib import Path

from flwr.app import ConfigRecord, Context, Error, Message, RecordDict
from flwr.clientapp import ClientApp

from common.edge_codes import edge_number
from common.errors import ErrorCode, FixSettings, HomeroomError
from common.exchange import RECORD_KEY, RECORD_NAME
from common.logs import EventLog
from common.refusals import RefusalCode

Answer = Callable[[bytes], bytes]

FOLDER_VARIABLE, FOLDER_SETTING = "HOMEROOM_SCHOOL_FOLDER", "school-folder"
# The composition sits a layer above this edge, so it is looked up by name when the first message arrives.
_COMPOSITION, _OPEN = "client.federation.school_link", "open_answer"


def client_app(answer_of: Callable[[Context], Answer]) -> ClientApp:
    """A ClientApp that answers `train` messages with `answer_of(context)`."""
    edge = ClientApp()

    @edge.train()
    def train(message: Message, context: Context) -> Message:
        return reply_to(message, lambda body: answer_of(context)(body))

    return edge


def reply_to(message: Message, answer: Answer) -> Message:
    """The reply to `message`; whatever goes wrong becomes a fixed code."""
    body = _unpack(message)
    if body is None:
        return failure(message, RefusalCode.BAD_MESSAGE)
    try:
        reply = answer(body)
    except Exception as error:  # noqa: BLE001 - outermost edge: Flower would send the text to the coordinator
        _note(error)
        return failure(message, RefusalCode.FAILED_AT_SCHOOL)
    return Message(RecordDict({RECORD_NAME: ConfigRecord({RECORD_KEY: reply})}), reply_to=message)


def failure(message: Message, code: RefusalCode) -> Message:
    """An error reply that holds nothing but the refusal's fixed name and number."""
    return Message(Error(code=edge_number(code), reason=str(code)), reply_to=message)


def _unpack(message: Message) -> bytes | None:
    if not message.has_content():
        return None
    record = message.content.config_records.get(RECORD_NAME)
    body = record.get(RECORD_KEY) if record is not None else None
    return body if isinstance(body, bytes) else None


def _note(error: Exception) -> None:
    """Where it failed, for the school's own log: the kind of error, file and line hold no data."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    EventLog("link").error(
        "answer-failed",
        kind=type(error).__name__,
        code=str(error.code) if isinstance(error, HomeroomError) else None,
        file=Path(last.tb_frame.f_code.co_filename).name if last else None,
        line=last.tb_lineno if last else None,
    )


def _school_of(context: Context) -> Answer:
    """The installed school's answer; FixSettings if nobody said which folder it lives in."""
    folder = context.node_config.get(FOLDER_SETTING) or os.environ.get(FOLDER_VARIABLE)
    if not isinstance(folder, str):
        raise FixSettings(ErrorCode.BAD_SETTINGS, f"Set {FOLDER_VARIABLE} to the school's folder.")
    answer: Answer = getattr(importlib.import_module(_COMPOSITION), _OPEN)(Path(folder))
    return answer


# `flwr run` looks for this very assignment.
app = client_app(_school_of)
