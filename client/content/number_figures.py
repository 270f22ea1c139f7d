"""Figures of numbers as inline SVG with the words that say the same: ten frames, blocks, number lines, grids."""

from client.content.figures import Figure, figure_of, stroke

_DARK, _WHITE, _EDGE = "#1f4e79", "#ffffff", "#222222"
_CELL = 38
# A cube of one, and a set of up to nine hundreds, nine tens and nine ones.
_CUBE, _SET_HEIGHT = 5, 115


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


def line_between(low: str, high: str, *, gaps: int, at: int) -> Figure:
    """A piece of a number line with its ends labelled, cut into equal gaps, an arrow `at` gaps after the start."""
    left, right = 50, 430
    step = (right - left) / gaps
    shapes = [stroke((left - 20, 50), (right + 20, 50))]
    for mark in range(gaps + 1):
        reach = 14 if mark in (0, gaps) else 8
        shapes.append(stroke((left + mark * step, 50 - reach), (left + mark * step, 50 + reach)))
    shapes += [_label(left, 82, low), _label(right, 82, high), _arrow(left + at * step)]
    words = f"A number line from {low} to {high} with {gaps} equal gaps. "
    return figure_of(shapes, words + f"The arrow points at the end of gap number {at}, counted from {low}.")


def jumps(start: str, leaps: tuple[str, ...]) -> Figure:
    """Jumps to the right on an empty number line, each with its length; where it ends isn't said."""
    width = 380 / len(leaps)
    shapes = [stroke((20, 62), (460, 62)), _label(50, 86, start)]
    for place, leap in enumerate(leaps):
        left, right = 50 + place * width, 50 + (place + 1) * width
        middle = (left + right) / 2
        shapes.append(f'<path d="M{left:.1f} 62Q{middle:.1f} 12 {right:.1f} 62" fill="none" stroke="{_DARK}" '
                      'stroke-width="2"/>')  # fmt: skip
        shapes.append(_label(middle, 24, f"+ {leap}"))
    shapes.append(_label(430, 86, "?"))
    words = f"A number line with jumps to the right. Start at {start}. The jumps are {_listed(leaps)}."
    return figure_of(shapes, words)


def jumps_between(stops: tuple[str, ...]) -> Figure:
    """Jumps to the right on an empty number line from stop to stop; how long they are isn't said."""
    width = 380 / (len(stops) - 1)
    shapes = [stroke((20, 62), (460, 62))]
    for place, stop in enumerate(stops):
        x = 50 + place * width
        shapes += [stroke((x, 54), (x, 70)), _label(x, 88, stop)]
        if place:
            shapes.append(f'<path d="M{x - width:.1f} 62Q{x - width / 2:.1f} 12 {x:.1f} 62" fill="none" '
                          f'stroke="{_DARK}" stroke-width="2"/>')  # fmt: skip
    return figure_of(shapes, f"A number line with jumps to the right that stop at {_listed(stops)}.")


def _listed(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def blocks(hundreds: int, tens: int, ones: int) -> Figure:
    """Squares of a hundred, rods of ten and single cubes."""
    shapes = _blocks((hundreds, tens, ones), top=5)
    return figure_of(shapes, f"Blocks: {_blocks_in_words(hundreds, tens, ones)}.", height=_SET_HEIGHT)


def two_sets_of_blocks(first: tuple[int, int, int], second: tuple[int, int, int]) -> Figure:
    """One set above the other."""
    words = f"First set of blocks: {_blocks_in_words(*first)}. Second set of blocks: {_blocks_in_words(*second)}."
    line = stroke((10, _SET_HEIGHT + 5), (470, _SET_HEIGHT + 5))
    shapes = [*_blocks(first, top=5), line, *_blocks(second, top=_SET_HEIGHT + 15)]
    return figure_of(shapes, words, height=2 * _SET_HEIGHT + 10)


def _blocks_in_words(hundreds: int, tens: int, ones: int) -> str:
    return f"{_many(hundreds, 'hundred')}, {_many(tens, 'ten')} and {_many(ones, 'one')}"


def _many(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _blocks(counts: tuple[int, int, int], *, top: int) -> list[str]:
    """Hundreds and ones stand in rows of five, tens beside each other."""
    hundreds, tens, ones = counts
    shapes = [_block((10 + 54 * (n % 5), top + 54 * (n // 5)), across=10, down=10) for n in range(hundreds)]
    shapes += [_block((295 + 9 * n, top), across=1, down=10) for n in range(tens)]
    return shapes + [_block((395 + 11 * (n % 5), top + 11 * (n // 5)), across=1, down=1) for n in range(ones)]


def _block(corner: tuple[int, int], *, across: int, down: int) -> str:
    """A block with a mark between its single cubes."""
    x, y = corner
    width, height = across * _CUBE, down * _CUBE
    marks = "".join(f"M{x} {y + n * _CUBE}h{width}" for n in range(1, down))
    marks += "".join(f"M{x + n * _CUBE} {y}v{height}" for n in range(1, across))
    block = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="#9cc3e6" stroke="{_EDGE}"/>'
    return block + (f'<path d="{marks}" stroke="{_DARK}" stroke-width="0.5"/>' if marks else "")


def dots_in_rows(total: int, across: int) -> Figure:
    """Dots in rows of `across`; the last row may not be full. How many rows there are isn't said."""
    shapes = [
        f'<circle cx="{20 + 24 * (n % across)}" cy="{16 + 22 * (n // across)}" r="8" fill="{_DARK}"/>'
        for n in range(total)
    ]
    height = 22 * ((total - 1) // across + 1) + 12
    return figure_of(shapes, f"{total} dots in rows of {across}; the last row may not be full.", height=height)


def cut_rectangle(across: tuple[int, int], down: tuple[int, int]) -> Figure:
    """A rectangle cut into four by its tens and ones, with the lengths at its edges."""
    lefts, tops = (60, 60 + 250, 400), (30, 30 + 70, 130)
    shapes = [stroke((x, tops[0]), (x, tops[2])) for x in lefts]
    shapes += [stroke((lefts[0], y), (lefts[2], y)) for y in tops]
    for place, length in enumerate(across):
        shapes.append(_label((lefts[place] + lefts[place + 1]) / 2, 22, str(length)))
    for place, length in enumerate(down):
        shapes.append(_label(35, (tops[place] + tops[place + 1]) / 2 + 6, str(length)))
    words = f"A rectangle cut into four parts. Across it measures {across[0]} and {across[1]}, "
    return figure_of(shapes, words + f"down it measures {down[0]} and {down[1]}.", height=140)


def _label(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="17">{text}</text>'


def _arrow(x: float) -> str:
    return f'<polygon points="{x:.1f},36 {x - 8:.1f},14 {x + 8:.1f},14" fill="#a4262c"/>'
