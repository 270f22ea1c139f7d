"""A chart as SVG: lines or points on two axes, told apart by colour, dash and shape; a table stands beside it."""

import math
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 236, 40, 52
COLOURS = ("#1f4e8c", "#8c1f2f", "#1b6e4b", "#7a4a00", "#5b3a8c", "#3d4657")
DASHES = ("", "7 4", "2 3", "10 3 2 3", "", "7 4")
TICKS = 5
INK, GRID = "#1d2433", "#c9cedb"


@dataclass(frozen=True, slots=True)
class Series:
    """name: as the legend says it. points: (x, y) in the order in which they are joined."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """x_names: names of x = 0, 1, 2, ... instead of numbers. joined: points are joined by lines."""

    title: str
    x: str
    y: str
    series: tuple[Series, ...]
    x_names: tuple[str, ...] = ()
    joined: bool = True
    logarithmic: bool = False
    diagonal: bool = False


@dataclass(frozen=True, slots=True)
class _Axis:
    """From data to pixels; the ends of the data, and those of the picture."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """Where a value lies."""
        low, high, here = (math.log(v) if self.logarithmic else v for v in (self.low, self.high, value))
        return self.start + (self.end - self.start) * (here - low) / (high - low)


def svg(chart: Chart) -> str:
    """The picture, with what it shows in words for whoever can't see it. Needs at least one point."""
    across, up = _axes(chart)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(in_words(chart))}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 22, chart.title, weight="bold"),
        *_grid(chart, across, up),
        *([_line((across.start, up.at(across.low)), (across.end, up.at(across.high)))] if chart.diagonal else []),
        *(_series(one, n, across, up=up, joined=chart.joined) for n, one in enumerate(chart.series)),
        *(_legend(one, n, joined=chart.joined) for n, one in enumerate(chart.series)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def in_words(chart: Chart) -> str:
    """The title and each series' first and last value."""
    ends = (
        f"{one.name}: {one.points[0][1]:.3f} to {one.points[-1][1]:.3f}"
        if chart.joined
        else f"{one.name}: {len(one.points)} points"
        for one in chart.series
        if one.points
    )
    return f"{chart.title}. {chart.y} by {chart.x}. {'; '.join(ends)}."


def _axes(chart: Chart) -> tuple[_Axis, _Axis]:
    xs = [x for one in chart.series for x, _ in one.points]
    ys = [y for one in chart.series for _, y in one.points]
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    if chart.diagonal:
        return _Axis(0, 1, LEFT, right), _Axis(0, 1, bottom, TOP)
    room = 0.06 * (max(ys) - min(ys)) or 0.01
    up = _Axis(min(ys) - room, max(ys) + room, bottom, TOP)
    if chart.x_names:
        return _Axis(-0.4, len(chart.x_names) - 0.6, LEFT, right), up
    if chart.logarithmic:
        return _Axis(min(xs) / 1.15, max(xs) * 1.15, LEFT, right, logarithmic=True), up
    side = 0.04 * (max(xs) - min(xs)) or 0.5
    return _Axis(min(xs) - side, max(xs) + side, LEFT, right), up


def _grid(chart: Chart, across: _Axis, up: _Axis) -> list[str]:
    parts = []
    for number in range(TICKS):
        share = number / (TICKS - 1)
        value = up.low + (up.high - up.low) * share
        y = up.at(value)
        parts += [_line((across.start, y), (across.end, y)), _text(LEFT - 8, y + 4, f"{value:.3f}", anchor="end")]
    for x, name in _x_ticks(chart, across):
        parts.append(_text(across.at(x), HEIGHT - BOTTOM + 18, name, anchor="middle"))
    middle = (across.start + across.end) / 2
    parts.append(_text(middle, HEIGHT - 10, chart.x, anchor="middle"))
    parts.append(_text(LEFT, TOP - 4, chart.y, size=12))
    return parts


def _x_ticks(chart: Chart, across: _Axis) -> list[tuple[float, str]]:
    if chart.x_names:
        return [(float(n), name) for n, name in enumerate(chart.x_names)]
    if chart.logarithmic:
        powers = range(math.ceil(math.log10(across.low)), math.floor(math.log10(across.high)) + 1)
        return [(10.0**power, f"{10**power:,}") for power in powers]
    shares = [number / (TICKS - 1) for number in range(TICKS)]
    return [(x, f"{x:.2f}") for x in (across.low + (across.high - across.low) * share for share in shares)]


def _series(one: Series, number: int, across: _Axis, *, up: _Axis, joined: bool) -> str:
    places = [(across.at(x), up.at(y)) for x, y in one.points]
    drawn = "".join(_mark(x, y, number) for x, y in places)
    if not joined:
        return drawn
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polyline points="{path}" fill="none" {_stroke(number)}/>{drawn}'


def _legend(one: Series, number: int, *, joined: bool) -> str:
    x, y = WIDTH - RIGHT + 14, TOP + 12 + 22 * number
    line = f'<line x1="{x}" x2="{x + 26}" y1="{y}" y2="{y}" {_stroke(number)}/>' if joined else ""
    return f"{line}{_mark(x + 13, y, number)}{_text(x + 34, y + 4, one.name)}"


def _mark(x: float, y: float, number: int) -> str:
    """A circle, a square, a triangle, a diamond, in turn."""
    fill, shape = COLOURS[number % len(COLOURS)], number % 4
    if shape == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}"/>'
    corners = {
        1: ((-3.6, -3.6), (3.6, -3.6), (3.6, 3.6), (-3.6, 3.6)),
        2: ((0, -5), (4.6, 4), (-4.6, 4)),
        3: ((0, -5), (5, 0), (0, 5), (-5, 0)),
    }[shape]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon points="{points}" fill="{fill}"/>'


def _stroke(number: int) -> str:
    dash = DASHES[number % len(DASHES)]
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return f'stroke="{COLOURS[number % len(COLOURS)]}" stroke-width="2"{broken}'


def _line(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = start, end
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{GRID}"/>'


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "normal", size: int = 13) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="{size}" font-weight="{weight}" fill="{INK}">{escape(words)}</text>'
