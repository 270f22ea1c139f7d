"""Badges to print: each a name and a QR code that opens the sign-in of one student."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import segno

from client.records.students import Student

_QUIET_MODULES = 2


@dataclass(frozen=True, slots=True)
class Badge:
    """qr: a data address of an SVG picture. It signs in whoever holds it."""

    name: str = field(repr=False)
    avatar: str
    qr: str = field(repr=False)


def badge_sheet(students: Sequence[Student], tokens: Mapping[str, str], *, address: str) -> list[Badge]:
    """In the order of the students. address: of the school's pages, as devices open them."""
    return [
        Badge(student.display_name or "", student.avatar, _qr(f"{address}badge/{tokens[student.id]}"))
        for student in students
        if student.id in tokens
    ]


def _qr(text: str) -> str:
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=4, border=_QUIET_MODULES)
