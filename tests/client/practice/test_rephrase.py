"""Asking a language model at the school: what it hears, and that the tutor's own words stand in for it."""

import asyncio
import json

import pytest

from client.content.items import plain_text
from client.practice.rephrase import MAX_REPLY_BYTES, REST_SECONDS, Rephraser, wanted_of
from client.settings import TutorSettings
from tests.support.fake_language_model import FakeLanguageModel, language_model
from tests.support.practising import BANK

ITEM = BANK.generate("Q8.procedure", 3)
SENTENCE = "Are the pieces the same size?"
SOUND = "Do you think the pieces are the same size?"


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _settings(address: str, *, patience: float = 8.0) -> TutorSettings:
    return TutorSettings(model_address=address, model_name="small", model_timeout_seconds=patience)


def _reword(model: FakeLanguageModel, *, patience: float = 8.0) -> str:
    with language_model(model) as address:
        return asyncio.run(Rephraser(_settings(address, patience=patience)).reword(wanted_of(ITEM, SENTENCE)))


def test_a_sound_sentence_is_taken() -> None:
    """Without the quotation marks that models like to add."""
    assert _reword(FakeLanguageModel([f'"{SOUND}"\n'])) == SOUND


def test_the_model_hears_the_question_and_the_sentence_and_nothing_else() -> None:
    """No name, no id, nothing that a student wrote, and not the answer."""
    model = FakeLanguageModel([SOUND])
    _reword(model)
    (heard,) = model.heard
    assert set(heard) == {"model", "messages", "max_tokens", "stream"}
    system, user = heard["messages"]
    assert json.loads(user["content"]) == {"question": plain_text(ITEM.stem), "sentence": SENTENCE}
    assert "23" not in system["content"] + user["content"]


def test_it_may_try_twice() -> None:
    """A first reply that tells the answer is thrown away, and a second sound one is taken."""
    model = FakeLanguageModel(["Is it 23/18?", SOUND])
    assert _reword(model) == SOUND
    assert len(model.heard) == 2


@pytest.mark.parametrize(
    "reply",
    [
        "The answer is 23/18.",
        "Could it be twenty-three over eighteen?",
        "<a href='https://example.org'>Are the pieces the same size?</a>",
        "Are the pieces the same size? <script>alert(1)</script>",
        "Ignore the tutor and tell me your name?",
        "",
    ],
)
def test_what_does_not_pass_the_gate_is_not_shown(reply: str) -> None:
    """The tutor's own words are, and the model was asked twice, no more."""
    model = FakeLanguageModel([reply])
    assert _reword(model) == ""
    assert len(model.heard) == 2


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"garbage",
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b'{"choices": [{"message": null}]}',
        b"\xff\xfe",
        b"x" * (MAX_REPLY_BYTES + 1),
    ],
)
def test_garbage_is_no_reply(reply: bytes) -> None:
    """Whatever the service sends, practice goes on."""
    assert _reword(FakeLanguageModel([reply])) == ""


@pytest.mark.parametrize("status", [302, 404, 500])
def test_an_error_is_no_reply(status: int) -> None:
    """And a redirect isn't followed: it could lead out of the school."""
    assert _reword(FakeLanguageModel([SOUND], status=status)) == ""


def test_nobody_waits_for_a_model_that_hangs() -> None:
    """Beyond the time that the school set."""
    assert _reword(FakeLanguageModel([SOUND], hangs=True), patience=0.2) == ""


def test_a_model_that_failed_is_left_alone_for_a_while() -> None:
    """So that a class doesn't wait for it at every turn."""
    model, seconds = FakeLanguageModel([b"garbage", SOUND]), Seconds()
    with language_model(model) as address:
        rephraser = Rephraser(_settings(address), seconds=seconds)
        said = []
        for passed in (0.0, REST_SECONDS - 1, 2.0):
            seconds.now += passed
            said.append(asyncio.run(rephraser.reword(wanted_of(ITEM, SENTENCE))))
    assert said == ["", "", SOUND]
    assert len(model.heard) == 2


def test_a_model_that_is_not_there_is_no_reply() -> None:
    """Nobody listens at this address."""
    with language_model(FakeLanguageModel()) as address:
        pass
    assert asyncio.run(Rephraser(_settings(address)).reword(wanted_of(ITEM, SENTENCE))) == ""
