"""SchoolCalendar: on which days there is school, so that nothing falls due when nobody is there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from common.errors import ErrorCode, FixSettings

LONGEST_DAYS = 400


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """holidays: first and last day of each. weekend: days of the week, Monday is 0."""

    holidays: tuple[tuple[date, date], ...] = ()
    weekend: frozenset[int] = frozenset({5, 6})

    def school_day(self, day: date) -> date:
        """The day itself if there is school, else the next day on which there is; after 400 without, that day."""
        for ahead in range(LONGEST_DAYS):
            later = day + timedelta(days=ahead)
            if later.weekday() not in self.weekend and not any(a <= later <= b for a, b in self.holidays):
                return later
        return day


def read_calendar(holidays: Iterable[str]) -> SchoolCalendar:
    """From "2026-12-21/2027-01-06" or single days. FixSettings names one that can't be read."""
    return SchoolCalendar(tuple(_span(text) for text in holidays))


def _span(text: str) -> tuple[date, date]:
    first, _, last = text.partition("/")
    try:
        span = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    except ValueError as error:
        sentence = f"holidays: write 2026-12-21/2027-01-06, not {text!r}."
        raise FixSettings(ErrorCode.BAD_SETTINGS, sentence) from error
    if span[1] < span[0]:
        raise FixSettings(ErrorCode.BAD_SETTINGS, f"holidays: {text!r} ends before it begins.")
    return span
