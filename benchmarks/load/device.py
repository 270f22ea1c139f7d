"""One student's device: raw HTTP over one kept connection, forms read and sent as a browser does.

An HTTP client library would cost more than the server that is measured.
"""

import asyncio
import random
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.load.school import SignedIn
from benchmarks.load.server import HOST
from client.content.bank import ItemBank
from client.content.items import AnswerKind, Item
from client.content.key_text import answer_text, key_text

_HIDDEN = re.compile(rb'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')
_ANSWER_FORM = re.compile(rb'<form class="answer".*?</form>', re.DOTALL)
_SET_FORM = re.compile(rb'<form method="post" action="/practice/set">.*?</form>', re.DOTALL)
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_MOVE_ON, _BETWEEN_SETS = b'formaction="/practice/next"', b'<form method="post" action="/practice/set">'
ANSWER, NEXT, PRACTICE, SYNC = "/practice/answer", "/practice/next", "/practice", "/practice/sync"
SET = "/practice/set"
RIGHT_SHARE = 0.75
# The load is fast, its students aren't: a page counts as shown so long before its answer.
THOUGHT_MS = 15_000
_FAR_OFF = {AnswerKind.EQUATION: "y = 98765", AnswerKind.INEQUALITY: "x < 98765", AnswerKind.POINT: "(98765, 1)"}

Form = dict[str, str]


class Gone(Exception):
    """The server closed the connection before it replied."""


@dataclass(slots=True)
class Device:
    """Keeps what it sent until the server has replied, as the page in a browser keeps its form.

    acknowledged: forms of the answers whose page has come, by their number. unanswered: the one without a reply.
    requests: how many were replied to, those between answers included.
    """

    who: SignedIn
    port: int
    bank: ItemBank = field(repr=False)
    chance: random.Random = field(repr=False)
    acknowledged: dict[str, Form] = field(default_factory=dict, repr=False)
    unanswered: Form | None = field(default=None, repr=False)
    requests: int = 0
    page: bytes = field(default=b"", repr=False)
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(
        default=None, init=False, repr=False
    )

    async def open_practice(self) -> None:
        """The practice page, as after signing in."""
        self.page = await self.exchange("GET", PRACTICE)

    async def answer(self) -> None:
        """Sends a first try and reads the page that acknowledges it; Gone if none comes."""
        fields = self.fields()
        family, _, seed = fields["offer"].partition("~")
        item = self.bank.generate(family, int(seed))
        response = key_text(item) if self.chance.random() < RIGHT_SHARE else wrong_text(item)
        shown_at = str(int(fields["shown_at"]) - THOUGHT_MS)
        await self.send({**fields, "shown_at": shown_at, "response": response})

    async def send(self, form: Form) -> None:
        """An answer's form, new or again."""
        self.unanswered = form
        self.page = await self.exchange("POST", ANSWER, form)
        self.acknowledged[form["answer_id"]] = form
        self.unanswered = None

    def may_move_on(self) -> bool:
        """Whether the item on the page was tried in vain, or the set is over."""
        return _MOVE_ON in self.page or _BETWEEN_SETS in self.page

    async def move_on(self) -> None:
        """To the next item, past one that was tried in vain or over to the next set."""
        if _BETWEEN_SETS in self.page:
            await self.exchange("POST", SET, {**self.fields(_SET_FORM), "skill": ""}, wanted=b"303")
            return await self.open_practice()
        self.page = await self.exchange("POST", NEXT, self.fields())

    def fields(self, which: re.Pattern[bytes] = _ANSWER_FORM) -> Form:
        """The hidden fields of a form of the page, by default the answer's."""
        form = which.search(self.page)
        if form is None:
            raise RuntimeError("The page holds no answer form.")
        return {name.decode(): value.decode() for name, value in _HIDDEN.findall(form.group())}

    async def exchange(self, method: str, path: str, form: Form | None = None, *, wanted: bytes = b"200") -> bytes:
        """The reply's body. Gone when the server goes; RuntimeError for a reply that isn't the wanted one."""
        body = urlencode(form or {}).encode()
        try:
            reader, writer = self._streams = self._streams or await asyncio.open_connection(HOST, self.port)
            writer.write(self._head(method, path, len(body)) + body)
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            text = await reader.readexactly(int(length.group(1)) if length else 0)
        except (asyncio.IncompleteReadError, OSError) as error:
            self.close()
            raise Gone from error
        self.requests += 1
        if not head.startswith(b"HTTP/1.1 " + wanted):
            raise RuntimeError(f"{method} {path} was answered with {head[:20]!r}.")
        return text

    def close(self) -> None:
        """Lets the connection go."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    def _head(self, method: str, path: str, length: int) -> bytes:
        return (
            f"{method} {path} HTTP/1.1\r\nHost: {HOST}:{self.port}\r\n"
            f"Cookie: homeroom_student={self.who.token}\r\n"
            f"Origin: http://{HOST}:{self.port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {length}\r\n\r\n"
        ).encode()


def wrong_text(item: Item) -> str:
    """A wrong answer that can be read: another choice, a known mistake, or a number far off."""
    if item.choices:
        return next(one.id for one in item.choices if one.id != item.answer)
    if item.distractors:
        return answer_text(item.distractors[0].value)
    return _FAR_OFF.get(item.kind, "98765")
