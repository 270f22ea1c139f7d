"""Staff: passwords that the database can't give away, and one answer to every wrong sign-in."""

from dataclasses import replace

import pytest

from client.records.classes import add_class
from client.records.staff import (
    SIGN_IN_FAILED,
    NewStaff,
    Role,
    Staff,
    add_staff,
    all_staff,
    hash_password,
    may_see_class,
    set_classes,
    set_password,
    set_staff_active,
    sign_in,
    staff_by_id,
)
from client.records.store import Store
from common.errors import ErrorCode, FixSettings, Refused
from tests.support.stores import NOW, in_reader, in_writer

PASSWORD = "correct horse battery"
HASH = hash_password(PASSWORD)


def test_the_right_password_signs_in(store: Store) -> None:
    """And gives the person with role and classes."""
    owls = in_writer(store, lambda c: add_class(c, name="Owls", code="OWLS42")).id
    added = _add(store, "ms.lee", class_ids=(owls,))
    assert in_reader(store, lambda c: sign_in(c, "ms.lee", PASSWORD)) == added
    assert added.class_ids == (owls,)


@pytest.mark.parametrize(
    ("name", "password"), [("ms.lee", "wrong"), ("nobody", PASSWORD), ("mr.old", PASSWORD), ("ms.lee", "")]
)
def test_every_wrong_sign_in_gets_the_same_answer(store: Store, name: str, password: str) -> None:
    """Wrong password, unknown name, somebody who left, nothing at all."""
    _add(store, "ms.lee")
    gone = _add(store, "mr.old")
    in_writer(store, lambda c: set_staff_active(c, gone.id, active=False))
    with pytest.raises(Refused) as refused, store.read() as connection:
        sign_in(connection, name, password)
    assert (refused.value.code, refused.value.sentence) == (ErrorCode.NOT_SIGNED_IN, SIGN_IN_FAILED)


def test_passwords_are_kept_as_argon2id(store: Store) -> None:
    """With OWASP's parameters and a salt of its own each time."""
    assert HASH.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hash_password(PASSWORD) != HASH
    assert HASH not in repr(NewStaff("ms.lee", Role.TEACHER, HASH))


def test_a_short_password_is_refused() -> None:
    """The sentence says how long it has to be."""
    with pytest.raises(FixSettings, match="10"):
        hash_password("short")


def test_a_new_password_replaces_the_old(store: Store) -> None:
    """At once."""
    member = _add(store, "ms.lee")
    in_writer(store, lambda c: set_password(c, member.id, hash_password("another password")))
    assert in_reader(store, lambda c: sign_in(c, "ms.lee", "another password")) == member
    with pytest.raises(Refused), store.read() as connection:
        sign_in(connection, "ms.lee", PASSWORD)


def test_a_name_belongs_to_one_person(store: Store) -> None:
    """Names are what people sign in with."""
    _add(store, "ms.lee")
    with pytest.raises(FixSettings, match="taken"):
        _add(store, "ms.lee")


def test_classes_are_replaced_as_a_whole(store: Store) -> None:
    """Doubles are dropped."""
    ids = [in_writer(store, lambda c, n=n: add_class(c, name=n, code=n)).id for n in "AB"]  # type: ignore[misc]
    member = _add(store, "ms.lee", class_ids=tuple(ids))
    assert member.class_ids == tuple(sorted(ids))
    in_writer(store, lambda c: set_classes(c, member.id, (ids[1], ids[1])))
    assert in_reader(store, lambda c: staff_by_id(c, member.id)).class_ids == (ids[1],)


def test_teachers_see_their_own_classes_and_administrators_all() -> None:
    """The rule behind every staff page."""
    teacher = Staff("1", "ms.lee", Role.TEACHER, ("owls",))
    assert may_see_class(teacher, "owls")
    assert not may_see_class(teacher, "wrens")
    assert may_see_class(replace(teacher, role=Role.ADMINISTRATOR, class_ids=()), "wrens")


def test_everybody_is_listed_by_name(store: Store) -> None:
    """Those who left included, so that the trail's ids can be read."""
    gone = _add(store, "mr.old")
    _add(store, "ms.lee", role=Role.ADMINISTRATOR)
    in_writer(store, lambda c: set_staff_active(c, gone.id, active=False))
    found = [(one.name, one.role, one.active) for one in in_reader(store, all_staff)]
    assert found == [("mr.old", Role.TEACHER, False), ("ms.lee", Role.ADMINISTRATOR, True)]


def test_an_unknown_id_is_not_found(store: Store) -> None:
    """Somebody who never worked here."""
    with pytest.raises(FixSettings) as refused, store.read() as connection:
        staff_by_id(connection, "nobody")
    assert refused.value.code is ErrorCode.NOT_FOUND


def _add(store: Store, name: str, *, role: Role = Role.TEACHER, class_ids: tuple[str, ...] = ()) -> Staff:
    return in_writer(store, lambda c: add_staff(c, NewStaff(name, role, HASH, class_ids), now=NOW))
