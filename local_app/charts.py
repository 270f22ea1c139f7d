"""Pictures drawn on the server as SVG; each stands beside a sentence and a table that say the same."""

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 220, 48, 16, 16, 36


def budget_chart(spent: Sequence[float], cap: float) -> Markup:
    """Epsilon after each charged round as steps under the school's cap.

    spent: cumulative epsilon after each charge, in order; cap: the lifetime limit, above 0.
    """
    top = max(cap * 1.08, *spent, 1e-9) if spent else cap * 1.08
    points = _steps(spent, top)
    y_cap = _y(cap, top)
    ticks = "".join(_tick(value, top) for value in (0.0, cap / 2, cap))
    newest = f"{spent[-1]:.2f}" if spent else "0"
    label = f"Epsilon spent: {newest} of {cap:g} after {counted_rounds(len(spent))}."
    svg = (
        f'<svg class="bar" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">'
        f'<rect x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" height="{HEIGHT - TOP - BOTTOM}"'
        ' fill="#ffffff" stroke="#c9cedb"/>'
        f"{ticks}"
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y_cap:.1f}" y2="{y_cap:.1f}" stroke="#8c1f2f"'
        ' stroke-width="2" stroke-dasharray="6 4"/>'
        f'<text x="{WIDTH - RIGHT - 4}" y="{y_cap - 5:.1f}" text-anchor="end" font-size="13" fill="#8c1f2f">'
        f"this school's limit</text>"
        f'<polyline points="{points}" fill="none" stroke="#1f4e8c" stroke-width="3"/>'
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 10}" text-anchor="middle" font-size="13"'
        ' fill="#4a5468">training rounds, oldest first</text></svg>'
    )
    return Markup(svg)  # noqa: S704 - built from numbers only


def counted_rounds(count: int) -> str:
    """The number with its noun."""
    return "1 round" if count == 1 else f"{count} rounds"


def _steps(spent: Sequence[float], top: float) -> str:
    width = (WIDTH - LEFT - RIGHT) / max(len(spent), 1)
    points = [(float(LEFT), _y(0.0, top))]
    for index, value in enumerate(spent):
        y = _y(value, top)
        points += [(LEFT + index * width, y), (LEFT + (index + 1) * width, y)]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def _tick(value: float, top: float) -> str:
    y = _y(value, top)
    return (
        f'<line x1="{LEFT - 5}" x2="{LEFT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#4a5468"/>'
        f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" font-size="13" fill="#4a5468">{value:g}</text>'
    )
