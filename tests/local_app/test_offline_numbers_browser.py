"""The grader in the browser never contradicts the server's: 20,000 typed answers, read by both."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Page

from client.content import reading
from client.content.forms import form_ok
from client.content.items import Form
from client.content.typing_habits import TypingHabits
from client.content.units import without_unit
from client.content.written_forms import Shape, shape_of
from tests.support.served import served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
OFFLINE = Path(__file__).resolve().parents[2] / "local_app" / "static" / "offline"
VECTORS, SEED = 20_000, 20261124
FORMS = (Form.ANY, Form.SIMPLEST, Form.MIXED, Form.IMPROPER, Form.DECIMAL, Form.PERCENT)
SCRIPTS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９")
READ_ALL = """async (vectors) => {
  const { readNumber, formOk } = await import("/numbers.js");
  return vectors.map(([text, form, mark, units]) => {
    const read = readNumber(text, { decimalMark: mark, units });
    return read && [read.value, formOk(form, read)];
  });
}"""


@dataclass(frozen=True, slots=True)
class Typed:
    """One answer. plain: a well-written number, which the browser has to be able to read."""

    text: str
    form: Form
    mark: str
    units: tuple[str, ...]
    plain: bool

    def for_browser(self) -> list[Any]:
        """As JSON."""
        return [self.text, str(self.form), self.mark, list(self.units)]


def whole(chance: random.Random, most: int = 999) -> str:
    """Sometimes large, sometimes 0."""
    return str(chance.choice((chance.randint(0, 12), chance.randint(0, most), 0)))


def well_written(chance: random.Random, mark: str) -> str:
    """A whole number, decimal, fraction or mixed number."""
    kinds = (
        lambda: whole(chance, 10**12),
        lambda: f"{whole(chance)}{mark}{chance.randint(0, 9999):0{chance.randint(1, 4)}d}",
        lambda: f"{whole(chance)}/{chance.randint(1, 24)}",
        lambda: f"{chance.randint(0, 40)} {whole(chance, 24)}/{chance.randint(1, 24)}",
    )
    return chance.choice(kinds)()


def dressed(chance: random.Random, text: str) -> str:
    """The same with a minus, spaces, another script or another spelling of a sign."""
    minus = chance.choice(("", "", "", "-", "−", "–", "- "))
    script = chance.choice((SCRIPTS[0],) * 6 + SCRIPTS)
    text = text.translate({ord(plain): script[value] for value, plain in enumerate(SCRIPTS[0])})
    text = text.replace("/", chance.choice(("/", "/", " / ", "⁄")))
    return chance.choice(("", " ", "\u200f")) + minus + text + chance.choice(("", "", "  ", "\u200e"))


def scrambled(chance: random.Random) -> str:
    """Anything that fingers may hit."""
    return "".join(chance.choice("0123456789 ./,-−()+x×=½²%r'km٣") for _ in range(chance.randint(0, 9)))


def vectors() -> Iterator[Typed]:
    """Well-written numbers and scrambled ones, with forms, decimal marks and units."""
    chance = random.Random(SEED)
    for number in range(VECTORS):
        form, mark = chance.choice(FORMS), chance.choice("..,")
        units = chance.choice(((), (), ("km", "k"), ("$",)))
        plain = number % 2 == 0
        text = dressed(chance, well_written(chance, mark)) if plain else scrambled(chance)
        if units and chance.random() < 0.5:
            text = f"${text}" if units == ("$",) else f"{text} km"
        yield Typed(text, form, mark, units, plain and units == ())


def at_the_server(typed: Typed) -> list[Any] | None:
    """Value and form; None for what is no number worked out."""
    text = without_unit(typed.text, typed.units)
    found = reading.read(text, reading.number, TypingHabits((), typed.mark))
    if found is None or any(shape_of(part).shape is Shape.CALCULATION for part in found.written):
        return None
    return [str(found.value), form_ok(typed.form, found, ())]


def test_the_browser_reads_what_the_server_reads_or_nothing(page: Page) -> None:
    """Value and form agree wherever the browser decides, and it decides on nearly every well-written number."""
    typed = list(vectors())
    app = FastAPI()
    app.mount("/", StaticFiles(directory=OFFLINE))
    with served(app) as address:
        page.goto(f"{address}/numbers.js")
        read = page.evaluate(READ_ALL, [one.for_browser() for one in typed])
    expected = [at_the_server(one) for one in typed]
    wrong = [
        (one, here, there)
        for one, here, there in zip(typed, read, expected, strict=True)
        if here and here != there
    ]
    assert wrong == []
    plain = [here is not None for one, here in zip(typed, read, strict=True) if one.plain]
    assert sum(plain) / len(plain) > 0.9
    assert sum(here is not None for here in read) > VECTORS / 3
