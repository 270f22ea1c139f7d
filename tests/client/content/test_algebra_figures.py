"""Figures of the algebra packs: what is drawn is what is said, and different pictures are said differently."""

from collections.abc import Callable

import pytest

from benchmarks.packs.stem_reader import labels, parse_xml, shapes
from client.content.balance_figures import balance
from client.content.figures import Figure
from client.content.line_figures import jump_on_line, points_on_line, solutions_on_line
from client.content.plane_figures import Plane, Straight, plane_of_lines, plane_of_points
from client.content.ratio_figures import percent_bar, ratio_table
from client.content.tile_figures import algebra_tiles, dots_in_rows, hundred_square, split_rectangle, square_of

_PLANE = Plane(-8, 8)
_PAIRS: list[tuple[Callable[[], Figure], Callable[[], Figure]]] = [
    (lambda: points_on_line(-10, 10, {"A": -3}), lambda: points_on_line(-10, 10, {"A": 3})),
    (lambda: jump_on_line(-8, 8, start=-3, hop=5), lambda: jump_on_line(-8, 8, start=-3, hop=-5)),
    (
        lambda: solutions_on_line(-8, 8, end=2, closed=True, upwards=True),
        lambda: solutions_on_line(-8, 8, end=2, closed=False, upwards=True),
    ),
    (lambda: balance((2, 3), (0, 11)), lambda: balance((2, 3), (1, 7))),
    (lambda: ratio_table((("a", ["1", "?"]),)), lambda: ratio_table((("a", ["−1", "?"]),))),
    (
        lambda: percent_bar("80", "?", "25", share=0.25),
        lambda: percent_bar("?", "20", "25", share=0.25),
    ),
    (
        lambda: plane_of_points(_PLANE, {"A": (2, -3)}, told=False),
        lambda: plane_of_points(_PLANE, {"A": (2, 3)}, told=False),
    ),
    (
        lambda: plane_of_lines(_PLANE, (Straight((0, 1), (2, 5)),)),
        lambda: plane_of_lines(Plane(-8, 8, 2), (Straight((0, 2), (2, 6)),)),
    ),
    (lambda: algebra_tiles(((2, 3), (1, 4))), lambda: algebra_tiles(((2, 4), (1, 3)))),
    (lambda: dots_in_rows(3, 2, 4), lambda: dots_in_rows(3, 4, 2)),
    (lambda: split_rectangle("3", ("x", "5")), lambda: split_rectangle("3", ("x", "5"), area="30")),
    (lambda: square_of("?", "49 cm²"), lambda: square_of("7 cm", "?")),
    (lambda: hundred_square(31), lambda: hundred_square(32)),
]


@pytest.mark.parametrize(("one", "other"), _PAIRS)
def test_another_picture_is_said_in_other_words(one: Callable[[], Figure], other: Callable[[], Figure]) -> None:
    """And each carries its words as its label, without a style."""
    first, second = one(), other()
    assert first.alternative != second.alternative
    assert first.svg != second.svg
    for figure in (first, second):
        assert parse_xml(figure.svg).get("aria-label") == figure.alternative
        assert "style" not in figure.svg


def test_everything_is_drawn_inside_its_window() -> None:
    """Lines, boxes, dots and words."""
    for one, other in _PAIRS:
        for figure in (one(), other()):
            _, _, width, height = (float(n) for n in (parse_xml(figure.svg).get("viewBox") or "").split())
            xs = [float(line[end]) for line in shapes(figure, "line") for end in ("x1", "x2")]
            ys = [float(line[end]) for line in shapes(figure, "line") for end in ("y1", "y2")]
            xs += [x for _, x, _ in labels(figure)] + [float(dot["cx"]) for dot in shapes(figure, "circle")]
            ys += [y for _, _, y in labels(figure)] + [float(dot["cy"]) for dot in shapes(figure, "circle")]
            for box in shapes(figure, "rect"):
                xs += [float(box["x"]), float(box["x"]) + float(box["width"])]
                ys += [float(box["y"]), float(box["y"]) + float(box["height"])]
            assert min(xs, default=0) >= 0, figure.alternative
            assert max(xs, default=0) <= width, figure.alternative
            assert min(ys, default=0) >= 0, figure.alternative
            assert max(ys, default=0) <= height, figure.alternative


def test_a_line_of_the_plane_goes_from_edge_to_edge_through_its_points() -> None:
    """y = 2x + 1 in a window of 340 with a margin of 24: the middle is at 170."""
    figure = plane_of_lines(_PLANE, (Straight((0, 1), (2, 5)),))
    line = next(line for line in shapes(figure, "line") if line["stroke-width"] == "3")
    unit = (340 - 48) / 16
    ends = [(170 + unit * x, 170 - unit * y) for x, y in ((-4.5, -8), (3.5, 8))]
    drawn = [(float(line["x1"]), float(line["y1"])), (float(line["x2"]), float(line["y2"]))]
    for found, expected in zip(drawn, ends, strict=True):
        assert found == pytest.approx(expected, abs=0.1)
