"""Number lines that go below zero: points, jumps, and the solutions of an inequality."""

from client.content.figures import Figure
from client.content.svg import BLUE, WIDTH, arrow, dot, figure, signed, spoken, stroke, text

_MARGIN = 30
_AXIS = 60


def points_on_line(low: int, high: int, points: dict[str, int]) -> Figure:
    """A line with letters at whole numbers; every number is a mark, 0 and the ends carry their numbers."""
    shapes = _axis(low, high, labels=(low, 0, high))
    for name, value in points.items():
        shapes += [dot((_x(value, low, high), _AXIS)), text((_x(value, low, high), _AXIS - 16), name, size=18)]
    placed = [f"{name} is {_from_zero(value)}" for name, value in points.items()]
    words = f"A number line from {spoken(low)} to {spoken(high)} with a mark at each whole number. "
    return figure(shapes, words + "; ".join(placed) + ".", height=100)


def jump_on_line(low: int, high: int, *, start: int, hop: int) -> Figure:
    """A dot at `start` and an arrow of `hop` from it."""
    at, to = _x(start, low, high), _x(start + hop, low, high)
    shapes = [*_axis(low, high, labels=tuple(range(low, high + 1))), dot((at, _AXIS), colour=BLUE)]
    shapes.append(arrow((at, _AXIS - 28), (to, _AXIS - 28)))
    way = "right" if hop > 0 else "left"
    words = (
        f"A number line. A dot stands at {spoken(start)}. An arrow starts there and goes {abs(hop)} to the {way}."
    )
    return figure(shapes, words, height=100)


def solutions_on_line(low: int, high: int, *, end: int, closed: bool, upwards: bool) -> Figure:
    """A thick half line from `end`, with a filled dot if the end belongs and an open one if not."""
    at = _x(end, low, high)
    edge = WIDTH - 8 if upwards else 8
    shapes = _axis(low, high, labels=tuple(range(low, high + 1)))
    shapes += [arrow((at, _AXIS), (edge, _AXIS)), dot((at, _AXIS), filled=closed)]
    kind, way = ("filled" if closed else "open"), ("right" if upwards else "left")
    words = f"A number line. A thick line starts at {spoken(end)} with {'a' if closed else 'an'} {kind} dot "
    return figure(shapes, f"{words}and goes on to the {way} without end.", height=100)


def _axis(low: int, high: int, *, labels: tuple[int, ...]) -> list[str]:
    shapes = [stroke((10, _AXIS), (WIDTH - 10, _AXIS))]
    for value in range(low, high + 1):
        x, reach = _x(value, low, high), 12 if value == 0 else 7
        shapes.append(stroke((x, _AXIS - reach), (x, _AXIS + reach)))
        if value in labels:
            shapes.append(text((x, _AXIS + 30), signed(value), size=13 if high - low >= 16 else 16))
    return shapes


def _x(value: int, low: int, high: int) -> float:
    return _MARGIN + (value - low) * (WIDTH - 2 * _MARGIN) / (high - low)


def _from_zero(value: int) -> str:
    if value == 0:
        return "at 0"
    marks = "1 mark" if abs(value) == 1 else f"{abs(value)} marks"
    return f"{marks} to the {'right' if value > 0 else 'left'} of 0"
