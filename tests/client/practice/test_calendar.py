"""The school calendar: weekends and holidays move a day to the first school day after them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.practice.calendar import SchoolCalendar, read_calendar
from common.errors import FixSettings
from tests.support.practising import School

_CALENDAR = read_calendar(["2026-12-21/2027-01-06", "2026-10-07"])


def test_weekends_and_holidays_are_skipped() -> None:
    """19 December 2026 is a Saturday, 7 January 2027 a Thursday."""
    assert _CALENDAR.school_day(date(2026, 12, 18)) == date(2026, 12, 18)
    assert _CALENDAR.school_day(date(2026, 12, 19)) == date(2027, 1, 7)
    assert _CALENDAR.school_day(date(2026, 10, 7)) == date(2026, 10, 8)


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)))
def test_a_school_day_is_never_earlier_and_stays_itself(day: date) -> None:
    """Moving twice is moving once."""
    moved = _CALENDAR.school_day(day)
    assert moved >= day
    assert moved.weekday() < 5
    assert _CALENDAR.school_day(moved) == moved


@pytest.mark.parametrize("text", ["Christmas", "2026-12-21/soon", "2027-01-06/2026-12-21"])
def test_what_cannot_be_read_is_a_sentence(text: str) -> None:
    """For whoever wrote school.toml."""
    with pytest.raises(FixSettings, match="holidays"):
        read_calendar([text])


def test_a_year_without_school_does_not_hang() -> None:
    """Nonsense in, the day itself out."""
    day = date(2026, 9, 1)
    assert SchoolCalendar(((day, day + timedelta(days=2_000)),)).school_day(day) == day


def test_re_checks_of_a_mastered_skill_fall_on_school_days(school: School) -> None:
    """Whatever the day on which it was mastered."""
    for _ in range(60):
        school.answer(right=True)
        school.clock.advance(timedelta(hours=7))
    due = [state.due_on for state in school.mastery().values() if state.due_on is not None]
    assert due
    assert all(day.weekday() < 5 for day in due)
