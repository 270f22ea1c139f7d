"""Shapes that figures are drawn from, as SVG text with presentation attributes only."""

from client.content.figures import Figure

WIDTH = 480
INK, BLUE, RED, PALE = "#222222", "#1f4e79", "#a4262c", "#dbe9f6"

Place = tuple[float, float]


def stroke(start: Place, end: Place, *, colour: str = INK, width: float = 2) -> str:
    """A straight line."""
    (x, y), (to_x, to_y) = start, end
    ends = f'x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width:g}"/>'


def arrow(start: Place, end: Place, *, colour: str = RED) -> str:
    """A straight arrow along a row or a column."""
    (x, y), (to_x, to_y) = start, end
    across, down = (to_x > x) - (to_x < x), (to_y > y) - (to_y < y)
    back = (to_x - 9 * across, to_y - 9 * down)
    corners = [end, (back[0] - 6 * down, back[1] - 6 * across), (back[0] + 6 * down, back[1] + 6 * across)]
    head = " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)
    return stroke(start, back, colour=colour, width=3) + f'<polygon points="{head}" fill="{colour}"/>'


def box(corner: Place, width: float, height: float, *, fill: str = "#ffffff") -> str:
    """A rectangle with an outline."""
    x, y = corner
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" '
        f'stroke="{INK}" stroke-width="2"/>'
    )


def dot(centre: Place, *, filled: bool = True, colour: str = RED) -> str:
    """A point; an open one for an end that doesn't belong."""
    fill = colour if filled else "#ffffff"
    x, y = centre
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{fill}" stroke="{colour}" stroke-width="3"/>'


def text(at: Place, words: str, *, size: int = 16, anchor: str = "middle") -> str:
    """Words, by default centred on a place."""
    x, y = at
    safe = words.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'font-family="sans-serif" fill="{INK}">{safe}</text>'
    )


def signed(value: int) -> str:
    """A whole number with a proper minus sign, to be seen."""
    return f"−{-value}" if value < 0 else str(value)


def spoken(value: int) -> str:
    """A whole number to be heard."""
    return f"minus {-value}" if value < 0 else str(value)


def figure(shapes: list[str], alternative: str, *, height: int, width: int = WIDTH) -> Figure:
    """All shapes in one element that is read out as its alternative."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{alternative}">' + "".join(shapes) + "</svg>"
    )
    return Figure(svg, alternative)
