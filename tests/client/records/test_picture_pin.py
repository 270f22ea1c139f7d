"""Picture PINs: three in order, tries counted, and nobody can lock another student out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from client.records.picture_pin import (
    PAUSE,
    STRANGERS_TRIES,
    STRANGERS_WINDOW,
    TRIES_BEFORE_PAUSE,
    TRIES_BEFORE_TEACHER,
    PinAnswer,
    PinTry,
    forget_pin,
    has_pin,
    is_complete,
    set_pin,
    students_with_pin,
    try_pin,
)
from client.records.store import Store
from client.records.tables import picture_pin
from client.records.vault import Vault
from common.errors import FixSettings
from tests.support.stores import NOW, VAULT, class_of_students, in_reader, in_writer

OWN, RIGHT, WRONG = "a" * 32, (3, 7, 1), (3, 1, 7)
A_DAY = timedelta(days=1)


@pytest.fixture
def student(store: Store) -> str:
    """Ada, who chose her pictures on a device of hers."""
    (ada,) = class_of_students(store, ["Ada"])
    in_writer(store, lambda c: set_pin(c, VAULT, PinTry(ada, OWN, RIGHT), now=NOW))
    return ada


def attempt(
    store: Store, student: str, pictures: tuple[int, ...] = WRONG, *, device: str = OWN, after: timedelta = A_DAY
) -> PinAnswer:
    """One try, by default a wrong one on the student's own device."""
    given = PinTry(student, device, pictures)
    return in_writer(store, lambda c: try_pin(c, VAULT, given, now=NOW + after))


def test_the_same_pictures_in_the_same_order_sign_in(store: Store, student: str) -> None:
    """Another order doesn't, nor does another student's PIN or none."""
    assert attempt(store, student, RIGHT) is PinAnswer.RIGHT
    assert attempt(store, student, WRONG) is PinAnswer.WRONG
    (ben,) = class_of_students(store, ["Ben"], code="BATS42")
    assert attempt(store, ben, RIGHT) is PinAnswer.WRONG


def test_five_wrong_tries_pause_the_device_for_a_minute(store: Store, student: str) -> None:
    """Even the right pictures have to wait, and then they sign in."""
    answers = [attempt(store, student) for _ in range(TRIES_BEFORE_PAUSE)]
    assert answers == [PinAnswer.WRONG] * TRIES_BEFORE_PAUSE
    assert attempt(store, student, RIGHT) is PinAnswer.PAUSED
    assert attempt(store, student, RIGHT, after=A_DAY + PAUSE) is PinAnswer.RIGHT
    assert attempt(store, student, after=A_DAY + PAUSE) is PinAnswer.WRONG


def test_after_ten_wrong_tries_the_teacher_is_asked(store: Store, student: str) -> None:
    """On that device, for good, until the pictures are reset."""
    for number in range(TRIES_BEFORE_TEACHER):
        attempt(store, student, after=A_DAY + number * PAUSE)
    assert attempt(store, student, RIGHT, after=3 * A_DAY) is PinAnswer.ASK_TEACHER
    in_writer(store, lambda c: forget_pin(c, student))
    in_writer(store, lambda c: set_pin(c, VAULT, PinTry(student, OWN, RIGHT), now=NOW + 3 * A_DAY))
    assert attempt(store, student, RIGHT, after=3 * A_DAY) is PinAnswer.RIGHT


def test_fresh_devices_are_counted_together(store: Store, student: str) -> None:
    """So a browser that forgets its name gains nothing; the student's own device isn't held up by it."""
    answers = [attempt(store, student, device=f"{number:032x}") for number in range(STRANGERS_TRIES)]
    assert answers == [PinAnswer.WRONG] * STRANGERS_TRIES
    assert attempt(store, student, RIGHT, device="f" * 32) is PinAnswer.ASK_TEACHER
    assert attempt(store, student, RIGHT) is PinAnswer.RIGHT
    later = A_DAY + STRANGERS_WINDOW + timedelta(seconds=1)
    assert attempt(store, student, RIGHT, device="f" * 32, after=later) is PinAnswer.RIGHT


def test_a_device_is_known_once_it_has_signed_in(store: Store, student: str) -> None:
    """From then on strangers' tries don't touch it."""
    assert attempt(store, student, RIGHT, device="b" * 32) is PinAnswer.RIGHT
    for number in range(STRANGERS_TRIES):
        attempt(store, student, device=f"{number:032x}")
    assert attempt(store, student, RIGHT, device="b" * 32) is PinAnswer.RIGHT


@pytest.mark.parametrize("pictures", [(), (1, 2), (1, 2, 3, 4), (1, 1, 2), (0, 1, 12), (-1, 0, 1)])
def test_only_three_different_pictures_are_a_pin(store: Store, pictures: tuple[int, ...]) -> None:
    """Nothing is kept otherwise."""
    (ada,) = class_of_students(store, ["Ada"])
    assert not is_complete(pictures)
    with pytest.raises(FixSettings, match="different pictures"):
        in_writer(store, lambda c: set_pin(c, VAULT, PinTry(ada, OWN, pictures), now=NOW))
    assert not in_reader(store, lambda c: has_pin(c, ada))


def test_pictures_can_t_be_chosen_over_others(store: Store, student: str) -> None:
    """Only a teacher clears the way."""
    with pytest.raises(FixSettings, match="Ask your teacher"):
        in_writer(store, lambda c: set_pin(c, VAULT, PinTry(student, OWN, WRONG), now=NOW))
    assert attempt(store, student, RIGHT) is PinAnswer.RIGHT


def test_the_database_alone_tells_nobody_the_pictures(store: Store, student: str) -> None:
    """1,320 orders would be tried out in no time: without the school's key there is nothing to compare with."""
    kept = in_reader(store, lambda c: c.execute(select(picture_pin.c.mac)).scalar_one())
    text = "-".join(map(str, RIGHT))
    assert bytes(kept) == VAULT.mac(student, "picture-pin", text)
    assert bytes(kept) != Vault(b"x" * 32).mac(student, "picture-pin", text)
    assert VAULT.mac("another", "picture-pin", text) != bytes(kept)


def test_who_has_chosen_is_known(store: Store, student: str) -> None:
    """For the teacher's page."""
    (ben,) = class_of_students(store, ["Ben"], code="BATS42")
    assert in_reader(store, lambda c: students_with_pin(c, [student, ben])) == {student}
