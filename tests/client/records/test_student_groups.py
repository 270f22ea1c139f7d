"""Labels are sealed under the student's key, replaced as a whole, and gone with the key."""

import pytest
from sqlalchemy import select

from client.records.audit_trail import recent_audit
from client.records.store import Store
from client.records.student_groups import groups_by_student, set_groups
from client.records.students import destroy_key, set_active
from client.records.tables import student_groups
from common.errors import ErrorCode, FixSettings
from tests.support.stores import NOW, class_of_students, in_reader, in_writer


def keep(store: Store, labels: dict[str, dict[str, str]]) -> None:
    """As the command does."""
    in_writer(store, lambda c: set_groups(c, store.vault, labels, by="abe", now=NOW))


def kept(store: Store) -> dict[str, dict[str, str]]:
    """What the fairness check reads."""
    return in_reader(store, lambda c: groups_by_student(c, store.vault))


def test_a_list_replaces_the_one_before(store: Store) -> None:
    """With a line in the trail that names nobody."""
    ada, ben = class_of_students(store, ["Ada", "Ben"])
    keep(store, {ada: {"home": "Türkçe"}, ben: {"home": "English"}})
    assert kept(store) == {ada: {"home": "Türkçe"}, ben: {"home": "English"}}
    keep(store, {ben: {"home": "English", "meals": "free"}})
    assert kept(store) == {ben: {"home": "English", "meals": "free"}}
    keep(store, {})
    assert kept(store) == {}
    trail = in_reader(store, lambda c: recent_audit(c, count=3))
    assert [(one.action, one.subject) for one in trail] == [
        ("groups-removed", "student groups"),
        ("groups-imported", "student groups"),
        ("groups-imported", "student groups"),
    ]


def test_the_database_holds_no_label_in_the_clear(store: Store) -> None:
    """And a sealed label doesn't pass as a name."""
    (ada,) = class_of_students(store, ["Ada"])
    keep(store, {ada: {"home": "Türkçe at home"}})
    sealed = in_reader(store, lambda c: bytes(c.execute(select(student_groups.c.sealed_groups)).scalar_one()))
    assert "Türkçe".encode() not in sealed
    key = store.vault.new_wrapped_key("s")
    as_groups = store.vault.seal("s", key, "{}", what="groups")
    with pytest.raises(FixSettings) as caught:
        store.vault.unseal("s", key, as_groups)
    assert caught.value.code == ErrorCode.VAULT_SEALED


def test_without_the_key_the_labels_are_gone(store: Store) -> None:
    """Destroying it erases them wherever the database was copied; an inactive student's aren't read."""
    ada, ben, chidi = class_of_students(store, ["Ada", "Ben", "Chidi"])
    keep(store, {one: {"home": "x"} for one in (ada, ben, chidi)})
    in_writer(store, lambda c: destroy_key(c, ada))
    in_writer(store, lambda c: set_active(c, ben, active=False))
    assert kept(store) == {chidi: {"home": "x"}}
    with pytest.raises(FixSettings, match="isn't in the database"):
        keep(store, {ada: {"home": "x"}})
    assert kept(store) == {chidi: {"home": "x"}}
