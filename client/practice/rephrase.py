"""Asks a language model at the school to say the tutor's sentence in other words; the tutor's own stand in for it.

It gets the item's question and the tutor's sentence: no name, no id, nothing that the student wrote.
"""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from client.content.items import Item, plain_text
from client.practice.rephrase_gate import passes
from client.practice.tutor_plan import plan_of
from client.settings import TutorSettings
from common.errors import ErrorCode
from common.logs import EventLog

TRIES = 2
# After a failure the model is left alone for so long, so that nobody waits for it again and again.
REST_SECONDS = 60.0
MAX_REPLY_BYTES = 64_000
_TOLD = (
    "You help a maths tutor for children. Say the tutor's sentence in other plain English words. "
    "Keep its meaning and its question. Use no new number, no mathematics and no new fact. "
    "Never say or hint at the answer. Reply with the new sentence alone."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The tutor's sentence about an item. hidden: items whose answers are not to be told either."""

    item: Item
    sentence: str
    hidden: Sequence[Item] = ()


def wanted_of(item: Item, sentence: str) -> Wanted:
    """With every step of the item hidden."""
    return Wanted(item, sentence, tuple(ask.target for ask in plan_of(item).asks))


class Rephraser:
    """Knows where the model is, and when it failed last."""

    def __init__(self, settings: TutorSettings, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._seconds = seconds
        self._rests_until = 0.0
        self._log = EventLog("tutor")

    async def reword(self, wanted: Wanted) -> str:
        """The sentence in other words, past the gate; "" when the tutor's own words have to do."""
        if self._seconds() < self._rests_until:
            return ""
        try:
            async with asyncio.timeout(self._settings.model_timeout_seconds):
                return await self._asked(wanted)
        except (TimeoutError, httpx.HTTPError, ValueError, KeyError, TypeError, IndexError) as error:
            self._rests_until = self._seconds() + REST_SECONDS
            self._log.error("model-failed", code=ErrorCode.UNREACHABLE, error=type(error).__name__)
            return ""

    async def _asked(self, wanted: Wanted) -> str:
        patience = self._settings.model_timeout_seconds
        # Neither a proxy nor a redirect may carry the sentence out of the school.
        async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=patience) as client:
            for _ in range(TRIES):
                reworded = _content(await _reply(client, self._settings, _question(wanted)))
                if passes(wanted.sentence, reworded, item=wanted.item, hidden=wanted.hidden):
                    return reworded
        self._log.info("model-refused")
        return ""


def _question(wanted: Wanted) -> str:
    return json.dumps({"question": plain_text(wanted.item.stem), "sentence": wanted.sentence}, ensure_ascii=False)


async def _reply(client: httpx.AsyncClient, settings: TutorSettings, question: str) -> bytes:
    """ValueError for a reply that is too long, HTTPError for one that is none."""
    messages = [{"role": "system", "content": _TOLD}, {"role": "user", "content": question}]
    body = {"model": settings.model_name, "messages": messages, "max_tokens": 120, "stream": False}
    address = f"{settings.model_address.rstrip('/')}/v1/chat/completions"
    found = b""
    async with client.stream("POST", address, json=body) as response:
        response.raise_for_status()
        async for part in response.aiter_bytes():
            found += part
            if len(found) > MAX_REPLY_BYTES:
                raise ValueError("too long")
    return found


def _content(reply: bytes) -> str:
    answer: Any = json.loads(reply)
    content = answer["choices"][0]["message"]["content"]
    if not isinstance(content, str):
        raise TypeError("no text")
    return " ".join(content.strip().strip('"“”').split())
