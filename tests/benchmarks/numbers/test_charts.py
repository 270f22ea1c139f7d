"""Charts are well-formed, say in words what they show, and put every point where its figures belong."""

import re
from xml.etree import ElementTree

from benchmarks.numbers.charts import HEIGHT, LEFT, RIGHT, TOP, WIDTH, Chart, Series, in_words, svg

SVG = "{http://www.w3.org/2000/svg}"
TWO = (Series("one & only", ((0.0, 0.5), (1.0, 0.75))), Series("other", ((0.0, 0.6), (1.0, 0.7))))


def parsed(text: str) -> ElementTree.Element:
    """The picture as elements."""
    return ElementTree.fromstring(text)  # noqa: S314 - made here a moment ago


def test_a_chart_is_an_image_with_a_description() -> None:
    """What it shows is said for whoever can't see it; names are escaped."""
    chart = Chart("AUC <by> school", "budget", "AUC", TWO, x_names=("alone", "together"))
    root = parsed(svg(chart))
    assert root.get("role") == "img"
    assert root.get("aria-label") == in_words(chart)
    assert "one & only: 0.500 to 0.750" in in_words(chart)
    words = [element.text for element in root.iter(f"{SVG}text")]
    assert {"alone", "together", "one & only", "other", "AUC <by> school"} <= set(words)


def test_series_differ_by_more_than_colour() -> None:
    """Circles and squares, whole and broken lines."""
    root = parsed(svg(Chart("t", "x", "y", TWO)))
    assert len(list(root.iter(f"{SVG}circle"))) == 3  # two points and the legend's
    assert len(list(root.iter(f"{SVG}polygon"))) == 3
    dashes = [line.get("stroke-dasharray") for line in root.iter(f"{SVG}polyline")]
    assert len(set(dashes)) == 2


def test_points_stand_where_their_figures_are() -> None:
    """On the diagonal of a reliability diagram, x and y run from 0 to 1 over the whole frame."""
    chart = Chart("t", "x", "y", (Series("s", ((0.0, 0.0), (0.5, 0.5), (1.0, 1.0))),), diagonal=True)
    root = parsed(svg(chart))
    line = next(root.iter(f"{SVG}polyline")).get("points")
    assert line is not None
    places = [tuple(map(float, pair.split(","))) for pair in line.split()]
    right, bottom = WIDTH - RIGHT, HEIGHT - 52
    assert places == [(LEFT, bottom), ((LEFT + right) / 2, (TOP + bottom) / 2), (right, TOP)]


def test_a_logarithmic_axis_has_powers_of_ten() -> None:
    """Schools of 200 to 30,000 rows."""
    series = (Series("s", ((200.0, 0.01), (30_000.0, 0.0))),)
    text = svg(Chart("t", "rows", "gain", series, joined=False, logarithmic=True))
    assert re.findall(r">(1,000|10,000|100|100,000)<", text) == ["1,000", "10,000"]
    assert "polyline" not in text


def test_one_point_is_a_chart_too() -> None:
    """No division by an empty range."""
    assert "circle" in svg(Chart("t", "x", "y", (Series("s", ((3.0, 0.7),)),)))
