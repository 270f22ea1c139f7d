"""A paused item stays paused until it is let back, with a line in the audit trail for each."""

from client.records.audit_trail import recent_audit
from client.records.paused_items import all_paused, pause_item, paused_items, resume_item
from client.records.store import Store
from tests.support.stores import NOW, in_reader, in_writer


def test_an_item_is_paused_once_and_let_back_once(store: Store) -> None:
    """Doing it again changes nothing and leaves no line."""
    assert in_writer(store, lambda c: pause_item(c, "Q8.procedure", by="abe", now=NOW))
    assert not in_writer(store, lambda c: pause_item(c, "Q8.procedure", by="reed", now=NOW))
    assert in_reader(store, paused_items) == {"Q8.procedure"}
    assert [(one.item, one.by, one.at) for one in in_reader(store, all_paused)] == [("Q8.procedure", "abe", NOW)]
    assert in_writer(store, lambda c: resume_item(c, "Q8.procedure", by="reed", now=NOW))
    assert not in_writer(store, lambda c: resume_item(c, "Q8.procedure", by="reed", now=NOW))
    assert in_reader(store, paused_items) == frozenset()
    trail = in_reader(store, lambda c: recent_audit(c, count=9))
    assert [(one.actor, one.action, one.subject) for one in trail] == [
        ("reed", "item-resumed", "Q8.procedure"),
        ("abe", "item-paused", "Q8.procedure"),
    ]
