"""The picture of the fairness check: how far promises are from what happened, by group, with intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from local_app.picture import FINE, UNLIKE, WIDTH, estimate_at, picture, text_at

LEFT, RIGHT, TOP, ROW, BOTTOM = 200, 130, 10, 34, 40
_LEAST_REACH = 0.05


@dataclass(frozen=True, slots=True)
class GroupMark:
    """One group: mean chance minus share right with its interval; alarm: unlike the others."""

    name: str
    bias: float
    low: float
    high: float
    alarm: bool


def equity_chart(marks: Sequence[GroupMark]) -> Markup:
    """A row a group. In the middle: promised as much as happened; a square is unlike the others, not by chance."""
    reach = max([_LEAST_REACH, *(abs(value) for mark in marks for value in (mark.low, mark.high))]) * 1.1
    width, height = WIDTH - LEFT - RIGHT, ROW * len(marks)
    middle = LEFT + width / 2
    rows = "".join(
        _row(mark, TOP + ROW * (place + 0.5), middle=middle, scale=width / 2 / reach)
        for place, mark in enumerate(marks)
    )
    frame = (
        f'<rect x="{LEFT}" y="{TOP}" width="{width}" height="{height}" fill="#ffffff" stroke="#c9cedb"/>'
        f'<line x1="{middle}" x2="{middle}" y1="{TOP}" y2="{TOP + height}" stroke="#1d2433"/>'
    )
    sides = text_at(LEFT, TOP + height + 18, "promised too little") + text_at(
        LEFT + width, TOP + height + 18, "promised too much", anchor="end"
    )
    return picture(TOP + height + BOTTOM, label=groups_in_words(marks), drawn=frame + rows + sides)


def groups_in_words(marks: Sequence[GroupMark]) -> str:
    """What the picture shows, for whoever can't see it."""
    said = (f"{mark.name}: {_points(mark)}{', unlike the others' if mark.alarm else ''}." for mark in marks)
    return " ".join(["How many right answers in 100 were promised beyond those that came, by group.", *said])


def _points(mark: GroupMark) -> str:
    return f"{100 * mark.bias:+.1f}, between {100 * mark.low:+.1f} and {100 * mark.high:+.1f}"


def _row(mark: GroupMark, y: float, *, middle: float, scale: float) -> str:
    x, low, high = (middle + scale * value for value in (mark.bias, mark.low, mark.high))
    colour = UNLIKE if mark.alarm else FINE
    line = f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colour}" stroke-width="3"/>'
    point, words = estimate_at(x, y, alarm=mark.alarm), f"{100 * mark.bias:+.1f} in 100"
    return (
        f"{text_at(LEFT - 8, y + 5, str(escape(mark.name[:26])), anchor='end')}{line}{point}"
        f"{text_at(WIDTH - RIGHT + 8, y + 5, words)}"
    )
