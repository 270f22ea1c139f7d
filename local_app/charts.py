"""Pictures drawn on the server as SVG; each stands beside a sentence and a table that say the same."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from local_app.picture import WIDTH, picture, text_at

LEFT, RIGHT, TOP, BOTTOM = 96, 128, 46, 10
ROW, BAR = 46, 15
# More than this many times the largest limit is drawn as long as that; the figure beside it says how much it is.
LONGEST = 1.25


@dataclass(frozen=True, slots=True)
class Bars:
    """One cohort's two figures: charged within the last 365 days, and ever."""

    cohort: str
    year: float
    lifetime: float


@dataclass(frozen=True, slots=True)
class RungBar:
    """One model's share of pairs told apart, in [.5, 1] unless it is worse than guessing; serves: drawn dark."""

    name: str
    share: float
    serves: bool


def rung_chart(bars: Sequence[RungBar]) -> Markup:
    """A bar for each model, lowest rung first, from guessing (half) to perfect; the one that serves is dark."""
    left, right, height = 190, 150, 8 + 30 * len(bars) + 24
    width = WIDTH - left - right

    def row(bar: RungBar, y: int) -> str:
        long = width * min(max((bar.share - 0.5) / 0.5, 0.0), 1.0)
        fill = "#1f4e8c" if bar.serves else "#c7d8ef"
        words = f"{100 * bar.share:.1f} %{' serves' if bar.serves else ''}"
        return (
            f"{text_at(left - 8, y + 16, str(escape(bar.name)), anchor='end')}"
            f'<rect x="{left}" y="{y + 2}" width="{long:.1f}" height="20" fill="{fill}" stroke="#1f4e8c"/>'
            f"{text_at(WIDTH - right + 8, y + 16, words)}"
        )

    rows = "".join(row(bar, 8 + 30 * number) for number, bar in enumerate(bars))
    axis = text_at(left, height - 6, "50 %: guessing") + text_at(WIDTH - right, height - 6, "100 %", anchor="end")
    frame = (
        f'<rect x="{left}" y="4" width="{width}" height="{30 * len(bars) + 2}" fill="#ffffff" stroke="#c9cedb"/>'
    )
    return picture(height, label=rungs_in_words(bars), drawn=frame + rows + axis)


def rungs_in_words(bars: Sequence[RungBar]) -> str:
    """What the picture shows, for whoever can't see it."""
    said = (f"{bar.name}: {100 * bar.share:.1f} %{', which serves' if bar.serves else ''}." for bar in bars)
    return " ".join(["How often each model tells a right answer from a wrong one; half is guessing.", *said])


def budget_chart(title: str, bars: Sequence[Bars], *, year_cap: float, lifetime_cap: float) -> Markup:
    """Two bars for each cohort, this year's and the lifetime's, and a dashed line for each limit.

    title: under which assumption the figures hold; plain text. Limits are above 0.
    """
    largest = max([year_cap, lifetime_cap, *(value for bar in bars for value in (bar.year, bar.lifetime))])
    top = min(largest, max(year_cap, lifetime_cap) * LONGEST) * 1.02
    height = TOP + ROW * max(len(bars), 1) + BOTTOM
    limits = _limit(year_cap, top, height, name="year", line=0) + _limit(
        lifetime_cap, top, height, name="lifetime", line=1
    )
    rows = "".join(_row(bar, top, y=TOP + ROW * number) for number, bar in enumerate(bars))
    label = chart_in_words(title, bars, year_cap=year_cap, lifetime_cap=lifetime_cap)
    frame = (
        f'<rect x="{LEFT}" y="{TOP - 4}" width="{WIDTH - LEFT - RIGHT}" height="{height - TOP - BOTTOM + 8}"'
        ' fill="#ffffff" stroke="#c9cedb"/>'
    )
    return picture(height, label=label, drawn=frame + limits + rows)


def chart_in_words(title: str, bars: Sequence[Bars], *, year_cap: float, lifetime_cap: float) -> str:
    """What the picture shows, for whoever can't see it."""
    if not bars:
        return f"{title}. Nothing was charged."
    said = (
        f"{one.cohort}: {one.year:.2f} of {year_cap:g} within a year, "
        f"{one.lifetime:.2f} of {lifetime_cap:g} in all."
        for one in bars
    )
    return " ".join([f"{title}.", *said])


def counted_rounds(count: int) -> str:
    """The number with its noun."""
    return "1 round" if count == 1 else f"{count} rounds"


def _row(bar: Bars, top: float, *, y: int) -> str:
    year = _bar(bar.year, top, y=y + 6, words="within a year", fill="#1f4e8c")
    lifetime = _bar(bar.lifetime, top, y=y + 6 + BAR + 3, words="in all", fill="#c7d8ef")
    return f"{text_at(LEFT - 8, y + 27, str(escape(bar.cohort)), anchor='end')}{year}{lifetime}"


def _bar(value: float, top: float, *, y: int, words: str, fill: str) -> str:
    """With its figure in the margin, where no limit's line crosses it."""
    width = max(_x(value, top) - LEFT, 0.0)
    return (
        f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{fill}" stroke="#1f4e8c"/>'
        f"{text_at(WIDTH - RIGHT + 8, y + BAR - 3, f'{value:.2f} {words}')}"
    )


def _limit(cap: float, top: float, height: int, *, name: str, line: int) -> str:
    x = _x(cap, top)
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 4}" y2="{height - BOTTOM + 4}" stroke="#8c1f2f"'
        ' stroke-width="2" stroke-dasharray="6 4"/>'
        f"{text_at(x, 14 + 18 * line, f'{name} limit {cap:g}', anchor='middle', fill='#8c1f2f')}"
    )


def _x(value: float, top: float) -> float:
    """A figure that isn't a number is drawn to the end: it is within no limit."""
    share = min(value / top, 1.0) if math.isfinite(value) else 1.0
    return LEFT + (WIDTH - LEFT - RIGHT) * share
