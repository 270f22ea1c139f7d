"""Submitting an answer: what is kept, what isn't, and what comes next."""

from datetime import timedelta

import pytest

from client.practice.submit_answer import Answer, submit_answer
from client.records.interactions import recent
from common.errors import ErrorCode, FixSettings, Refused
from tests.support.practising import School, right_response, wrong_response
from tests.support.stores import class_of_students, in_reader


def test_a_right_answer_is_kept_and_the_next_item_is_open(school: School) -> None:
    """One transaction: evidence, mastery, next offer with its reason."""
    first = school.offer()
    outcome = school.submit(right_response(first.item))
    assert outcome.counted
    assert outcome.grade.solved
    assert outcome.offer.id != first.id
    assert outcome.offer.reason
    assert school.offer() == outcome.offer
    (row,) = in_reader(school.store, lambda c: recent(c, school.student, count=9))
    assert (row.item, row.item_seed, row.skills) == (first.item.family, first.item.seed, first.item.skills)
    assert (row.correct, row.assisted, row.latency_ms) == (True, False, 4_000)
    assert (row.reason_code, row.model_version) == (first.reason_code, "bkt")
    assert school.mastery()[first.item.skills[0]].attempts == 1


def test_a_wrong_first_try_decides_and_further_tries_count_for_nothing(school: School) -> None:
    """The same item stays open, marked as answered, until it is solved."""
    first = school.offer()
    wrong = school.submit(wrong_response(first.item))
    assert (wrong.counted, wrong.offer.id, wrong.offer.answered) == (True, first.id, True)
    again = school.submit(wrong_response(first.item))
    assert (again.counted, again.offer.id) == (False, first.id)
    solved = school.submit(right_response(first.item))
    assert (solved.counted, solved.grade.solved) == (False, True)
    assert solved.offer.id != first.id
    assert [one.correct for one in school.history()] == [False]
    assert school.mastery()[first.item.skills[0]].attempts == 1


def test_a_student_may_move_on_after_the_first_try_only(school: School) -> None:
    """Skipping an item unseen would be a way to choose easy ones."""
    first = school.offer()
    assert school.move_on().id == first.id
    school.submit(wrong_response(first.item))
    assert school.move_on().id != first.id


def test_a_hint_before_the_first_try_makes_it_assisted(school: School) -> None:
    """Right with help is no evidence of knowing."""
    item = school.hint().item
    outcome = school.submit(right_response(item))
    assert outcome.grade.solved
    (row,) = in_reader(school.store, lambda c: recent(c, school.student, count=9))
    assert (row.correct, row.assisted, row.hints_used) == (False, True, 1)
    assert school.mastery()[item.skills[0]].correct_unaided == 0


def test_an_unreadable_answer_is_no_try(school: School) -> None:
    """Nothing is kept, and the item stays open."""
    first = school.offer()
    outcome = school.submit("???")
    assert (outcome.counted, outcome.grade.readable, outcome.offer) == (False, False, first)
    assert len(school.history()) == 0


def test_a_repeated_submission_changes_nothing_and_says_the_same(school: School) -> None:
    """The device may not have heard the first reply."""
    first = school.offer()
    for response in (right_response(first.item), wrong_response(first.item)):
        outcome = school.submit(right_response(first.item), uuid="same", offer_id=first.id)
        assert (response, outcome.grade.solved, outcome.counted) == (response, True, True)
        assert outcome.offer == school.offer()
        assert len(school.history()) == 1
    repeated = school.submit(wrong_response(first.item), uuid="same", offer_id=first.id)
    assert repeated.grade.solved
    assert len(school.history()) == 1


def test_a_repeat_of_the_answer_that_brought_mastery_says_so_again(school: School) -> None:
    """The page may show it once more."""
    for _ in range(200):
        offer = school.offer()
        outcome = school.submit(right_response(offer.item), uuid=f"again-{offer.id}")
        if outcome.newly_mastered:
            break
        school.clock.advance(timedelta(hours=5))
    assert outcome.newly_mastered == offer.item.skills
    assert school.submit("1", uuid=f"again-{offer.id}", offer_id=offer.id) == outcome


def test_another_students_number_is_refused(school: School) -> None:
    """A device's numbers are its own."""
    first = school.offer()
    school.submit(right_response(first.item), uuid="mine")
    (other,) = class_of_students(school.store, ["Ben"], code="BEARS7")
    with pytest.raises(Refused):
        school.submit("1", uuid="mine", offer_id=first.id, student=other)


def test_an_answer_to_an_item_that_is_not_open_is_refused(school: School) -> None:
    """Two windows, or an old page."""
    with pytest.raises(FixSettings, match="no longer open") as caught:
        school.submit("1", offer_id="F5:0x0~1")
    assert caught.value.code is ErrorCode.NOT_FOUND


def test_a_late_second_try_is_graded_without_effect(school: School) -> None:
    """The student moved on in another window: the first try was kept already, so nothing leaks or counts."""
    first = school.offer()
    school.submit(wrong_response(first.item))
    now_open = school.move_on()
    late = school.submit(right_response(first.item), offer_id=first.id)
    assert (late.grade.solved, late.counted, late.offer) == (True, False, now_open)
    assert len(school.history()) == 1


def test_what_fails_keeps_nothing(school: School) -> None:
    """An error inside the transaction leaves no half of an answer."""
    first = school.offer()
    broken = Answer(school.student, first.id, right_response(first.item), "x" * 3)

    def work(connection: object) -> None:
        submit_answer(connection, school.desk, broken)  # type: ignore[arg-type]
        raise ValueError("the disk is gone")

    with pytest.raises(ValueError, match="disk"):
        school.store.writer.submit(work).result(30)
    assert len(school.history()) == 0
    assert school.offer() == first
    assert school.submit(right_response(first.item)).counted
