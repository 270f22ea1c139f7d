"""Answers from a work package: handed out here, graded again here, kept once, and no mastery by themselves."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from client.practice.late_answers import LateAnswer, Receipt, keep_late
from client.practice.mastery import MASTERED_CORRECT
from client.practice.replay_mastery import replay_mastery
from client.practice.work_package import ACCEPTED, ITEMS, PackedItem, WorkPackage, pack
from client.records.interactions import StoredInteraction, recent
from tests.support.practising import School, right_response, school_with_student, wrong_response
from tests.support.stores import class_of_students, in_reader, in_writer

HOUR = timedelta(hours=1)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """One student."""
    with school_with_student(tmp_path) as made:
        yield made


def packed(school: School) -> WorkPackage:
    """A package of now."""
    return in_writer(school.store, lambda c: pack(c, school.desk, school.store.vault, student=school.student))


def answer(
    work: WorkPackage, number: int, *, right: bool = True, ago: timedelta = HOUR, uuid: str = "", hints: int = 0
) -> LateAnswer:
    """To the package's item of this number."""
    item = work.items[number].item
    response = right_response(item) if right else wrong_response(item)
    return LateAnswer(
        token=work.token,
        item=item.family,
        item_seed=item.seed,
        response=response,
        client_uuid=uuid or f"{number:032x}",
        sequence=number,
        answered_ago=ago,
        hints=hints,
    )


def send(school: School, answers: Sequence[LateAnswer], *, student: str = "") -> dict[str, Receipt]:
    """What becomes of them."""
    who = student or school.student
    vault = school.store.vault
    return in_writer(school.store, lambda c: keep_late(c, school.desk, vault, student=who, answers=answers))


def kept(school: School) -> list[StoredInteraction]:
    """Oldest first."""
    return in_reader(school.store, lambda c: recent(c, school.student, count=999))[::-1]


def test_a_package_holds_different_items_each_with_a_reason(school: School) -> None:
    """And never one that is open or that comes next at the server."""
    work = packed(school)
    pairs = [(one.item.family, one.item.seed) for one in work.items]
    assert len(set(pairs)) == len(pairs) == ITEMS
    assert all(str(one.why).endswith((".", "?")) and one.reason_code for one in work.items)
    open_now = school.offer().item
    assert (open_now.family, open_now.seed) not in pairs


def test_a_package_follows_the_policy(school: School) -> None:
    """No family twice running, and each skill's needs are met as at the server."""
    families = [one.item.family for one in packed(school).items]
    assert all(first != second for first, second in pairwise(families))


def test_answers_are_graded_again_and_kept_in_the_order_they_were_given(school: School) -> None:
    """Whatever order they come in; what is right is told by the server alone."""
    work = packed(school)
    school.clock.advance(5 * HOUR)
    late = [answer(work, n, right=n % 2 == 0, ago=(4 - n) * HOUR) for n in range(4)]
    assert set(send(school, late[::-1]).values()) == {Receipt.KEPT}
    rows = kept(school)
    assert [row.item_seed for row in rows] == [one.item.seed for one in work.items[:4]]
    assert [row.correct for row in rows] == [True, False, True, False]
    assert [row.seq for row in rows] == [1, 2, 3, 4]
    assert all(row.offline and row.reason_code for row in rows)
    times = [row.at_seconds or 0.0 for row in rows]
    assert times == [(school.clock.now() - (4 - n) * HOUR).timestamp() for n in range(4)]


def test_the_same_answers_again_count_once(school: School) -> None:
    """Also under another number, since the item was tried, and also when some of them are new."""
    work = packed(school)
    send(school, [answer(work, 0), answer(work, 1)])
    again = send(school, [answer(work, n) for n in range(3)])
    assert list(again.values()) == [Receipt.KNOWN, Receipt.KNOWN, Receipt.KEPT]
    assert list(send(school, [answer(work, 0, uuid="f" * 32)]).values()) == [Receipt.KNOWN]
    assert len(kept(school)) == 3


def test_a_fortnight_late_is_fine_and_more_is_said(school: School) -> None:
    """Up to three weeks after the package was made."""
    work = packed(school)
    school.clock.advance(ACCEPTED)
    assert list(send(school, [answer(work, 0, ago=timedelta(days=20))]).values()) == [Receipt.KEPT]
    school.clock.advance(timedelta(seconds=1))
    assert list(send(school, [answer(work, 1)]).values()) == [Receipt.NOT_HANDED_OUT]


@pytest.mark.parametrize("ago", [timedelta(days=400), timedelta(days=-400)])
def test_a_devices_clock_can_t_move_an_answer_out_of_its_time(school: School, ago: timedelta) -> None:
    """Between handing out and arriving, whatever the device says."""
    work = packed(school)
    school.clock.advance(3 * HOUR)
    send(school, [answer(work, 0, ago=ago)])
    (row,) = kept(school)
    assert work.issued_at.timestamp() <= (row.at_seconds or 0.0) <= school.clock.now().timestamp()


def test_items_that_were_not_handed_out_to_this_student_are_turned_away(school: School) -> None:
    """Another student's package, a bent one, an item that isn't in it; the good ones beside them are kept."""
    work = packed(school)
    (ben,) = class_of_students(school.store, ["Ben"], code="BATS42")
    assert list(send(school, [answer(work, 0)], student=ben).values()) == [Receipt.NOT_HANDED_OUT]
    good, other = answer(work, 1), answer(work, 2)
    bent = LateAnswer(**{**_fields(other), "token": other.token.replace(other.item, "F5.0x0")})
    elsewhere = LateAnswer(**{**_fields(other), "item_seed": 7, "client_uuid": "e" * 32})
    receipts = send(school, [bent, elsewhere, good])
    assert list(receipts.values()) == [Receipt.KEPT, Receipt.NOT_HANDED_OUT, Receipt.NOT_HANDED_OUT]
    assert len(kept(school)) == 1


def test_a_token_says_nothing_that_the_package_doesn_t(school: School) -> None:
    """Items, reasons and a time: no key, no name."""
    work = packed(school)
    body = json.loads(work.token.rpartition(".")[0])
    assert set(body) == {"at", "items"}
    assert [tuple(one[:2]) for one in body["items"]] == [(one.item.family, one.item.seed) for one in work.items]


def test_what_can_t_be_read_is_no_try(school: School) -> None:
    """As at the server."""
    work = packed(school)
    slip = LateAnswer(**{**_fields(answer(work, _typed(work.items))), "response": "?!"})
    assert list(send(school, [slip]).values()) == [Receipt.UNREADABLE]
    assert kept(school) == []


def test_a_hint_before_the_answer_makes_it_assisted(school: School) -> None:
    """So it shows nothing."""
    work = packed(school)
    send(school, [answer(work, 0, hints=1)])
    (row,) = kept(school)
    assert row.assisted
    assert not row.correct


def test_answers_at_home_never_make_mastery_by_themselves(school: School) -> None:
    """On however many days: nobody knows who helped. What is thought to be known moves all the same."""
    for day in range(4):
        work = packed(school)
        send(school, [answer(work, n, ago=timedelta(0), uuid=f"{day:016x}{n:016x}") for n in range(ITEMS)])
        school.clock.advance(timedelta(days=1))
    states = school.mastery()
    assert max(state.attempts for state in states.values()) >= MASTERED_CORRECT
    assert max(state.p_known for state in states.values()) > 0.9
    assert all(state.mastered_at is None and state.correct_unaided == 0 for state in states.values())
    in_writer(school.store, lambda c: replay_mastery(c, school.desk, [school.student]))
    assert {skill: state.correct_unaided for skill, state in school.mastery().items()} == dict.fromkeys(states, 0)


def _fields(late: LateAnswer) -> dict[str, object]:
    return {name: getattr(late, name) for name in LateAnswer.__dataclass_fields__}


def _typed(items: Sequence[PackedItem]) -> int:
    return next(n for n, one in enumerate(items) if not one.item.choices)
