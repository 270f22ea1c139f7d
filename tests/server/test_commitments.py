"""Before a sum is opened the log holds whose vectors are in it, and how far each school's ledger had come."""

import pytest

from common.log_entries import Committed, LedgerHead
from common.opened_round import vectors_digest
from server.admission import Answer, AnswerState
from server.commitments import committed
from tests.support.plans import campaign_plan, round_plan

PLAN = round_plan(campaign_plan())
SURVIVORS = (("east", "1" * 64), ("west", "2" * 64))


def _answer(school: str, ledger: bytes, state: AnswerState = AnswerState.ANSWERED) -> Answer:
    return Answer(school, state, parts={"ledger": ledger})


def test_it_names_the_vectors_and_the_ledgers() -> None:
    """Sorted by school; a school that sent no vector says nothing."""
    answers = [
        _answer("west", (7).to_bytes(8, "big") + b"w" * 32),
        _answer("east", (2).to_bytes(8, "big") + b"e" * 32),
        _answer("north", (9).to_bytes(8, "big") + b"n" * 32, AnswerState.REJECTED),
    ]
    entry = committed(PLAN, answers, SURVIVORS)
    ledgers = (
        LedgerHead(school="east", rows=2, head=(b"e" * 32).hex()),
        LedgerHead(school="west", rows=7, head=(b"w" * 32).hex()),
    )
    assert entry == Committed(
        campaign=PLAN.campaign_digest, round=1, vectors=vectors_digest(SURVIVORS), ledgers=ledgers
    )


@pytest.mark.parametrize("rows", [0, 10_000_001])
def test_a_ledger_that_cannot_be_is_left_out(rows: int) -> None:
    """As is a reply that says nothing of it, or half."""
    answers = [
        _answer("east", rows.to_bytes(8, "big") + bytes(32)),
        _answer("north", b""),
        _answer("west", b"x" * 39),
    ]
    assert committed(PLAN, answers, SURVIVORS).ledgers == ()
