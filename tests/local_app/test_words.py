"""The pages speak each of their languages: no sentence is missing, and a browser's wish is understood."""

import re

import pytest
from babel.messages.pofile import read_po

from client.records.display_settings import LANGUAGES
from local_app.words import CATALOGUES, OWN_NAMES, wanted_language, words_of
from tests.support.asgi_browser import AsgiBrowser
from tests.support.catalogues import marked

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_is_missing_and_none_is_left_over(language: str) -> None:
    """A new sentence in a template fails here until every catalogue has it."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    translated = {message.id for message in catalogue if message.id and message.string and not message.fuzzy}
    assert sorted(set(marked()) - translated) == []
    assert sorted(translated - set(marked())) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_fills_in_the_same_things(language: str) -> None:
    """Else the page would fail where it is shown."""
    words = words_of(language)
    for sentence in marked():
        places = set(re.findall(r"%\((\w+)\)s", sentence))
        assert set(re.findall(r"%\((\w+)\)s", words.gettext(sentence))) == places, sentence


def test_each_language_names_itself() -> None:
    """For the people who look for it."""
    assert set(OWN_NAMES) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("chosen", "accepted", "wanted"),
    [
        ("", "", "en"),
        ("", "es-MX,es;q=0.9,en;q=0.8", "es"),
        ("", "fr,ar;q=0.5", "ar"),
        ("", "en;q=0.1,ar;q=0.7", "ar"),
        ("", "fr;q=x,,;q=,de", "en"),
        ("ar", "es", "ar"),
        ("xx", "es", "es"),
    ],
)
def test_the_devices_choice_comes_before_the_browsers_wish(chosen: str, accepted: str, wanted: str) -> None:
    """Whatever the header holds, some language comes out."""
    assert wanted_language(chosen, accepted) == wanted


def test_an_arabic_page_runs_from_the_right(visit: AsgiBrowser) -> None:
    """Before anybody is signed in."""
    visit.submit("/language", {"language": "ar"})
    text = visit.get("/").text
    assert 'lang="ar" dir="rtl"' in text
    assert words_of("ar").gettext("Hello! Which class are you in?") in text


def test_a_language_that_is_not_there_is_refused(visit: AsgiBrowser) -> None:
    """With a sentence, and nothing changes."""
    assert visit.submit("/language", {"language": "xx"}).status_code == 404
    assert 'lang="en"' in visit.get("/").text
