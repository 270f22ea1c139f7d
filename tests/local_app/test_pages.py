"""Rendering: text escaped, mathematics and figures labelled, pages light, and nothing inline."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from httpx import Client
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from client.content.figures import bar
from client.content.mathml import Expression, fraction
from client.records.mastery import SkillMastery, save_mastery
from client.records.students import NewStudent, add_students
from local_app.pages import FOLDER, HEADERS, load_templates, render_line
from local_app.world import World
from tests.support.asgi_browser import AsgiBrowser
from tests.support.practising import BANK
from tests.support.school_pages import CODE, PASSWORD, SchoolForPages
from tests.support.stores import NOW, in_writer

TEMPLATES = sorted((FOLDER / "templates").glob("*.html"))
STYLE_SHEET = FOLDER / "static" / "homeroom.css"
MOST_BYTES = 100_000
LARGE_CLASS = 35


def test_text_is_escaped_and_stands_between_mathematics() -> None:
    """An item's text is data, also where it looks like markup."""
    line = render_line(("Is <b>this</b> & ", fraction(1, 2), " right?"))
    assert "Ada:<br>1 &lt; 2" in render_line(("Ada:\n1 < 2",))
    assert line.startswith("Is &lt;b&gt;this&lt;/b&gt; &amp; <math ")
    assert line.endswith("</math> right?")


def test_mathematics_carries_its_words_as_a_label() -> None:
    """Once, on the element that a screen reader meets first."""
    line = str(render_line((fraction(3, 4),)))
    assert line.count("aria-label=") == 1
    assert ElementTree.fromstring(line).attrib["aria-label"] == "3 quarters"  # noqa: S314 - made here


def test_a_figure_is_shown_as_it_was_drawn() -> None:
    """It has its own label."""
    figure = bar(4, 3)
    assert render_line((figure,)) == figure.svg
    assert figure.alternative in figure.svg


@given(words=st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z")), max_size=30))
def test_no_words_can_leave_a_label_or_become_markup(words: str) -> None:
    """Quotes, angle brackets and ampersands come back as they were, as text and as a label."""
    line = render_line((words, Expression("<mn>1</mn>", words)))
    parsed = ElementTree.fromstring(f"<p>{line}</p>")  # noqa: S314 - made here
    assert (parsed.text or "") == words
    assert len(parsed) == 1
    assert parsed[0].attrib["aria-label"] == words


def test_an_unknown_name_in_a_template_is_an_error() -> None:
    """Not an empty place on a child's page."""
    with pytest.raises(UndefinedError):
        load_templates()["en"].env.from_string("{{ nobody }}").render()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_style_or_script(template: object) -> None:
    """Scripts come as files of our own; all else the content security policy would block."""
    text = template.read_text()  # type: ignore[attr-defined]
    own_script = r" type=\"module\" src=\"/static/[a-z/]+\.js\"></script>"
    inline = rf"<script(?!{own_script})|<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:"
    assert not re.search(inline, text, re.IGNORECASE)
    assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", text)
    assert "|safe" not in text.replace(" ", "")


def test_the_style_sheet_fetches_nothing() -> None:
    """No import, and no font or picture but the files beside it."""
    text = STYLE_SHEET.read_text()
    assert "@import" not in text
    for target in re.findall(r"url\(([^)]*)\)", text):
        assert re.fullmatch(r"fonts/[a-z0-9-]+\.woff2", target)
        assert (STYLE_SHEET.parent / target).is_file()


def everything(visitor: AsgiBrowser, school: SchoolForPages) -> dict[str, bytes]:
    """Every kind of page, by name."""
    names = visitor.submit("/sign-in/class", {"code": CODE})
    visitor.submit("/sign-in/student", {"code": CODE, "student": school.students[1]})
    visitor.submit("/staff/sign-in", {"name": "Mr Abe", "password": PASSWORD})
    paths = [
        "/",
        "/staff",
        "/practice",
        "/teacher",
        f"/teacher/class/{school.class_id}",
        "/admin",
        "/admin/consent",
    ]
    found = {path: visitor.get(path) for path in [*paths, "/nowhere"]} | {"names": names}
    for answer in found.values():
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    return {name: answer.content for name, answer in found.items()}


def fill(world: World, class_id: str) -> None:
    """A large class that has met every skill."""
    vault = world.store.vault
    new = [NewStudent(f"Student Number {n}", class_id, avatar="🦉") for n in range(LARGE_CLASS - 12)]
    students = in_writer(world.store, lambda c: add_students(c, vault, new, now=NOW))
    for student in students:
        for skill in BANK.skills():
            state = SkillMastery(skill.id, 0.5, 9, 3, 1, NOW.date(), (), None, NOW + timedelta(days=1))
            in_writer(world.store, lambda c, who=student, s=state: save_mastery(c, who, s))  # type: ignore[misc]


def test_every_page_is_light_and_forbids_what_it_does_not_need(
    visit: AsgiBrowser, school: SchoolForPages, own_world: World
) -> None:
    """Under 100 kB with the style sheet, uncompressed, for a class of 35 on every skill of the bank."""
    fill(own_world, school.class_id)
    style_bytes = len(visit.get("/static/homeroom.css").content)
    heaviest = {name: len(body) + style_bytes for name, body in everything(visit, school).items()}
    assert {name: size for name, size in heaviest.items() if size >= MOST_BYTES} == {}


def test_the_style_sheet_is_served_as_one(address: str) -> None:
    """With its type, since browsers are told not to guess."""
    with Client(base_url=address, trust_env=False) as client:
        answer = client.get("/static/homeroom.css")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")
