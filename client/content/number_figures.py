"""Figures of numbers as inline SVG with the words that say the same: ten frames, blocks, number lines, grids."""

from client.content.figures import Figure, figure_of, stroke

_DARK, _WHITE, _EDGE = "#1f4e79", "#ffffff", "#222222"
_CELL = 38


def ten_frames(dark: int, white: int) -> Figure:
    """Frames of two rows of five, filled in order: dark dots, then white ones."""
    dots = [_dot(place, _DARK if place < dark else _WHITE) for place in range(dark + white)]
    words = f"{_frames_in_words(dark + white)} with {_dots(dark, 'dark')} and {_dots(white, 'white')}."
    return _framed(dots, words, total=dark + white)


def ten_frames_crossed(total: int, crossed: int) -> Figure:
    """Frames of two rows of five, the last `crossed` of `total` dots crossed out."""
    shapes = []
    for place in range(total):
        shapes.append(_dot(place, _WHITE))
        if place >= total - crossed:
            x, y = _center(place)
            shapes.append(f'<path d="M{x - 16} {y + 16}L{x + 16} {y - 16}" stroke="#a4262c" stroke-width="4"/>')
    words = f"{_frames_in_words(total)} with {_dots(total, '')}; {crossed} crossed out."
    return _framed(shapes, words, total=total)


def _frames_in_words(total: int) -> str:
    return "A ten frame" if total <= 10 else "Two ten frames"


def _dots(count: int, colour: str) -> str:
    return " ".join(part for part in (str(count), colour, "dot" if count == 1 else "dots") if part)


def _center(place: int) -> tuple[int, int]:
    frame, within = divmod(place, 10)
    row, column = divmod(within, 5)
    return 30 + _CELL * column + 225 * frame, 25 + _CELL * row


def _dot(place: int, fill: str) -> str:
    x, y = _center(place)
    return f'<circle cx="{x}" cy="{y}" r="13" fill="{fill}" stroke="{_EDGE}" stroke-width="2"/>'


def _framed(dots: list[str], words: str, *, total: int) -> Figure:
    lines = []
    for frame in range(1 if total <= 10 else 2):
        left, top = _center(10 * frame)[0] - _CELL / 2, 25 - _CELL / 2
        lines += [stroke((left + _CELL * n, top), (left + _CELL * n, top + 2 * _CELL)) for n in range(6)]
        lines += [stroke((left, top + _CELL * n), (left + 5 * _CELL, top + _CELL * n)) for n in range(3)]
    return figure_of([*lines, *dots], words)
