"""The picture of the item check: how much was right of each item against what was to be expected."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from client.insight.item_analysis import Flag
from local_app.picture import picture, text_at

LEFT, TOP, SIDE, BOTTOM = 90, 12, 300, 44
_COLOURS = {Flag.WRONG_KEY: "#8c1f2f", Flag.NONE: "#7a8aa3"}
_UNLIKE = "#7a4a00"


@dataclass(frozen=True, slots=True)
class ItemDot:
    """One item: shares in [0, 1], and what is said of it."""

    expected: float
    right: float
    flag: Flag


def item_chart(dots: Sequence[ItemDot]) -> Markup:
    """A dot an item, flagged ones on top; on the slanted line an item is as hard as expected."""
    ordered = sorted(dots, key=lambda dot: (dot.flag is not Flag.NONE, dot.flag is Flag.WRONG_KEY))
    drawn = "".join(map(_dot, ordered))
    return picture(TOP + SIDE + BOTTOM, label=items_in_words(dots), drawn=_frame() + drawn + _legend())


def items_in_words(dots: Sequence[ItemDot]) -> str:
    """What the picture shows, for whoever can't see it."""
    counts = {flag: sum(dot.flag is flag for dot in dots) for flag in Flag}
    said = [f"{count} {flag}" for flag, count in counts.items() if count and flag is not Flag.NONE]
    return (
        f"How much was right of {len(dots)} items, against what was to be expected of the students who met them. "
        f"{', '.join(said) if said else 'None stands out'}."
    )


def _frame() -> str:
    end = TOP + SIDE
    words = (
        text_at(LEFT - 8, TOP + 12, "all right", anchor="end")
        + text_at(LEFT - 8, end, "all wrong", anchor="end")
        + text_at(LEFT, end + 18, "expected: all wrong")
        + text_at(LEFT + SIDE, end + 36, "expected: all right", anchor="end")
    )
    return (
        f'<rect x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="#ffffff" stroke="#c9cedb"/>'
        f'<line x1="{LEFT}" y1="{end}" x2="{LEFT + SIDE}" y2="{TOP}" stroke="#1d2433"'
        f' stroke-dasharray="4 4"/>{words}'
    )


def _legend() -> str:
    x, rows = LEFT + SIDE + 24, (Flag.WRONG_KEY, Flag.TOO_HARD, Flag.NONE)
    names = {Flag.WRONG_KEY: "probably a wrong key", Flag.TOO_HARD: "worth a look", Flag.NONE: "as expected"}
    return "".join(
        _shape(x, TOP + 20 + 26 * place, flag) + text_at(x + 14, TOP + 25 + 26 * place, names[flag])
        for place, flag in enumerate(rows)
    )


def _dot(dot: ItemDot) -> str:
    return _shape(LEFT + SIDE * dot.expected, TOP + SIDE * (1 - dot.right), dot.flag)


def _shape(x: float, y: float, flag: Flag) -> str:
    """Shapes differ as well as colours."""
    colour = _COLOURS.get(flag, _UNLIKE)
    if flag is Flag.WRONG_KEY:
        return f'<rect x="{x - 6:.1f}" y="{y - 6:.1f}" width="12" height="12" fill="{colour}"/>'
    if flag is Flag.NONE:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="none" stroke="{colour}" stroke-width="2"/>'
    points = f"{x:.1f},{y - 7:.1f} {x + 7:.1f},{y + 6:.1f} {x - 7:.1f},{y + 6:.1f}"
    return f'<polygon points="{points}" fill="{colour}"/>'
