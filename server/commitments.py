"""What the public log says of who sent something in a round, before anything is opened."""

from collections.abc import Sequence

from common.log_entries import Committed, LedgerHead
from common.opened_round import vectors_digest
from common.plan import RoundPlan
from server.admission import Answer

_ROWS_BYTES, _HASH_BYTES, _MOST_ROWS = 8, 32, 10_000_000


def committed(plan: RoundPlan, answers: Sequence[Answer], survivors: Sequence[tuple[str, str]]) -> Committed:
    """survivors: as in the round's `OpenedRound`. Each school's ledger as far as its own signed reply says."""
    ledgers = [_ledger(answer) for answer in answers if answer.is_good]
    return Committed(
        campaign=plan.campaign_digest,
        round=plan.round,
        vectors=vectors_digest(survivors),
        ledgers=tuple(sorted((one for one in ledgers if one is not None), key=lambda one: one.school)),
    )


def _ledger(answer: Answer) -> LedgerHead | None:
    """None for a reply that doesn't say."""
    said = answer.parts.get("ledger", b"")
    if len(said) != _ROWS_BYTES + _HASH_BYTES:
        return None
    rows = int.from_bytes(said[:_ROWS_BYTES], "big")
    if not 1 <= rows <= _MOST_ROWS:
        return None
    return LedgerHead(school=answer.school, rows=rows, head=said[_ROWS_BYTES:].hex())
