"""Offers: stable until answered, never the same item twice, always with a reason that is true."""

import json
from datetime import timedelta

import pytest

from client.practice.mastery import stumbles
from client.practice.offers import Offer
from client.practice.reasons import ReasonCode
from client.records.offers import open_offer
from tests.support.practising import BANK, School, coin
from tests.support.stores import in_reader


def test_the_open_offer_survives_a_reload(school: School) -> None:
    """The same item, not a new draw."""
    assert school.offer() == school.offer()
    assert not school.offer().answered


def test_the_first_offer_starts_something(school: School) -> None:
    """A skill without needs, and a reason that says so."""
    offer = school.offer()
    assert offer.reason_code == ReasonCode.START
    assert BANK.prerequisites(offer.item.skills[0]) == ()
    assert "find out" in offer.reason


@pytest.mark.parametrize("seed", range(3))
def test_no_item_comes_twice_and_every_offer_has_a_true_reason(school: School, seed: int) -> None:
    """Sixty answers over several days: family and seed never repeat, no family twice running."""
    source = coin(seed)
    met: set[str] = set()
    last = ""
    for n in range(60):
        offer = school.offer()
        assert offer.id not in met
        assert offer.item.family != last
        _check_reason(school, offer)
        met.add(offer.id)
        last = offer.item.family
        school.answer(right=source.random() < (0.3, 0.6, 0.95)[seed])
        school.clock.advance(timedelta(days=4) if n % 12 == 11 else timedelta(minutes=1))


def _check_reason(school: School, offer: Offer) -> None:
    stored = in_reader(school.store, lambda c: open_offer(c, school.student))
    assert stored is not None
    assert json.dumps(stored.facts)
    facts, states = stored.facts, school.mastery()
    state = states.get(facts["skill"])
    assert facts["skill"] in offer.item.skills
    assert offer.reason.endswith((".", "?"))
    code = ReasonCode(stored.reason_code)
    if code in {ReasonCode.START, ReasonCode.EARLY}:
        assert state is None
        return
    if code is ReasonCode.REPAIR:
        of = states[facts["of"]]
        assert (stumbles(of), facts["skill"] in BANK.prerequisites(of.skill)) == (facts["failures"], True)
        return
    if code is ReasonCode.WARM_UP:
        assert [one.correct for one in school.history()][-3:] == [False, False, False]
        return
    assert state is not None
    checks = {
        ReasonCode.GOING_ON: (facts.get("attempts"), facts.get("correct"))
        == (state.attempts, state.correct_unaided),
        ReasonCode.ANOTHER_DAY: state.last_correct_day is not None
        and (state.days_correct > 1 or state.last_correct_day < school.clock.now().date()),
        ReasonCode.RE_CHECK: state.mastered_at is not None
        and facts.get("days") == (school.clock.now().date() - state.last_at.date()).days,
        ReasonCode.COMES_BACK: state.rest_until is not None
        and state.last_at < state.rest_until <= school.clock.now()
        and facts.get("days") == (school.clock.now().date() - state.last_at.date()).days,
        ReasonCode.KEEP_FRESH: True,
    }
    assert checks[code], (code, facts)
