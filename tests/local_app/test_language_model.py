"""A language model at the school, seen from the page: shown past the gate, kept for a reload, off by default."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.practice.reasons import ReasonCode
from client.records.display_settings import DisplaySettings, save_display
from client.records.offers import StoredOffer, put_offer
from client.settings import load_settings
from common.errors import FixSettings
from local_app.main import create_app
from local_app.world import world_at
from tests.support.asgi_browser import AsgiBrowser
from tests.support.fake_language_model import FakeLanguageModel, language_model
from tests.support.page_forms import hidden_fields
from tests.support.school_pages import CODE, SchoolForPages, make_school
from tests.support.stores import NOW, in_writer

OWN = "Give both fractions the same bottom number first."
OTHER = "Start by giving both fractions the same bottom number."
LINE = "987654"
TALK = "/practice/talk"


@pytest.fixture
def own_school(tmp_path: Path) -> SchoolForPages:
    """With one student."""
    return make_school(tmp_path / "hill", names=("Ada",))


@pytest.fixture
def model() -> FakeLanguageModel:
    """Which says one sound sentence."""
    return FakeLanguageModel([OTHER])


@pytest.fixture
def address(model: FakeLanguageModel) -> Iterator[str]:
    """Where it listens."""
    with language_model(model) as found:
        yield found


def _use(made: SchoolForPages, address: str) -> None:
    with made.folder.settings.open("a") as file:
        file.write(f'\n[tutor]\nmodel_address = "{address}"\n')


def _talk(made: SchoolForPages, *, language: str = "en") -> str:
    """The page after a first line that is wrong, loaded anew."""
    app = create_app(made.folder)
    (student,) = made.students
    with AsgiBrowser(app) as visitor:
        visitor.submit("/sign-in/student", {"code": CODE, "student": student})
        offer = StoredOffer(student, "Q8.procedure", 3, ReasonCode.START, {"skill": "Q8"}, "bkt", NOW)
        display = DisplaySettings(language=language)
        in_writer(world_at(app).store, lambda c: put_offer(c, offer))
        in_writer(world_at(app).store, lambda c: save_display(c, student, display, now=NOW))
        html = visitor.get("/practice").text
        for fields in ({"move": "open"}, {"move": "say", "said": LINE}):
            html = visitor.submit(TALK, {**hidden_fields(html, TALK), **fields}).text
        again = visitor.get("/practice").text
        assert (OTHER in html, OWN in html) == (OTHER in again, OWN in again)
        return again


def test_other_words_are_shown_and_stay(
    own_school: SchoolForPages, model: FakeLanguageModel, address: str
) -> None:
    """In place of the tutor's own; the model heard neither the student's name nor the line."""
    _use(own_school, address)
    html = _talk(own_school)
    assert OTHER in html
    assert OWN not in html
    (heard,) = model.heard
    assert OWN in str(heard)
    assert not any(word in str(heard) for word in ("Ada", LINE, own_school.students[0]))


def test_an_answer_from_the_model_never_reaches_the_page(
    own_school: SchoolForPages, model: FakeLanguageModel, address: str
) -> None:
    """Nor does its markup; the tutor's own words stand there."""
    model.replies = ["The answer is 23/18.", "<img src=x> twenty-three eighteenths."]
    _use(own_school, address)
    html = _talk(own_school)
    assert OWN in html
    assert not any(told in html for told in ("23/18", "twenty-three", "<img src=x>", "&lt;img"))
    assert len(model.heard) == 2


def test_without_an_address_no_model_is_asked(own_school: SchoolForPages, model: FakeLanguageModel) -> None:
    """As in every school that doesn't say otherwise."""
    assert OWN in _talk(own_school)
    assert model.heard == []


def test_the_model_speaks_english_only(own_school: SchoolForPages, model: FakeLanguageModel, address: str) -> None:
    """The gate knows no other language, so a student with another hears the tutor."""
    _use(own_school, address)
    assert OWN in _talk(own_school, language="ar")
    assert model.heard == []


@pytest.mark.parametrize(
    "wrong",
    [
        *(
            "http://8.8.8.8",
            "http://169.254.169.254",
            "http://[2001:4860::1]",
            "http://0.0.0.0",
            "http://model.example",
        ),
        *(
            "ftp://127.0.0.1",
            "127.0.0.1:8080",
            "http://user@127.0.0.1",
            "http://127.0.0.1/?q",
            "http://[::ffff:8.8.8.8]",
        ),
    ],
)
def test_an_address_outside_the_school_is_refused(own_school: SchoolForPages, wrong: str) -> None:
    """A public number, a name that could lead anywhere, the address of a cloud's own data."""
    _use(own_school, wrong)
    with pytest.raises(FixSettings, match=r"tutor\.model_address"):
        load_settings(own_school.folder)


@pytest.mark.parametrize(
    "right", ["http://127.0.0.1:8080", "https://192.168.3.4", "http://[::1]:1", "http://10.0.0.9/v"]
)
def test_an_address_of_the_school_is_taken(own_school: SchoolForPages, right: str) -> None:
    """Loopback and private numbers."""
    _use(own_school, right)
    assert load_settings(own_school.folder).tutor.model_address == right
