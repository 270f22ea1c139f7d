"""The pictures of the budget: bars of the right length, both limits, and words that say the same."""

import math
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_app.charts import LEFT, RIGHT, ROW, Bars, budget_chart, chart_in_words, counted_rounds
from local_app.picture import WIDTH

SVG = "{http://www.w3.org/2000/svg}"
INSIDE = WIDTH - LEFT - RIGHT


def drawn(*bars: Bars, year_cap: float = 3.0, lifetime_cap: float = 8.0) -> ElementTree.Element:
    """The chart, parsed."""
    chart = budget_chart("Under a test", bars, year_cap=year_cap, lifetime_cap=lifetime_cap)
    return ElementTree.fromstring(str(chart).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314


def lengths(chart: ElementTree.Element) -> list[float]:
    """Of the bars; the first rectangle is the frame."""
    return [float(one.attrib["width"]) for one in chart.iter(f"{SVG}rect")][1:]


def limits(chart: ElementTree.Element) -> list[float]:
    """Where the dashed lines are."""
    return [float(line.attrib["x1"]) for line in chart.iter(f"{SVG}line") if "stroke-dasharray" in line.attrib]


def words(chart: ElementTree.Element) -> list[str]:
    """Every text in the picture."""
    return [text.text or "" for text in chart.iter(f"{SVG}text")]


def test_bars_are_as_long_as_their_figures() -> None:
    """Worked by hand: 416 pixels for 1.02 times the larger limit of 8."""
    chart = drawn(Bars("2026/27", 2.0, 4.0))
    assert lengths(chart) == [round(INSIDE * 2 / 8.16, 1), round(INSIDE * 4 / 8.16, 1)]
    assert limits(chart) == [round(LEFT + INSIDE * 3 / 8.16, 1), round(LEFT + INSIDE * 8 / 8.16, 1)]


def test_each_cohort_has_two_bars_with_their_figures() -> None:
    """What they are stands beside them, so that no colour has to be told apart."""
    chart = drawn(Bars("2025/26", 2.0, 5.0), Bars("2026/27", 2.0, 2.5))
    assert words(chart)[:2] == ["year limit 3", "lifetime limit 8"]
    assert words(chart)[2:5] == ["2025/26", "2.00 within a year", "5.00 in all"]
    assert words(chart)[5:] == ["2026/27", "2.00 within a year", "2.50 in all"]
    heights = [float(drawn(*[Bars("a", 1, 1)] * n).attrib["viewBox"].split()[3]) for n in (1, 3)]
    assert heights[1] - heights[0] == 2 * ROW


def test_the_picture_says_in_words_what_it_shows() -> None:
    """For whoever can't see it."""
    chart = drawn(Bars("2026/27", 2.0, 4.5))
    assert chart.attrib["role"] == "img"
    assert chart.attrib["aria-label"] == "Under a test. 2026/27: 2.00 of 3 within a year, 4.50 of 8 in all."
    assert chart_in_words("Under a test", [], year_cap=3, lifetime_cap=8) == "Under a test. Nothing was charged."


def test_a_name_can_not_break_the_picture() -> None:
    """A ledger's names are data."""
    chart = drawn(Bars('<b>"2026"', 1.0, 1.0))
    assert words(chart)[2] == '<b>"2026"'
    assert '<b>"2026"' in chart.attrib["aria-label"]


@pytest.mark.parametrize("odd", [math.inf, math.nan])
def test_a_figure_that_is_not_a_number_is_drawn_past_every_limit(odd: float) -> None:
    """And named as what it is."""
    chart = drawn(Bars("2026/27", odd, odd))
    assert lengths(chart) == [INSIDE, INSIDE]
    assert f"{odd:.2f} within a year" in words(chart)


def test_one_round_is_singular() -> None:
    """Sentences are read by people."""
    assert counted_rounds(1) == "1 round"
    assert counted_rounds(0) == "0 rounds"


@given(
    figures=st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 1000)), max_size=12),
    caps=st.tuples(st.floats(0.1, 100), st.floats(0.1, 100)),
)
def test_every_bar_stays_inside_the_frame_and_more_is_never_shorter(
    figures: list[tuple[float, float]], caps: tuple[float, float]
) -> None:
    """More than a limit is drawn past its line."""
    chart = drawn(*(Bars("c", *one) for one in figures), year_cap=caps[0], lifetime_cap=caps[1])
    found = lengths(chart)
    assert all(0 <= one <= INSIDE + 0.05 for one in found)
    values = [value for pair in figures for value in pair]
    by_value = [length for _, length in sorted(zip(values, found, strict=True))]
    assert by_value == sorted(by_value)
    for value, length in zip(values, found, strict=True):
        if value > max(caps) * 1.01:
            assert LEFT + length > max(limits(chart)) - 0.1
