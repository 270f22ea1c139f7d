"""Figures: what is drawn and what is said agree, counted in the SVG."""

import pytest

from benchmarks.packs.stem_reader import DARK, SHADED, arrow_value, shaded_share, shapes
from client.content import figures


@pytest.mark.parametrize(("parts", "shaded"), [(1, 1), (8, 3), (54, 30)])
def test_a_bar_has_its_parts_and_shading(parts: int, shaded: int) -> None:
    """Shaded parts carry a line as well as a colour."""
    figure = figures.bar(parts, shaded)
    boxes = shapes(figure, "rect")
    assert len(boxes) == parts
    assert sum(box["fill"] == SHADED for box in boxes) == shaded == len(shapes(figure, "line"))
    assert figure.alternative == f"A bar cut into {parts} equal parts; {shaded} of them shaded."


def test_two_bars_have_the_same_length() -> None:
    """Only then can they be compared."""
    boxes = shapes(figures.two_bars((3, 4), (2, 3)), "rect")
    lengths = {y: sum(float(box["width"]) for box in boxes if box["y"] == y) for y in {box["y"] for box in boxes}}
    assert {round(length) for length in lengths.values()} == {440}


def test_an_area_is_shaded_where_both_shadings_meet() -> None:
    """2 of 3 columns and 3 of 5 rows: 6 of 15."""
    boxes = shapes(figures.area(3, 5, shaded_across=2, shaded_down=3), "rect")
    assert (len(boxes), sum(box["fill"] == SHADED for box in boxes)) == (15, 6)


def test_counters_are_counted_in_rows_of_six() -> None:
    """The figure grows with them."""
    circles = shapes(figures.counters(13, 5), "circle")
    assert shaded_share(circles, DARK).as_integer_ratio() == (5, 13)
    assert len({circle["cy"] for circle in circles}) == 3


def test_the_arrow_points_at_its_mark() -> None:
    """Mark 11 with 8 gaps to a whole is 11/8."""
    assert arrow_value(figures.number_line(2, 8, 11)).as_integer_ratio() == (11, 8)
