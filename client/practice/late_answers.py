"""Answers that were given away from the server: graded again here, kept once, and worth less than at the server.

The device's own grading never counts. An answer counts if its item was handed out to this student and wasn't
tried before; sent again, it says the same again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from client.content.grader import grade
from client.content.items import Item
from client.content.tokens import MAX_LENGTH
from client.practice.desk import PracticeDesk
from client.practice.submit_answer import FirstTry, update_mastery
from client.practice.work_package import Handed, opened
from client.records.interactions import NewInteraction, append, find_by_uuid, was_answered
from client.records.vault import Vault
from common.errors import Refused

MOST_AT_ONCE = 200


class Receipt(StrEnum):
    """What became of an answer. Whatever it is, the device may forget the answer."""

    KEPT = "kept"
    KNOWN = "known"
    NOT_HANDED_OUT = "not-handed-out"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """One first try. token: of the package that the item came from.

    sequence: counts the device's answers. answered_ago: before it was sent, by the device's clock.
    hints: rungs seen before the answer.
    """

    token: str = field(repr=False)
    item: str
    item_seed: int
    response: str = field(repr=False)
    client_uuid: str
    sequence: int
    answered_ago: timedelta
    latency_ms: int | None = None
    hints: int = 0


def keep_late(
    connection: Connection, desk: PracticeDesk, vault: Vault, *, student: str, answers: Sequence[LateAnswer]
) -> dict[str, Receipt]:
    """{client_uuid: receipt}, in the device's own order whatever order they came in. Call it in the writer."""
    now = desk.clock.now()
    packages: dict[str, Handed | None] = {}
    receipts: dict[str, Receipt] = {}
    for answer in sorted(answers, key=lambda one: one.sequence):
        if answer.token not in packages:
            packages[answer.token] = _opened(answer.token, vault, student=student, now=now)
        handed = packages[answer.token]
        receipts[answer.client_uuid] = (
            Receipt.NOT_HANDED_OUT
            if handed is None
            else _keep(connection, desk, handed, student=student, answer=answer)
        )
    return receipts


def _opened(token: str, vault: Vault, *, student: str, now: datetime) -> Handed | None:
    try:
        return opened(token, vault, student=student, now=now)
    except Refused:
        return None  # the receipt says so, and the other answers are kept


def _keep(
    connection: Connection, desk: PracticeDesk, handed: Handed, *, student: str, answer: LateAnswer
) -> Receipt:
    earlier = find_by_uuid(connection, answer.client_uuid)
    if earlier is not None:
        return Receipt.KNOWN if earlier.student == student else Receipt.NOT_HANDED_OUT
    reason = handed.reasons.get((answer.item, answer.item_seed))
    if reason is None or desk.bank.family(answer.item) is None:
        return Receipt.NOT_HANDED_OUT
    if was_answered(connection, student, answer.item, item_seed=answer.item_seed):
        return Receipt.KNOWN
    item = desk.bank.generate(answer.item, answer.item_seed)
    graded = grade(item, answer.response)
    if not graded.readable:
        return Receipt.UNREADABLE
    correct = graded.solved and answer.hints == 0
    at = _when(desk.clock.now(), handed, answer)
    append(connection, _evidence(student, answer, item, correct=correct, at=at, reason=reason))
    update_mastery(connection, desk, student, tried=FirstTry(item, correct, at, offline=True))
    return Receipt.KEPT


def _when(now: datetime, handed: Handed, answer: LateAnswer) -> datetime:
    """By this server's clock: never before the item was handed out, never in the future."""
    return max(handed.issued_at, now - max(answer.answered_ago, timedelta(0)))


def _evidence(
    student: str, answer: LateAnswer, item: Item, *, correct: bool, at: datetime, reason: str
) -> NewInteraction:
    return NewInteraction(
        student=student,
        item=item.family,
        item_seed=item.seed,
        skills=item.skills,
        correct=correct,
        at=at,
        response=answer.response.strip()[:MAX_LENGTH],
        hints_used=answer.hints,
        assisted=answer.hints > 0,
        latency_ms=answer.latency_ms,
        reason_code=reason,
        client_uuid=answer.client_uuid,
        offline=True,
    )
