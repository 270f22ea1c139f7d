"""The picture of the drift monitor: one mark a look, above the line where the skill tracer was better."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from local_app.picture import FINE, UNLIKE, WIDTH, estimate_at, picture, text_at

LEFT, RIGHT, TOP, HEIGHT, BOTTOM = 130, 24, 14, 200, 30
_LEAST_REACH = 0.01


@dataclass(frozen=True, slots=True)
class LookMark:
    """One look: the difference in log loss with its interval; worse: whether the monitor called it so."""

    day: str
    mean: float
    low: float
    high: float
    worse: bool


def drift_chart(marks: Sequence[LookMark]) -> Markup:
    """Oldest first. A filled circle is a look that was fine, a square one at which what served was worse."""
    reach = max([_LEAST_REACH, *(abs(value) for mark in marks for value in (mark.low, mark.high))]) * 1.1
    step = (WIDTH - LEFT - RIGHT) / max(len(marks), 1)

    def y(value: float) -> float:
        return TOP + HEIGHT / 2 - HEIGHT / 2 * value / reach

    drawn = "".join(_mark(mark, LEFT + step * (place + 0.5), y) for place, mark in enumerate(marks))
    days = "".join(
        text_at(LEFT + step * (place + 0.5), TOP + HEIGHT + 20, str(escape(mark.day)), anchor="middle")
        for place, mark in enumerate(marks)
        if len(marks) <= 8 or place in {0, len(marks) - 1}
    )
    return picture(TOP + HEIGHT + BOTTOM, label=drift_in_words(marks), drawn=_frame() + drawn + days)


def _frame() -> str:
    """The box, the line of equally good, and what the sides mean."""
    middle, end = TOP + HEIGHT / 2, TOP + HEIGHT
    words = (
        (TOP + 16, "skill tracer"),
        (TOP + 32, "better"),
        (middle + 5, "equally good"),
        (end - 22, "what serves"),
        (end - 6, "better"),
    )
    return (
        f'<rect x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" height="{HEIGHT}" fill="#ffffff"'
        f' stroke="#c9cedb"/><line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{middle}" y2="{middle}" stroke="#1d2433"/>'
        + "".join(text_at(LEFT - 8, y, said, anchor="end") for y, said in words)
    )


def drift_in_words(marks: Sequence[LookMark]) -> str:
    """What the picture shows, for whoever can't see it."""
    said = (
        f"{mark.day}: {abs(mark.mean):.3f} {'worse' if mark.mean > 0 else 'better'}"
        f"{', and not by chance' if mark.worse else ''}."
        for mark in marks
    )
    return " ".join(["What serves against the skill tracer, in log loss, look by look.", *said])


def _mark(mark: LookMark, x: float, y: Callable[[float], float]) -> str:
    colour = UNLIKE if mark.worse else FINE
    line = (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y(mark.low):.1f}" y2="{y(mark.high):.1f}" stroke="{colour}"'
        ' stroke-width="3"/>'
    )
    return line + estimate_at(x, y(mark.mean), alarm=mark.worse)
