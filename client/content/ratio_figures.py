"""Ratio tables, and double bars that show parts and percents side by side."""

from collections.abc import Sequence

from client.content.figures import Figure
from client.content.svg import PALE, WIDTH, box, figure, stroke, text

_CELL_HEIGHT, _NAME_WIDTH = 40, 130


def ratio_table(rows: Sequence[tuple[str, Sequence[str]]]) -> Figure:
    """Rows of a name and its numbers; "?" marks what is asked for."""
    columns = len(rows[0][1])
    width = (WIDTH - 20 - _NAME_WIDTH) / columns
    shapes = []
    for line, (name, cells) in enumerate(rows):
        y = 10 + line * _CELL_HEIGHT
        shapes += [box((10, y), _NAME_WIDTH, _CELL_HEIGHT, fill=PALE), text((18, y + 26), name, anchor="start")]
        for column, cell in enumerate(cells):
            x = 10 + _NAME_WIDTH + column * width
            shapes += [box((x, y), width, _CELL_HEIGHT), text((x + width / 2, y + 26), cell, size=18)]
    said = ". ".join(f"{_heard(name)}: {', '.join(_heard(cell) for cell in cells)}" for name, cells in rows)
    return figure(shapes, f"A table with {len(rows)} rows. {said}.", height=20 + len(rows) * _CELL_HEIGHT)


def percent_bar(whole: str, part: str, percent: str, *, share: float) -> Figure:
    """A bar from 0 to `whole`, filled up to `share`, amounts above and percents below."""
    left, right = 40, WIDTH - 40
    mark = left + (right - left) * share
    shapes = [box((left, 48), right - left, 40), box((left, 48), mark - left, 40, fill=PALE)]
    shapes.append(stroke((mark, 24), (mark, 112)))
    for x, above, below in ((left, "0", "0 %"), (right, whole, "100 %")):
        shapes += [text((x, 40), above), text((x, 106), below)]
    # Further out, so that a mark near an end doesn't cover the end's numbers.
    shapes += [text((mark, 18), part), text((mark, 128), f"{percent} %")]
    words = f"A bar from 0 to {_heard(whole)}, which is 100 percent. A mark within it stands at {_heard(part)}, "
    return figure(shapes, f"{words}which is {_heard(percent)} percent.", height=138)


def _heard(cell: str) -> str:
    return "what number" if cell == "?" else cell.replace("− ", "minus ").replace("−", "minus ")
