"""Replies: one answer per round, the same bytes for ever."""

from dataclasses import replace

import pytest

from client.records.replies import StoredReply, last_round, reply_in, reply_of, save_reply
from client.records.store import Store
from common.errors import Refused
from tests.support.stores import NOW, in_reader, in_writer

REPLY = StoredReply(ctx="c" * 64, campaign_digest="a" * 64, round=1, reply=bytes(range(256)) * 400, at=NOW)


def test_a_reply_comes_back_byte_for_byte(store: Store) -> None:
    """So that asking again costs nothing."""
    _save(store, REPLY)
    assert in_reader(store, lambda c: reply_of(c, REPLY.ctx)) == REPLY
    assert in_reader(store, lambda c: reply_of(c, "d" * 64)) is None


def test_the_same_reply_again_changes_nothing(store: Store) -> None:
    """A crash between keeping and sending is harmless."""
    _save(store, REPLY, REPLY)
    assert in_reader(store, lambda c: last_round(c, REPLY.campaign_digest)) == 1


@pytest.mark.parametrize(
    "second",
    [
        replace(REPLY, reply=b"fresh noise"),
        replace(REPLY, ctx="d" * 64),
        replace(REPLY, ctx="d" * 64, round=0),
    ],
    ids=["other bytes", "another plan for the round", "an earlier round"],
)
def test_a_second_answer_is_refused(store: Store, second: StoredReply) -> None:
    """Fresh noise over the same data would be a charge that nobody counted."""
    _save(store, REPLY)
    with pytest.raises(Refused):
        _save(store, second)
    assert in_reader(store, lambda c: reply_of(c, REPLY.ctx)) == REPLY


def test_the_last_round_is_counted_per_campaign(store: Store) -> None:
    """0 before the first; a round may be missed."""
    _save(store, REPLY, replace(REPLY, ctx="d" * 64, round=3))
    assert in_reader(store, lambda c: last_round(c, REPLY.campaign_digest)) == 3
    assert in_reader(store, lambda c: last_round(c, "b" * 64)) == 0


def test_a_reply_is_found_by_its_round(store: Store) -> None:
    """Within its campaign."""
    _save(store, REPLY)
    assert in_reader(store, lambda c: reply_in(c, REPLY.campaign_digest, REPLY.round)) == REPLY
    assert in_reader(store, lambda c: reply_in(c, REPLY.campaign_digest, REPLY.round + 1)) is None
    assert in_reader(store, lambda c: reply_in(c, "b" * 64, REPLY.round)) is None


def test_an_update_isn_t_shown() -> None:
    """It stays out of logs."""
    assert "needle" not in repr(replace(REPLY, reply=b"needle"))


def _save(store: Store, *replies: StoredReply) -> None:
    for one in replies:
        in_writer(store, lambda c, one=one: save_reply(c, one))  # type: ignore[misc]
