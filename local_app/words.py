"""The pages' languages: catalogues next to the templates, read once, and the one that a request asks for."""

import io
from collections.abc import Mapping, Sequence
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from client.records.display_settings import LANGUAGES

CATALOGUES = Path(__file__).parent / "catalogues"
# Each language names itself, for the people who look for it.
OWN_NAMES: Mapping[str, str] = {"en": "English", "es": "Español", "ar": "العربية"}


@cache
def words_of(language: str) -> NullTranslations:
    """The catalogue of a language. English is what the templates hold, so it has none."""
    path = CATALOGUES / f"{language}.po"
    if language not in LANGUAGES or not path.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def wanted_language(chosen: str, accepted: str) -> str:
    """What the device chose, or the first language of its Accept-Language header that we have, or English."""
    if chosen in LANGUAGES:
        return chosen
    return next((one for one in _by_weight(accepted) if one in LANGUAGES), "en")


def _by_weight(accepted: str) -> Sequence[str]:
    """Language codes without their countries, most wanted first."""
    weighted = []
    for part in accepted.split(","):
        code, _, weight = part.strip().partition(";q=")
        weighted.append((-_number(weight), code.partition("-")[0].lower()))
    return [code for _, code in sorted(weighted, key=lambda pair: pair[0])]


def _number(weight: str) -> float:
    try:
        return float(weight) if weight else 1.0
    except ValueError:
        return 0.0
