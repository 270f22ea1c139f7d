"""How a student likes the pages: kept with the student and not with the device."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from client.records.memory import Kind, remember, remembered
from client.records.tables import display_settings
from common.errors import ErrorCode, FixSettings

FONTS = ("standard", "hyperlegible", "lexend")
SIZES = ("100", "125", "150")
SPACINGS = ("normal", "wide", "wider")
TINTS = ("none", "cream", "blue", "green", "rose")
CONTRASTS = ("normal", "high")
MOTIONS = ("device", "less")
WORDINGS = ("usual", "simple")
LANGUAGES = ("en", "es", "ar")
BREAKS = ("10", "15", "20", "30", "never")


@dataclass(frozen=True, slots=True)
class DisplaySettings:
    """One value of each of the lists above, as text. speech: whether a button reads the item aloud.

    glossary: whether its words of mathematics are explained. break_minutes: after how long a break is proposed.
    extended_time: fast answers are judged by a longer clock.
    """

    font: str = "standard"
    size: str = "100"
    spacing: str = "normal"
    tint: str = "none"
    contrast: str = "normal"
    motion: str = "device"
    wording: str = "usual"
    language: str = "en"
    break_minutes: str = "15"
    speech: bool = False
    glossary: bool = False
    extended_time: bool = False

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise FixSettings(ErrorCode.BAD_PARAMETER, f"{name.replace('_', ' ')} has no such value.")

    @property
    def right_to_left(self) -> bool:
        """Whether the language is written from the right."""
        return self.language == "ar"


CHOICES = {
    "font": FONTS,
    "size": SIZES,
    "spacing": SPACINGS,
    "tint": TINTS,
    "contrast": CONTRASTS,
    "motion": MOTIONS,
    "wording": WORDINGS,
    "language": LANGUAGES,
    "break_minutes": BREAKS,
}
_NAMES = frozenset(field.name for field in fields(DisplaySettings))


def display_of(connection: Connection, student: str) -> DisplaySettings:
    """What the student chose; the defaults for one who never did."""
    return remembered(connection, Kind.DISPLAY, student, read=lambda: _read(connection, student))


def save_display(connection: Connection, student: str, chosen: DisplaySettings, *, now: datetime) -> None:
    """Replaces what was kept."""
    values = {"chosen": json.dumps(asdict(chosen), sort_keys=True), "changed_at": now}
    where = display_settings.c.student == student
    if connection.execute(update(display_settings).where(where).values(**values)).rowcount == 0:
        connection.execute(insert(display_settings).values(student=student, **values))
    remember(connection, Kind.DISPLAY, student, value=chosen)


def _read(connection: Connection, student: str) -> DisplaySettings:
    query = select(display_settings.c.chosen).where(display_settings.c.student == student)
    return read_display(connection.execute(query).scalar_one_or_none())


def read_display(text: str | None) -> DisplaySettings:
    """Settings as they are kept; a name unknown to this version is left out."""
    kept: dict[str, Any] = {} if text is None else json.loads(text)
    known = {name: value for name, value in kept.items() if name in _NAMES}
    allowed = {name: value for name, value in known.items() if name not in CHOICES or value in CHOICES[name]}
    return DisplaySettings(**allowed)
