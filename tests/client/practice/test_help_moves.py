"""Help at once: what can be asked for when, and what it brings."""

from client.content.items import Line
from client.practice.help_moves import (
    HelpMoves,
    another_explanation,
    help_moves,
    needed_item,
    simpler_item,
)
from client.practice.offers import Offer, start_diagnostic
from client.practice.reasons import ReasonCode
from tests.support.practising import School, right_response, wrong_response
from tests.support.stores import in_writer


def _moves(school: School) -> HelpMoves:
    return help_moves(school.desk, school.offer())


def _simpler(school: School) -> Offer:
    return in_writer(school.store, lambda c: simpler_item(c, school.desk, school.student))


def _needed(school: School) -> Offer:
    return in_writer(school.store, lambda c: needed_item(c, school.desk, school.student))


def _explained(school: School) -> tuple[Line, ...]:
    return in_writer(school.store, lambda c: another_explanation(c, school.desk, school.student))


def _at_a_skill_with_needs(school: School) -> str:
    while not school.desk.tables.needs_of(school.offer().item.skills[0]):
        school.answer(right=True)
    return school.offer().item.skills[0]


def test_before_a_first_try_only_hints_and_explanations_are_to_be_had(school: School) -> None:
    """Else easy items could be picked."""
    offer = school.offer()
    assert _moves(school) == HelpMoves(True, True, False, False)
    assert _simpler(school) == _needed(school) == offer


def test_a_simpler_item_is_one_with_the_best_chance(school: School) -> None:
    """After a wrong try."""
    skill = _at_a_skill_with_needs(school)
    school.submit(wrong_response(school.offer().item))
    assert _moves(school).simpler_item
    offer = _simpler(school)
    assert offer.reason_code == ReasonCode.SIMPLER
    assert offer.item.skills[0] != skill
    assert not offer.answered


def test_what_the_item_rests_on_can_be_asked_for(school: School) -> None:
    """The least known of its needs."""
    skill = _at_a_skill_with_needs(school)
    school.submit(wrong_response(school.offer().item))
    assert _moves(school).needed_item
    offer = _needed(school)
    assert offer.reason_code == ReasonCode.NEEDED
    assert offer.item.skills[0] in school.desk.tables.needs_of(skill)


def test_a_diagnostic_gives_no_help(school: School) -> None:
    """It asks what a student can do alone."""
    offer = in_writer(school.store, lambda c: start_diagnostic(c, school.desk, school.student))
    assert help_moves(school.desk, offer) == HelpMoves(False, False, False, False)


def test_another_explanation_solves_another_item_and_counts_as_a_hint(school: School) -> None:
    """The same idea in another family; the open item stays."""
    offer = school.offer()
    lines = _explained(school)
    assert len(lines) >= 2
    assert lines[0] != offer.item.stem
    after = school.offer()
    assert after.id == offer.id
    outcome = school.submit(right_response(after.item))
    assert outcome.counted
    assert [one.correct for one in school.history()] == [False]
