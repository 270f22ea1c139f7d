"""The picture of the budget: steps of the right height under the limit, and words that say the same."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from local_app.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, budget_chart, counted_rounds

SVG = "{http://www.w3.org/2000/svg}"
spendings = st.lists(st.floats(0, 100, allow_nan=False), max_size=40).map(sorted)


def drawn(spent: list[float], cap: float) -> ElementTree.Element:
    """The chart, parsed."""
    text = str(budget_chart(spent, cap)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return ElementTree.fromstring(text)  # noqa: S314 - our own picture


def steps(chart: ElementTree.Element) -> list[tuple[float, float]]:
    """The points of the line of steps."""
    line = chart.find(f"{SVG}polyline")
    assert line is not None
    pairs = (pair.split(",") for pair in line.attrib["points"].split())
    return [(float(x), float(y)) for x, y in pairs]


def limit(chart: ElementTree.Element) -> float:
    """Where the dashed line is."""
    (line,) = (one for one in chart.iter(f"{SVG}line") if "stroke-dasharray" in one.attrib)
    return float(line.attrib["y1"])


def test_two_charges_are_two_steps() -> None:
    """Worked by hand: 168 pixels for 1.08 times the limit of 1, so .54 is half way up and 1.08 at the top."""
    points = steps(drawn([0.54, 1.08], 1.0))
    assert points == [(48.0, 184.0), (48.0, 100.0), (336.0, 100.0), (336.0, 16.0), (624.0, 16.0)]


def test_before_the_first_charge_only_the_limit_is_drawn() -> None:
    """The line hasn't left zero."""
    chart = drawn([], 8.0)
    assert steps(chart) == [(48.0, 184.0)]
    assert limit(chart) == round(184 - 168 / 1.08, 1)
    assert chart.attrib["aria-label"] == "Epsilon spent: 0 of 8 after 0 rounds."


def test_the_picture_says_in_words_what_it_shows() -> None:
    """For whoever can't see it; the scale names zero, half and the whole limit."""
    chart = drawn([1.0, 2.345], 8.0)
    assert chart.attrib["role"] == "img"
    assert chart.attrib["aria-label"] == "Epsilon spent: 2.35 of 8 after 2 rounds."
    assert [text.text for text in chart.iter(f"{SVG}text")][:3] == ["0", "4", "8"]


def test_one_round_is_singular() -> None:
    """Sentences are read by people."""
    assert counted_rounds(1) == "1 round"
    assert counted_rounds(0) == "0 rounds"
    assert drawn([1.0], 8.0).attrib["aria-label"].endswith("after 1 round.")


@given(spent=spendings, cap=st.floats(0.1, 50))
def test_every_step_stays_inside_the_frame_and_none_goes_down(spent: list[float], cap: float) -> None:
    """A spent epsilon only grows, and more than the limit is still drawn, above the dashed line."""
    chart = drawn(spent, cap)
    points = steps(chart)
    assert len(points) == 1 + 2 * len(spent)
    assert all(LEFT <= x <= WIDTH - RIGHT and TOP <= y <= HEIGHT - BOTTOM for x, y in points)
    assert points == sorted(points, key=lambda point: (point[0], -point[1]))
    if spent and spent[-1] > cap * 1.01:
        assert points[-1][1] < limit(chart)
