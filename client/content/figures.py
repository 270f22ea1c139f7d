"""Figures as inline SVG with the words that say the same: a bar of parts, a number line, a set of counters.

Presentation attributes only, no `style`, so that a strict content security policy lets them through.
Shaded parts carry a pattern of their own (a thick cross line) as well as colour.
"""

from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 480, 90, 20
_ROW_OF_COUNTERS = 6


@dataclass(frozen=True, slots=True)
class Figure:
    """`svg` is a complete element; `alternative` says everything that the figure shows."""

    svg: str
    alternative: str


def bar(parts: int, shaded: int) -> Figure:
    """A bar cut into equal parts, the first `shaded` of them shaded."""
    width = (WIDTH - 2 * MARGIN) / parts
    shapes = [box(MARGIN + i * width, width, shaded=i < shaded) for i in range(parts)]
    return figure_of(shapes, f"A bar cut into {parts} equal parts; {shaded} of them shaded.")


def two_bars(parts: tuple[int, int], shaded: tuple[int, int]) -> Figure:
    """Two bars of the same length, one above the other, each cut into its own number of equal parts."""
    shapes = []
    for which in (0, 1):
        width = (WIDTH - 2 * MARGIN) / parts[which]
        for i in range(parts[which]):
            shape = box(MARGIN + i * width, width, shaded=i < shaded[which], y=5 + 42 * which, height=36)
            shapes.append(shape)
    words = "Two bars of the same length. "
    words += f"The first is cut into {parts[0]} equal parts, {shaded[0]} of them shaded; "
    words += f"the second into {parts[1]} equal parts, {shaded[1]} of them shaded."
    return figure_of(shapes, words)


def area(across: int, down: int, *, shaded_across: int, shaded_down: int) -> Figure:
    """A rectangle cut into `across` columns and `down` rows; the overlap of both shadings is shaded."""
    width, height = (WIDTH - 2 * MARGIN) / across, 80 / down
    shapes = [
        box(
            MARGIN + i * width,
            width,
            shaded=i < shaded_across and j < shaded_down,
            y=5 + j * height,
            height=height,
        )
        for i in range(across)
        for j in range(down)
    ]
    words = f"A rectangle cut into {across} equal columns and {down} equal rows; the shaded part is "
    words += f"{shaded_across} of the columns wide and {shaded_down} of the rows high."
    return figure_of(shapes, words)


def counters(total: int, dark: int) -> Figure:
    """A set of counters, the first `dark` of them dark."""
    shapes = []
    for i in range(total):
        x, y = 40 + (i % _ROW_OF_COUNTERS) * 60, 22 + (i // _ROW_OF_COUNTERS) * 44
        fill = "#1f4e79" if i < dark else "#ffffff"
        shapes.append(f'<circle cx="{x}" cy="{y}" r="17" fill="{fill}" stroke="#222222" stroke-width="2"/>')
    height = 44 * ((total - 1) // _ROW_OF_COUNTERS + 1) + 4
    return figure_of(shapes, f"A set of {total} counters; {dark} of them dark, the others white.", height=height)


def number_line(wholes: int, gaps: int, arrow: int) -> Figure:
    """A line from 0 to `wholes`, each whole cut into `gaps` equal gaps, an arrow at mark `arrow` after 0."""
    step = (WIDTH - 2 * MARGIN) / (wholes * gaps)
    shapes = [stroke((MARGIN, 50), (WIDTH - MARGIN, 50))]
    for mark in range(wholes * gaps + 1):
        x = MARGIN + mark * step
        reach = 14 if mark % gaps == 0 else 8
        shapes.append(stroke((x, 50 - reach), (x, 50 + reach)))
        if mark % gaps == 0:
            shapes.append(f'<text x="{x:.1f}" y="82" text-anchor="middle" font-size="18">{mark // gaps}</text>')
    x = MARGIN + arrow * step
    shapes.append(f'<polygon points="{x:.1f},36 {x - 8:.1f},14 {x + 8:.1f},14" fill="#a4262c"/>')
    words = f"A number line from 0 to {wholes}. From each whole number to the next there are {gaps} equal gaps. "
    words += f"An arrow points at the end of gap number {arrow}, counted from 0."
    return figure_of(shapes, words)


def stroke(start: tuple[float, float], end: tuple[float, float]) -> str:
    """A thin dark line."""
    (x, y), (to_x, to_y) = start, end
    return f'<line x1="{x:.1f}" y1="{y}" x2="{to_x:.1f}" y2="{to_y}" stroke="#222222" stroke-width="2"/>'


def box(x: float, width: float, *, shaded: bool, y: float = 20, height: float = 50) -> str:
    """A rectangle; a shaded one carries a cross line as well as a colour."""
    fill = "#9cc3e6" if shaded else "#ffffff"
    shape = (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" '
        'stroke="#222222" stroke-width="2"/>'
    )
    if shaded:
        shape += (
            f'<line x1="{x:.1f}" y1="{y + height:.1f}" x2="{x + width:.1f}" y2="{y:.1f}" '
            'stroke="#1f4e79" stroke-width="3"/>'
        )
    return shape


def figure_of(shapes: list[str], alternative: str, *, height: int = HEIGHT) -> Figure:
    """The shapes in one element of the usual width, with the words that say the same."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{alternative}">' + "".join(shapes) + "</svg>"
    )
    return Figure(svg, alternative)
