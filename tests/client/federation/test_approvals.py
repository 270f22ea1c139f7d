"""Plans at the school: only the enrolled coordinator's are kept, and only the administrator's word approves."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from client.federation.approvals import (
    approve,
    approved_bundles,
    full_digest,
    known_campaigns,
    note_offered,
    refuse,
    summary_of,
)
from client.records.approvals import is_approved
from client.records.audit_trail import recent_audit
from client.records.store import Store
from common.campaign_message import seal_campaign
from common.errors import FixSettings, HomeroomError
from common.plan import MetricTerms
from common.signing import new_identity
from tests.support.judging import MASKED, masked_campaign
from tests.support.plans import campaign_plan, privacy_terms
from tests.support.stores import NOW, in_reader, in_writer, sqlite_store

COORDINATOR = new_identity()
METRICS = MetricTerms(bins=10, noise_multiplier=9.0, modulus_bits=24)
PLAN = campaign_plan(coordinator_key=COORDINATOR.public_key)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty school."""
    opened = sqlite_store(tmp_path)
    yield opened
    opened.close()


def note(store: Store, *sealed: bytes) -> int:
    """Keeps plans that our coordinator signed."""
    key = COORDINATOR.public_key
    return in_writer(store, lambda c: note_offered(c, sealed, coordinator_key=key, now=NOW))


def test_a_plan_is_kept_once_and_waits(store: Store) -> None:
    """Fetching the same plan again asks nobody twice."""
    sealed = seal_campaign(COORDINATOR, PLAN)
    assert (note(store, sealed), note(store, sealed)) == (1, 0)
    [known] = in_reader(store, known_campaigns)
    assert (known.digest, known.name, known.waiting, known.by) == (PLAN.digest, "autumn", True, None)
    assert in_reader(store, approved_bundles) == frozenset()


def test_a_plan_that_somebody_else_signed_is_not_kept(store: Store) -> None:
    """Nor one that names another coordinator than its signature, nor damaged bytes, nor a good one beside them."""
    good, stranger = seal_campaign(COORDINATOR, PLAN), new_identity()
    for bad in (
        seal_campaign(stranger, PLAN),
        seal_campaign(COORDINATOR, PLAN.model_copy(update={"coordinator_key": stranger.public_key})),
        good[:-1],
    ):
        with pytest.raises(HomeroomError):
            note(store, good, bad)
    assert in_reader(store, known_campaigns) == []


def test_approving_is_recorded_with_who_did_it(store: Store) -> None:
    """And withdrawing is a later word, not an erased one."""
    note(store, seal_campaign(COORDINATOR, PLAN))
    in_writer(store, lambda c: approve(c, PLAN.digest, by="Mr Abe", now=NOW))
    assert in_reader(store, lambda c: is_approved(c, PLAN.digest))
    assert in_reader(store, approved_bundles) == {PLAN.bundle_digest}
    in_writer(store, lambda c: refuse(c, PLAN.digest, by="Ms Reed", now=NOW))
    assert not in_reader(store, lambda c: is_approved(c, PLAN.digest))
    assert in_reader(store, approved_bundles) == frozenset()
    trail = in_reader(store, lambda c: recent_audit(c, count=5))
    assert [(row.actor, row.action) for row in trail] == [
        ("Ms Reed", "campaign-refused"),
        ("Mr Abe", "campaign-approved"),
    ]


def test_a_plan_that_never_came_cannot_be_approved(store: Store) -> None:
    """The digest alone isn't a plan, and no trace of the attempt is left in the trail."""
    with pytest.raises(FixSettings):
        in_writer(store, lambda c: approve(c, "f" * 64, by="Mr Abe", now=NOW))
    assert in_reader(store, lambda c: recent_audit(c, count=5)) == []


def test_a_changed_plan_needs_a_new_word(store: Store) -> None:
    """Approval is of a digest: one more round is another plan."""
    longer = PLAN.model_copy(update={"rounds": 4})
    note(store, seal_campaign(COORDINATOR, PLAN), seal_campaign(COORDINATOR, longer))
    in_writer(store, lambda c: approve(c, PLAN.digest, by="Mr Abe", now=NOW))
    assert not in_reader(store, lambda c: is_approved(c, longer.digest))


def test_the_beginning_of_a_digest_is_enough_if_it_is_one_plans_alone(store: Store) -> None:
    """Twelve digits are typed more readily than 64."""
    note(store, seal_campaign(COORDINATOR, PLAN))
    assert in_reader(store, lambda c: full_digest(c, PLAN.digest[:12])) == PLAN.digest
    for beginning in ("", "nothing like it"):
        with pytest.raises(FixSettings), store.read() as connection:
            full_digest(connection, beginning)


def test_the_summary_says_who_how_often_what_leaves_and_what_it_costs() -> None:
    """Sentences with the plan's own figures; it changes when the plan changes."""
    text = " ".join(summary_of(PLAN))
    figures = ("3 schools", "east, north, west", "3 rounds", "epsilon 2.00", "1e-05", "25%", "last 400 answers")
    for figure in figures:
        assert figure in text
    dearer = PLAN.model_copy(update={"epsilon": 5.0, "privacy": privacy_terms(max_interactions=100)})
    assert "epsilon 5.00" in " ".join(summary_of(dearer))
    assert "last 100 answers" in " ".join(summary_of(dearer))


def test_the_summary_says_whom_to_trust() -> None:
    """Nobody, or so many honest schools, and when that holds."""
    alone, shared = " ".join(summary_of(PLAN)), " ".join(summary_of(masked_campaign(metrics=METRICS)))
    assert "Whom to trust: nobody. This school adds all the noise itself." in alone
    assert "of this school alone" in alone
    assert "at least 3 of the 5 schools in each sum" in shared
    assert "while at most 1 of them help a dishonest coordinator, and at most 1 are missing" in shared
    assert "masked so that only the sum" in shared
    careless = masked_campaign(secagg=MASKED.model_copy(update={"corrupt": 0}))
    assert "while none of them help a dishonest coordinator" in " ".join(summary_of(careless))
    assert "one that measures the model" in shared


def test_a_plan_that_waits_is_compared_with_the_one_approved_last(store: Store) -> None:
    """Not with one that was refused, nor with itself; a decided plan keeps what it was compared with."""
    first, refused, second, third = (
        PLAN.model_copy(update={"campaign": name, "rounds": rounds})
        for name, rounds in (("spring", 3), ("summer", 9), ("autumn", 4), ("winter", 5))
    )
    note(store, *(seal_campaign(COORDINATOR, plan) for plan in (first, refused, second, third)))
    for hours, plan, deed in ((1, first, approve), (2, refused, refuse), (3, second, approve)):
        at = NOW + timedelta(hours=hours)
        in_writer(store, lambda c, p=plan, d=deed, at=at: d(c, p.digest, by="Mr Abe", now=at))  # type: ignore[misc]
    known = {one.name: one for one in in_reader(store, known_campaigns)}
    assert {name: one.compared_with for name, one in known.items()} == {
        "spring": "",
        "summer": "spring",
        "autumn": "spring",
        "winter": "autumn",
    }
    assert known["spring"].changes == ()
    assert [one.sentence for one in known["winter"].changes] == ["Rounds: 5, was 4 (about privacy)."]
