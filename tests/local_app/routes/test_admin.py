"""The administrator's forms: each leaves a record, and names stay out of the trail."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from client.federation.approvals import approve, known_campaigns
from client.federation.privacy_statement import sign_statement
from client.federation.statement_figures import statement_of
from client.records.approvals import note_campaign
from client.records.audit_trail import AuditEntry, first_broken, recent_audit
from client.records.consent import consenting_students
from client.records.inventory import Purpose
from client.records.refusals import StoredRefusal, record_refusal
from client.records.releases import InstalledRelease, active_release, record_release
from client.records.staff import all_staff
from client.records.training_pause import is_paused
from common.privacy.ledger_rows import read_rows
from common.refusals import Refusal, RefusalCode
from common.signing import new_identity, save_identity
from local_app.auth import csrf_of
from local_app.world import World
from tests.support.asgi_browser import AsgiBrowser
from tests.support.plans import campaign_plan
from tests.support.school_pages import PASSWORD, SchoolForPages
from tests.support.stated import CALCULATOR, sources, stated_school
from tests.support.stores import NOW, in_reader, in_writer


@pytest.fixture
def abe(visit: AsgiBrowser) -> AsgiBrowser:
    """The administrator, signed in."""
    visit.submit("/staff/sign-in", {"name": "Mr Abe", "password": PASSWORD})
    return visit


def send(abe: AsgiBrowser, path: str, **form: str) -> str:
    """Where the form leads."""
    answer = abe.submit(path, {"csrf": csrf_of(abe.cookies["homeroom_staff"]), **form})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def newest_deed(world: World) -> AuditEntry:
    """The last line of the trail, whose chain must be whole."""
    assert in_reader(world.store, first_broken) is None
    (entry,) = in_reader(world.store, lambda c: recent_audit(c, count=1))
    return entry


def id_of_abe(world: World) -> str:
    """His staff id."""
    return next(one.id for one in in_reader(world.store, all_staff) if one.name == "Mr Abe")


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_a_decision_is_kept_with_the_id_and_shown_with_the_name(
    abe: AsgiBrowser, own_world: World, decision: str
) -> None:
    """The trail never holds a name; the page says who."""
    plan = campaign_plan(campaign=decision)
    in_writer(own_world.store, lambda c: note_campaign(c, plan.digest, plan.to_bytes(), now=NOW))
    done = {"approve": "approved", "refuse": "refused"}[decision]
    assert send(abe, "/admin/campaign", digest=plan.digest, decision=decision) == f"/admin?done={done}"
    entry, abes_id = newest_deed(own_world), id_of_abe(own_world)
    assert (entry.actor, entry.action, entry.subject) == (abes_id, f"campaign-{done}", plan.digest)
    (known,) = (one for one in in_reader(own_world.store, known_campaigns) if one.digest == plan.digest)
    assert (known.by, known.approved) == (abes_id, decision == "approve")
    html = abe.get("/admin").text
    assert "decided by Mr Abe" in html
    assert abes_id not in html


def test_a_plan_that_never_came_cannot_be_approved(abe: AsgiBrowser) -> None:
    """Approval is of exactly one plan that is here."""
    form = {"csrf": csrf_of(abe.cookies["homeroom_staff"]), "digest": "e" * 64, "decision": "approve"}
    assert abe.submit("/admin/campaign", form).status_code == 404
    assert abe.submit("/admin/campaign", {**form, "digest": "short"}).status_code == 400
    assert abe.submit("/admin/campaign", {**form, "decision": "perhaps"}).status_code == 400


def test_consent_is_given_and_withdrawn_with_a_record(
    abe: AsgiBrowser, own_world: World, school: SchoolForPages
) -> None:
    """Who entered it, about whom."""
    student = school.students[3]
    for granted, action in (("yes", "consent-given"), ("no", "consent-withdrawn")):
        assert send(abe, "/admin/consent", student=student, granted=granted) == "/admin/consent?done=consent"
        consenting = in_reader(own_world.store, lambda c: consenting_students(c, Purpose.FEDERATED_TRAINING))
        assert (student in consenting) == (granted == "yes")
        entry = newest_deed(own_world)
        assert (entry.actor, entry.action, entry.subject) == (id_of_abe(own_world), action, student)


def test_consent_of_nobody_is_not_found(abe: AsgiBrowser) -> None:
    """A form from an old page, after a student was erased, is no failure of the server."""
    form = {"csrf": csrf_of(abe.cookies["homeroom_staff"]), "student": "nobody", "granted": "yes"}
    assert abe.submit("/admin/consent", form).status_code == 404


def test_going_back_one_step_ends_at_the_schools_own_model(abe: AsgiBrowser, own_world: World) -> None:
    """The page says so, and offers no further step."""
    release = InstalledRelease("d" * 64, Path("none"), "bkt", "It was first.", {}, NOW, active=True)
    in_writer(own_world.store, lambda c: record_release(c, release))
    assert "Go back one step" in abe.get("/admin").text
    assert send(abe, "/admin/roll-back") == "/admin?done=rolled-back"
    assert in_reader(own_world.store, active_release) is None
    assert newest_deed(own_world).action == "release-rolled-back"
    assert "Go back one step" not in abe.get("/admin").text


def test_training_is_stopped_and_goes_on_with_a_record(abe: AsgiBrowser, own_world: World) -> None:
    """By whom and when, and the page offers the other way."""
    for decision, done, offered in (
        ("pause", "paused", "Let training go on"),
        ("resume", "resumed", "Stop training"),
    ):
        assert send(abe, "/admin/training", decision=decision) == f"/admin?done={done}"
        assert in_reader(own_world.store, is_paused) == (decision == "pause")
        entry = newest_deed(own_world)
        assert (entry.actor, entry.action) == (id_of_abe(own_world), f"training-{done}")
        html = abe.get(f"/admin?done={done}").text
        assert offered in html
        assert "by Mr Abe, since 01 September 2026" in html
        assert id_of_abe(own_world) not in html
    form = {"csrf": csrf_of(abe.cookies["homeroom_staff"]), "decision": "perhaps"}
    assert abe.submit("/admin/training", form).status_code == 400


def test_every_refusal_is_shown_and_old_ones_can_be_unfolded(abe: AsgiBrowser, own_world: World) -> None:
    """With the reason that never left the school, escaped like all that came from outside."""
    for number in range(1, 13):
        no = Refusal(
            RefusalCode.NOT_TAKING_PART, "This school doesn't take part today.", f"<b>reason {number}</b>"
        )
        stored = StoredRefusal("autumn", number, no, NOW)
        in_writer(own_world.store, lambda c, s=stored: record_refusal(c, s))  # type: ignore[misc]
    html = abe.get("/admin").text
    assert "autumn, round 12: This school doesn&#39;t take part today." in html
    assert html.index("reason 3&") < html.index("Older ones") < html.index("reason 2&")
    assert "<b>reason" not in html


def test_a_plan_is_shown_with_what_it_changes(abe: AsgiBrowser, own_world: World) -> None:
    """Against the one that was approved before; what weakens privacy is marked in words."""
    first = campaign_plan(campaign="first", rounds=9)
    second = campaign_plan(campaign="second", rounds=9, epsilon=4.0)
    for plan in (first, second):
        in_writer(own_world.store, lambda c, p=plan: note_campaign(c, p.digest, p.to_bytes(), now=NOW))  # type: ignore[misc]
    later = NOW + timedelta(hours=1)
    in_writer(own_world.store, lambda c: approve(c, first.digest, by="Mr Abe", now=later))
    html = abe.get("/admin").text
    assert "What it changes against first, which was approved before" in html
    assert "less privacy" in html


def test_an_unknown_message_in_the_address_is_no_message(abe: AsgiBrowser) -> None:
    """Nobody can put words on the administrator's page with a link."""
    html = abe.get("/admin?done=%3Cb%3EYou+won%3C/b%3E").text
    assert "You won" not in html
    assert 'role="status"' not in html


def test_the_privacy_statement_is_linked_once_there_is_one(
    abe: AsgiBrowser, own_world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Another school's statement, signed by this one; its ledger is another, and the page says so."""
    assert "/admin/statement" not in abe.get("/admin").text
    assert "No privacy statement has been made here yet" in abe.get("/admin/statement").text
    other = stated_school(tmp_path_factory.mktemp("stated") / "east")
    other.charge(1)
    identity = new_identity()
    save_identity(identity, own_world.folder.identity_key)
    own_world.folder.statement.mkdir()
    told = replace(sources(other.plan, read_rows(other.folder.ledger)), identity_key=identity.public_key)
    data = sign_statement(statement_of(told, CALCULATOR), identity)
    (own_world.folder.statement / "statement.json").write_bytes(data)
    assert 'href="/admin/statement"' in abe.get("/admin").text
    read = abe.get("/admin/statement").text
    assert "What this doesn&#39;t cover" in read
    assert "Something was charged after this statement was made" in read
