"""Approvals: a plan waits for the administrator's word, and only exactly that plan is approved by it."""

from datetime import timedelta

import pytest

from client.records.approvals import (
    CampaignDecision,
    Decided,
    campaign_decisions,
    decide_campaign,
    decision_of,
    is_approved,
    note_campaign,
)
from client.records.store import Store
from common.errors import ErrorCode, FixSettings
from tests.support.stores import NOW, in_reader, in_writer

DIGEST, PLAN = "a" * 64, b'{"campaign":"autumn"}'


def test_a_new_plan_waits(store: Store) -> None:
    """With its exact bytes; waiting isn't approval."""
    assert in_writer(store, lambda c: note_campaign(c, DIGEST, PLAN, now=NOW))
    waiting = CampaignDecision(DIGEST, PLAN, Decided.WAITING, None, NOW)
    assert in_reader(store, lambda c: decision_of(c, DIGEST)) == waiting
    assert not in_reader(store, lambda c: is_approved(c, DIGEST))


def test_a_plan_seen_again_keeps_its_decision(store: Store) -> None:
    """The coordinator lists its plans at each call."""
    in_writer(store, lambda c: note_campaign(c, DIGEST, PLAN, now=NOW))
    _decide(store, Decided.APPROVED)
    assert not in_writer(store, lambda c: note_campaign(c, DIGEST, PLAN, now=NOW + timedelta(days=1)))
    assert in_reader(store, lambda c: is_approved(c, DIGEST))


def test_the_last_word_counts(store: Store) -> None:
    """An administrator may change their mind; who and when is kept."""
    in_writer(store, lambda c: note_campaign(c, DIGEST, PLAN, now=NOW))
    _decide(store, Decided.APPROVED)
    _decide(store, Decided.REFUSED)
    refused = CampaignDecision(DIGEST, PLAN, Decided.REFUSED, "admin-1", NOW + timedelta(hours=1))
    assert in_reader(store, campaign_decisions) == [refused]
    assert not in_reader(store, lambda c: is_approved(c, DIGEST))


def test_another_digest_isn_t_approved(store: Store) -> None:
    """One changed term is another plan."""
    in_writer(store, lambda c: note_campaign(c, DIGEST, PLAN, now=NOW))
    _decide(store, Decided.APPROVED)
    assert not in_reader(store, lambda c: is_approved(c, "b" * 64))
    assert in_reader(store, lambda c: decision_of(c, "b" * 64)) is None


def test_a_plan_that_never_came_can_t_be_approved(store: Store) -> None:
    """Nobody approves what they can't read."""
    with pytest.raises(FixSettings) as refused:
        _decide(store, Decided.APPROVED)
    assert refused.value.code is ErrorCode.NOT_FOUND


def test_plans_come_newest_first(store: Store) -> None:
    """By arrival or decision."""
    for number in range(3):
        at = NOW + timedelta(days=number)
        in_writer(store, lambda c, n=number, at=at: note_campaign(c, f"{n}" * 64, PLAN, now=at))  # type: ignore[misc]
    assert [one.digest[0] for one in in_reader(store, campaign_decisions)] == ["2", "1", "0"]


def _decide(store: Store, decided: Decided) -> None:
    at = NOW + timedelta(hours=1)
    in_writer(store, lambda c: decide_campaign(c, DIGEST, decided=decided, by="admin-1", now=at))
