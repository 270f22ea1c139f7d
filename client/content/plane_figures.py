"""The coordinate plane: points with names, and straight lines, on a grid of squares."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from client.content.figures import Figure
from client.content.svg import BLUE, RED, Place, dot, figure, signed, spoken, stroke, text

_SIDE, _MARGIN = 340, 24
_COLOURS = (BLUE, RED)


@dataclass(frozen=True, slots=True)
class Plane:
    """A square window of squares from `low` to `high`; a square is 1 wide and `y_step` high."""

    low: int
    high: int
    y_step: int = 1


@dataclass(frozen=True, slots=True)
class Straight:
    """A line through two points of the grid, named if there are two of them."""

    first: tuple[int, int]
    second: tuple[int, int]
    name: str = ""


def plane_of_points(plane: Plane, points: dict[str, tuple[int, int]], *, told: bool = True) -> Figure:
    """Points with names. told: whether the words give the coordinates or the way from the origin."""
    shapes = [*_grid(plane)]
    for name, at in points.items():
        x, y = _place(plane, at)
        shapes += [dot((x, y)), text((x + 12, y - 9), name, size=18)]
    places = [f"{name} {f'is {_told(at)}' if told else _way(at)}" for name, at in points.items()]
    return figure(shapes, _words(plane, "; ".join(places)), height=_SIDE, width=_SIDE)


def plane_of_lines(plane: Plane, lines: Sequence[Straight]) -> Figure:
    """Straight lines from edge to edge, each with a dot at its two points."""
    shapes = [*_grid(plane)]
    for line, colour in zip(lines, _COLOURS, strict=False):
        start, end = _clipped(plane, line)
        shapes.append(stroke(_place(plane, start), _place(plane, end), colour=colour, width=3))
        shapes += [dot(_place(plane, at), colour=colour) for at in (line.first, line.second)]
        if line.name:
            x, y = _place(plane, line.second)
            beside = 14 if line.second[0] >= 0 else -14  # away from the numbers of the axis
            shapes.append(text((x + beside, y + 18), line.name, size=18))
    said = [
        f"{f'Line {line.name}' if line.name else 'A straight line'} goes through {_told(line.first)} and "
        f"{_told(line.second)}"
        for line in lines
    ]
    return figure(shapes, _words(plane, ". ".join(said)), height=_SIDE, width=_SIDE)


def _words(plane: Plane, rest: str) -> str:
    squares = "" if plane.y_step == 1 else f" One square is 1 wide and {plane.y_step} high."
    return f"A coordinate grid.{squares} {rest}."


def _told(at: tuple[int, int]) -> str:
    return f"the point {spoken(at[0])}, {spoken(at[1])}"


def _way(at: tuple[int, int]) -> str:
    """How to walk from the origin, so that hearing it asks as much as seeing it."""
    across = f"{abs(at[0])} to the {'right' if at[0] > 0 else 'left'}" if at[0] else "neither left nor right"
    up = f"{abs(at[1])} {'up' if at[1] > 0 else 'down'}" if at[1] else "neither up nor down"
    return f"is {across} and {up} from the origin"


@cache
def _grid(plane: Plane) -> tuple[str, ...]:
    shapes = []
    for square in range(plane.low, plane.high + 1):
        x, y = square, square * plane.y_step
        bottom, top = plane.low * plane.y_step, plane.high * plane.y_step
        look = ("#222222", 2.5) if square == 0 else ("#c4c4c4", 1.0)
        shapes.append(_thread(plane, (x, bottom), (x, top), look=look))
        shapes.append(_thread(plane, (plane.low, y), (plane.high, y), look=look))
        if square and square % (2 if plane.high - plane.low > 12 else 1) == 0:
            shapes += _labels(plane, x, y)
    (end, level), (middle, upper) = _place(plane, (plane.high, 0)), _place(plane, (0, plane.high * plane.y_step))
    return (*shapes, text((end + 12, level + 5), "x", size=15), text((middle, upper - 8), "y", size=15))


def _labels(plane: Plane, x: int, y: int) -> list[str]:
    (right, below), (left, beside) = _place(plane, (x, 0)), _place(plane, (0, y))
    along = text((right, below + 14), signed(x), size=11)
    return [along, text((left - 5, beside + 4), signed(y), size=11, anchor="end")]


def _thread(plane: Plane, start: Place, end: Place, *, look: tuple[str, float]) -> str:
    return stroke(_place(plane, start), _place(plane, end), colour=look[0], width=look[1])


def _place(plane: Plane, at: tuple[float, float]) -> Place:
    square = (_SIDE - 2 * _MARGIN) / (plane.high - plane.low)
    across, up = at[0] - plane.low, at[1] / plane.y_step - plane.low
    return _MARGIN + across * square, _SIDE - _MARGIN - up * square


def _clipped(plane: Plane, line: Straight) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where the line leaves the window; it isn't upright."""
    (x, y), (to_x, to_y) = line.first, line.second
    slope = (to_y - y) / (to_x - x)
    ends: list[float] = [plane.low, plane.high]
    if slope:
        crossings = sorted(x + (edge * plane.y_step - y) / slope for edge in (plane.low, plane.high))
        ends = [max(plane.low, crossings[0]), min(plane.high, crossings[1])]
    return (ends[0], y + slope * (ends[0] - x)), (ends[1], y + slope * (ends[1] - x))
