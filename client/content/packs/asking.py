"""What the packs of algebra share: steps that ask for a value, wrong answers of any kind, and shuffled choices."""

from random import Random

from client.content import algebra as a
from client.content.algebra import Piece
from client.content.items import Answer, Choice, Distractor, Line, Part, Step
from client.content.packs.drawing import options


def works_out(value: Answer, *pieces: Piece, shown: Piece) -> Step:
    """The step `pieces` = ?, whose result is written as `shown`."""
    return Step((a.row(*pieces, "=", "?"),), value, (a.row(*pieces, "=", shown),))


def asks(question: str | Line, value: Answer, *reason: Part) -> Step:
    """A step in words."""
    return Step((question,) if isinstance(question, str) else question, value, reason)


def wrongs(answer: Answer, *found: tuple[str, Answer]) -> tuple[Distractor, ...]:
    """(misconception, wrong value) as distractors: none equal to the key and none twice; the first rule counts."""
    kept: dict[Answer, str] = {}
    for misconception, value in found:
        if value != answer:
            kept.setdefault(value, misconception)
    return tuple(Distractor(misconception, value) for value, misconception in kept.items())


def shuffled(random: Random, right: Line, *wrong: tuple[Line, str]) -> tuple[tuple[Choice, ...], str]:
    """(choices in random order, id of the right one) from labels and their misconceptions."""
    labels: list[tuple[Line, str]] = [(right, ""), *wrong]
    random.shuffle(labels)
    choices = options(*labels)
    return choices, next(choice.id for choice in choices if not choice.misconception)


def nonzero(random: Random, low: int, high: int) -> int:
    """A whole number of the range that isn't 0."""
    return random.choice([n for n in range(low, high + 1) if n])
