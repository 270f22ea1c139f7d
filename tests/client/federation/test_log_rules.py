"""P9 and P12: who the public log knows, one history, and a ledger that isn't behind it."""

from dataclasses import replace

import pytest

from common.refusals import RefusalCode
from tests.support.judging import (
    KEY,
    FakeLog,
    charge,
    must_permit,
    must_refuse,
    request_for,
    sound_campaign,
    state,
)

ROOT, OTHER = "7" * 64, "8" * 64
ROWS = tuple(charge(seq=seq, hash=str(seq) * 64) for seq in (1, 2))


def test_p12_a_log_that_contradicts_itself() -> None:
    """The follower's own words reach the administrator."""
    log = FakeLog(consistent=False, sentence="Entry 7 of the public log has changed.")
    refusal = must_refuse(request_for(sound_campaign()), state(log=log))
    assert refusal.code is RefusalCode.LOG_INCONSISTENT
    assert refusal.sentence == log.sentence


def test_p12_no_log_at_all() -> None:
    """A school that has read nothing has nothing to compare."""
    assert must_refuse(request_for(sound_campaign()), state(log=None)).code is RefusalCode.LOG_INCONSISTENT


def test_p12_a_round_that_rests_on_another_log() -> None:
    """Another root for a size that was read, now or earlier, or more than this school can read."""
    log = FakeLog(size=5, roots={4: OTHER, 5: ROOT})
    must_permit(request_for(sound_campaign(), log_size=5, log_root=ROOT), state(log=log))
    must_permit(request_for(sound_campaign(), log_size=4, log_root=OTHER), state(log=log))
    for size, root in ((5, OTHER), (4, ROOT), (6, ROOT)):
        request = request_for(sound_campaign(), log_size=size, log_root=root)
        assert must_refuse(request, state(log=log)).code is RefusalCode.LOG_INCONSISTENT


@pytest.mark.parametrize(
    ("known", "head", "behind"),
    [
        (0, "0" * 64, False),
        (1, ROWS[0].hash, False),
        (2, ROWS[1].hash, False),
        (2, ROWS[0].hash, True),
        (1, ROWS[1].hash, True),
        (3, "3" * 64, True),
    ],
)
def test_p12_a_ledger_that_was_restored_from_an_old_copy(known: int, head: str, behind: bool) -> None:
    """It would forget what was spent: the log knows more rows, or other ones."""
    own = state(rows=ROWS, log=FakeLog(own_ledger_rows=known, own_ledger_head=head))
    if behind:
        assert must_refuse(request_for(sound_campaign()), own).code is RefusalCode.LEDGER_BEHIND
    else:
        must_permit(request_for(sound_campaign()), own)


def test_p9_a_member_that_the_log_does_not_know_or_knows_with_another_key() -> None:
    """A coordinator can't invent schools, nor answer in the name of one."""
    log = FakeLog()
    stranger = {school: key for school, key in log.roster.items() if school != "north"}
    for roster in (stranger, log.roster | {"north": "9" * 64}):
        refusal = must_refuse(request_for(sound_campaign()), state(log=replace(log, roster=roster)))
        assert refusal.code is RefusalCode.NOT_IN_ROSTER
        assert "north" in refusal.sentence


@pytest.mark.parametrize("revoked", ["north", "2" * 64, KEY])
def test_p9_a_member_that_was_revoked(revoked: str) -> None:
    """By its name or by its key, this school itself included; effective at once."""
    log = FakeLog(revoked=frozenset({revoked}))
    assert must_refuse(request_for(sound_campaign()), state(log=log)).code is RefusalCode.NOT_IN_ROSTER


def test_p9_a_revoked_stranger_is_nobody_here() -> None:
    """Only members of the campaign matter."""
    must_permit(request_for(sound_campaign()), state(log=FakeLog(revoked=frozenset({"south"}))))
