"""Tiles: rows of boxes and dots to count, and rectangles whose sides are sums."""

from collections.abc import Sequence

from client.content.figures import Figure
from client.content.svg import BLUE, PALE, WIDTH, box, dot, figure, text

_TILE = 34


def algebra_tiles(rows: Sequence[tuple[int, int]], *, name: str = "x") -> Figure:
    """Each row: so many long tiles of length x, then so many small tiles of 1."""
    shapes = []
    for line, (longs, ones) in enumerate(rows):
        x, y = 12.0, 10.0 + line * 46
        for _ in range(longs):
            shapes += [box((x, y), 44, _TILE, fill=PALE), text((x + 22, y + 23), name)]
            x += 48
        for _ in range(ones):
            shapes += [box((x, y + 6), 20, 20), text((x + 10, y + 21), "1", size=13)]
            x += 24
    said = [
        f"Row {n}: long tiles of {name}: {longs}; small tiles of 1: {ones}"
        for n, (longs, ones) in enumerate(rows, start=1)
    ]
    return figure(shapes, f"Tiles. {'. '.join(said)}.", height=20 + 46 * len(rows))


def dots_in_rows(rows: int, dark: int, light: int = 0, *, more: int = 0) -> Figure:
    """Equal rows of dark and then light dots, and a few more dots underneath."""
    shapes = []
    for line in range(rows):
        for column in range(dark + light):
            shapes.append(dot((24.0 + 26 * column, 20.0 + 26 * line), filled=column < dark, colour=BLUE))
    shapes += [dot((24.0 + 26 * column, 32.0 + 26 * rows), colour=BLUE) for column in range(more)]
    kinds = f"{dark} dots" if not light else f"{dark} filled and {light} open dots"
    under = f" Below them are {more} more dots." if more else ""
    return figure(shapes, f"{rows} rows; in each row {kinds}.{under}", height=26 * rows + (54 if more else 20))


def split_rectangle(height: str, parts: tuple[str, str], *, area: str = "") -> Figure:
    """A rectangle cut into two parts side by side, with the lengths of its sides and maybe its whole area."""
    left, top, tall = 72.0, 34.0, 70.0
    first = (WIDTH - 100) * 0.6
    second = (WIDTH - 100) * 0.4
    shapes = [box((left, top), first, tall, fill=PALE), box((left + first, top), second, tall)]
    shapes += [text((left + first / 2, top - 10), parts[0]), text((left + first + second / 2, top - 10), parts[1])]
    shapes.append(text((left - 36, top + tall / 2 + 5), height))
    words = f"A rectangle that is {height} high. It is cut into two parts: one is {parts[0]} long, "
    words += f"the other {parts[1]} long."
    if area:
        shapes.append(text((WIDTH / 2, top + tall + 24), f"whole area: {area}"))
        words += f" The whole area is {area}."
    return figure(shapes, words, height=140)


def square_of(side: str, area: str) -> Figure:
    """A square with the length of its side and its area, either of which may be asked for."""
    shapes = [box((170, 6), 140, 140, fill=PALE)]
    shapes += [text((240, 82), f"area {area}"), text((240, 168), f"side {side}")]
    heard = ["not known" if given == "?" else given for given in (side, area)]
    return figure(shapes, f"A square. Its side is {heard[0]}. Its area is {heard[1]}.", height=180)


def hundred_square(shaded: int) -> Figure:
    """A square of 100 small squares, the first ones shaded, row by row."""
    shapes = []
    for place in range(100):
        corner = (150.0 + 18 * (place % 10), 6.0 + 18 * (place // 10))
        shapes.append(box(corner, 18, 18, fill="#5b9bd5" if place < shaded else "#ffffff"))
    return figure(shapes, f"A square cut into 100 small squares; {shaded} of them shaded.", height=196)
