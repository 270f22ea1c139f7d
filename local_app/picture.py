"""What every picture of ours is drawn with: the frame for screen readers, words, and the mark of an estimate."""

from markupsafe import Markup, escape

WIDTH = 640
FINE, UNLIKE = "#1f4e8c", "#8c1f2f"


def picture(height: float, *, label: str, drawn: str) -> Markup:
    """An SVG image of WIDTH by `height`. label: what it shows, for whoever can't see it; plain text.

    drawn: elements made of numbers and of words that were escaped.
    """
    svg = f'<svg class="bar" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(label)}">{drawn}</svg>'
    return Markup(svg)  # noqa: S704 - the label is escaped here, the rest by whoever drew it


def text_at(x: float, y: float, words: str, *, anchor: str = "start", fill: str = "#1d2433") -> str:
    """An SVG text element; words have to be escaped."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="13" fill="{fill}">{words}</text>'


def estimate_at(x: float, y: float, *, alarm: bool) -> str:
    """The point of an estimate: a circle, or where it alarms a square, since shapes differ as well as colours."""
    if alarm:
        return f'<rect x="{x - 7:.1f}" y="{y - 7:.1f}" width="14" height="14" fill="{UNLIKE}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="{FINE}"/>'
