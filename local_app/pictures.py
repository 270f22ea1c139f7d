"""The twelve pictures of a PIN, each with its word, in an order that never changes: children remember places."""

from dataclasses import dataclass

from client.content.phrases import mark


@dataclass(frozen=True, slots=True)
class Picture:
    """symbol: its name in static/pictures.svg. word: shown below it and read aloud; translated by the page."""

    number: int
    symbol: str
    word: str


_WORDS = (
    *(mark("sun"), mark("cat"), mark("car"), mark("apple"), mark("fish"), mark("house")),
    *(mark("tree"), mark("ball"), mark("bee"), mark("bicycle"), mark("moon"), mark("elephant")),
)
PICTURES = tuple(Picture(number, word, word) for number, word in enumerate(_WORDS))
