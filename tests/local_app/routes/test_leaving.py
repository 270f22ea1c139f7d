"""What leaves the school is said to everybody, by the ledger's own count, and to a student about themselves."""

from client.records.consent import ConsentDecision, record_consents
from client.records.inventory import Purpose
from local_app.routes.leaving import sums_paid_for
from local_app.world import World
from tests.support.asgi_browser import AsgiBrowser
from tests.support.school_pages import CODE, SchoolForPages
from tests.support.stores import NOW, in_writer

FAMILIES, STUDENT = "/what-leaves", "/practice/what-leaves"


def test_a_family_needs_no_account(visit: AsgiBrowser) -> None:
    """And reads that nothing has left, which is so at a school without a ledger."""
    html = visit.get(FAMILIES).text
    assert "So far nothing has left this school for training." in html
    assert "And you?" not in html


def test_a_student_reads_whether_they_take_part(
    visit: AsgiBrowser, own_world: World, school: SchoolForPages
) -> None:
    """The newest decision counts."""
    student = school.students[0]
    visit.submit("/sign-in/student", {"code": CODE, "student": student})
    assert "You don't take part" in visit.get(STUDENT).text
    yes = ConsentDecision(student, Purpose.FEDERATED_TRAINING, True, "form signed at school", "office")
    in_writer(own_world.store, lambda c: record_consents(c, [yes], now=NOW))
    assert "You take part:" in visit.get(STUDENT).text


def test_a_damaged_ledger_is_said_and_no_number_made_up(visit: AsgiBrowser, own_world: World) -> None:
    """The page still comes."""
    ledger = own_world.folder.ledger
    ledger.write_bytes(b"not a ledger\n")
    try:
        assert sums_paid_for(ledger) is None
        assert "is damaged" in visit.get(FAMILIES).text
    finally:
        ledger.unlink()
