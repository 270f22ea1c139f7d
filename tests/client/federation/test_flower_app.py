"""The ClientApp edge: bytes in, bytes out, and nothing but fixed codes when something goes wrong."""

import logging
from pathlib import Path

import pytest
from flwr.app import ConfigRecord, Message, RecordDict

from client.federation.flower_app import (
    FOLDER_SETTING,
    FOLDER_VARIABLE,
    Answer,
    app,
    client_app,
    failure,
    reply_to,
)
from common.edge_codes import edge_number
from common.errors import Corrupt, ErrorCode
from common.refusals import RefusalCode
from tests.support.local_grid import identify_task, school_context


def _message(content: RecordDict) -> Message:
    identify_task(run=7, node=1000)
    message = Message(content, 1000, "train")
    message.metadata.__dict__["_message_id"] = "m"
    return message


def _request(body: bytes) -> Message:
    return _message(RecordDict({"homeroom": ConfigRecord({"body": body})}))


def _failing(error: Exception) -> Answer:
    def answer(body: bytes) -> bytes:
        raise error

    return answer


def test_the_answers_bytes_are_the_reply() -> None:
    """One record, one value, both ways."""
    reply = client_app(lambda _: lambda body: body[::-1])(_request(b"abc"), school_context())
    assert dict(reply.content.config_records["homeroom"]) == {"body": b"cba"}
    assert reply.metadata.reply_to_message_id == "m"


def test_an_exception_leaves_as_a_code_without_its_text() -> None:
    """flwr itself would send "ValueError: Maria answered 7" to the coordinator."""
    reply = reply_to(_request(b"x"), _failing(ValueError("Maria answered 7")))
    assert (reply.error.code, reply.error.reason) == (202, "failed-at-school")


def test_a_failure_is_noted_at_school_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    """Kind, file and line are enough to find a defect."""
    with caplog.at_level(logging.ERROR, logger="homeroom"):
        reply_to(_request(b"x"), _failing(KeyError("Maria")))
        reply_to(_request(b"x"), _failing(Corrupt(ErrorCode.BAD_MESSAGE, "cut short")))
    assert "Maria" not in caplog.text
    assert 'kind="KeyError"' in caplog.text
    assert 'code="bad-message"' in caplog.text
    assert 'file="test_flower_app.py"' in caplog.text


@pytest.mark.parametrize(
    "content",
    [
        RecordDict(),
        RecordDict({"homeroom": ConfigRecord({"other": b"x"})}),
        RecordDict({"other": ConfigRecord({"body": b"x"})}),
        RecordDict({"homeroom": ConfigRecord({"body": "text"})}),
    ],
)
def test_content_of_another_shape_is_a_bad_message(content: RecordDict) -> None:
    """The answer is never called with anything but bytes."""
    reply = reply_to(_message(content), _failing(AssertionError("must not be called")))
    assert reply.error.code == edge_number(RefusalCode.BAD_MESSAGE)


def test_a_failure_holds_a_fixed_name() -> None:
    """The name is the refusal's own."""
    reply = failure(_request(b"x"), RefusalCode.BUNDLE_NOT_APPROVED)
    assert (reply.error.code, reply.error.reason) == (201, "bundle-not-approved")


def test_without_a_folder_the_installed_app_fails_with_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stock node whose settings are incomplete takes no part, and says no more than that."""
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    assert app(_request(b"x"), school_context()).error.code == 202


def test_an_empty_folder_fails_with_a_code(tmp_path: Path) -> None:
    """The folder is opened when a message arrives, and a folder that holds no school is a failure there."""
    context = school_context({FOLDER_SETTING: str(tmp_path)})
    assert app(_request(b"x"), context).error.code == 202


def test_only_train_messages_have_a_handler() -> None:
    """The link refuses other types before they reach the app; the app has nothing for them either."""
    identify_task(run=7, node=1000)
    evaluate = Message(RecordDict(), 1000, "evaluate")
    with pytest.raises(ValueError, match="evaluate"):
        app(evaluate, school_context())
