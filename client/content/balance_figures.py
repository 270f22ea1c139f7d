"""The balance picture: boxes that all hold the same unknown weight, and known weights, on two pans."""

from client.content.figures import Figure
from client.content.svg import PALE, WIDTH, box, figure, stroke, text

_PAN_WIDTH, _TOP = 200, 70
_BOX, _GAP = 30, 4


def balance(left: tuple[int, int], right: tuple[int, int], *, name: str = "x") -> Figure:
    """Each side: (boxes, weight); a weight of 0 isn't drawn. Both sides weigh the same."""
    shapes = [
        stroke((WIDTH / 2, _TOP + 45), (WIDTH / 2, _TOP + 80), width=6),
        stroke((120, _TOP + 45), (360, _TOP + 45), width=4),
        stroke((180, _TOP + 80), (300, _TOP + 80), width=6),
    ]
    for middle, side in ((120, left), (360, right)):
        shapes += [stroke((middle, _TOP + 45), (middle, _TOP + 12)), *_pan(middle, side, name)]
    words = f"A balance that is level. On the left: {_words(left, name)}. On the right: {_words(right, name)}."
    return figure(shapes, words, height=160)


def _pan(middle: float, side: tuple[int, int], name: str) -> list[str]:
    boxes, weight = side
    ends = (middle - _PAN_WIDTH / 2, _TOP + 12), (middle + _PAN_WIDTH / 2, _TOP + 12)
    shapes = [stroke(*ends, width=4)]
    weight_width = 46 if weight else 0
    x = middle - (boxes * (_BOX + _GAP) + weight_width) / 2
    for _ in range(boxes):
        shapes += [box((x, _TOP - 22), _BOX, _BOX, fill=PALE), text((x + _BOX / 2, _TOP), name)]
        x += _BOX + _GAP
    if weight:
        shapes += [box((x, _TOP - 28), 42, 36), text((x + 21, _TOP - 4), str(weight))]
    return shapes


def _words(side: tuple[int, int], name: str) -> str:
    boxes, weight = side
    parts = []
    if boxes:
        parts.append(f"{boxes} {'box' if boxes == 1 else 'boxes'} of weight {name}")
    if weight:
        parts.append(f"a weight of {weight}")
    return " and ".join(parts) or "nothing"
