"""Imported content from the command to the mastery of a student, through the school's pages."""

import json
from pathlib import Path

import pytest

from client.cli import main
from client.content.bank import make_bank
from client.content.key_text import key_text
from client.content.school_bank import PLACES_FILE, school_content
from client.practice.choices import start_set
from client.practice.reasons import ReasonCode
from client.practice.talks import Said, say, talk_of
from client.records.interactions import recent
from client.records.mastery import mastery_of
from client.records.offers import StoredOffer, open_offer, put_offer
from common.clock import StoppedClock
from local_app.main import create_app
from local_app.world import world_at
from tests.support.asgi_browser import AsgiBrowser
from tests.support.invented_course import problem, step
from tests.support.page_forms import hidden_fields
from tests.support.practising import school_with_student
from tests.support.school_pages import CODE, SchoolForPages, make_school
from tests.support.stores import NOW, in_reader, in_writer

SKILL = "oatutor.open_brackets"


@pytest.fixture
def own_school(tmp_path: Path) -> SchoolForPages:
    """With one imported item on a skill that needs E3."""
    made = make_school(tmp_path / "hill", names=("Ada",))
    course = tmp_path / "course.jsonl"
    course.write_text(json.dumps(problem(step())))
    out = made.folder.content
    assert main(["import-content", str(course), "--out", str(out)]) == 0
    (out / PLACES_FILE).write_text(f'[[after]]\nneeds = ["E3"]\nskills = ["{SKILL}"]\n')
    return made


def test_the_policy_offers_an_imported_item_once_what_it_needs_is_known(
    own_school: SchoolForPages, tmp_path: Path
) -> None:
    """Not before: a child who can't open brackets yet never sees it."""
    everything = school_content(own_school.folder.content).bank
    wanted = [skill for skill in everything.skills() if skill.id in ("E3", SKILL)]
    bank = make_bank(wanted, [*everything.families_of("E3"), *everything.families_of(SKILL)])
    with school_with_student(tmp_path, bank=bank) as practising:
        offered = []
        for _ in range(12):
            offer = practising.offer()
            offered.append(offer.item.skills[0])
            practising.submit(key_text(offer.item))
        assert offered[:2] == ["E3", "E3"]
        assert SKILL in offered
        first = offered.index(SKILL)
        assert practising.mastery()["E3"].attempts == offered.count("E3") >= first


def test_an_imported_item_is_offered_talked_about_and_graded(own_school: SchoolForPages) -> None:
    """It is on the page with its formula, its answer counts for its skill, and the tutor doesn't say it."""
    clock = StoppedClock()
    app = create_app(own_school.folder, clock=clock)
    (student,) = own_school.students
    with AsgiBrowser(app) as visitor:
        world = world_at(app)
        visitor.submit("/sign-in/student", {"code": CODE, "student": student})
        in_writer(world.store, lambda c: start_set(c, world.desk, student, skill=SKILL))
        stored = in_reader(world.store, lambda c: open_offer(c, student))
        assert stored is not None
        assert stored.item == "oatutor.p1a"
        html = visitor.get("/practice").text
        assert "<mfenced" not in html
        assert "Open brackets" in html
        item = world.desk.bank.generate(stored.item, stored.item_seed)
        form = hidden_fields(html)
        answered = visitor.submit("/practice/answer", {**form, "response": "4(x + 3)"}).text
        assert "Almost." in answered or "Not yet." in answered
        offer = in_writer(world.store, lambda c: say(c, world.desk, student, said=Said(form["offer"], 0, None)))
        talk = in_reader(world.store, lambda c: talk_of(c, world.desk, student, offer=offer))
        assert talk is not None
        assert "12" not in str(talk.turns)
        solved = visitor.submit("/practice/answer", {**form, "answer_id": "0" * 32, "response": key_text(item)})
        assert "Right." in solved.text
        assert SKILL in in_reader(world.store, lambda c: mastery_of(c, student))
        (kept, *_) = in_reader(world.store, lambda c: recent(c, student, count=1))
        assert (kept.item, kept.skills) == ("oatutor.p1a", (SKILL,))


def test_a_root_of_a_sum_is_compared_by_the_other_process(tmp_path: Path) -> None:
    """The root of (2x + √2)² is worth the key, and the exact grader alone could not read it."""
    made = make_school(tmp_path / "hill", names=("Ada",))
    course, out = tmp_path / "course.jsonl", made.folder.content
    course.write_text(json.dumps(problem(step(stepTitle="Add them.", stepAnswer=["$$\\sqrt{2}+2x$$"]))))
    assert main(["import-content", str(course), "--out", str(out)]) == 0
    (out / PLACES_FILE).write_text(f'[same]\nE3 = ["{SKILL}"]\n')
    (student,) = made.students
    app = create_app(made.folder)
    with AsgiBrowser(app) as visitor:
        offer = StoredOffer(student, "oatutor.p1a", 3, ReasonCode.START, {"skill": "E3"}, "bkt", NOW)
        in_writer(world_at(app).store, lambda c: put_offer(c, offer))
        visitor.submit("/sign-in/student", {"code": CODE, "student": student})
        form = hidden_fields(visitor.get("/practice").text)
        html = visitor.submit("/practice/answer", {**form, "response": "√((2x + √(2))^2)"}).text
        assert "Right." in html or "Almost." in html
