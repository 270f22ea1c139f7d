"""Rows of rounds: the plan before it is sent, each school's answer as it comes, and how the round ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from common.errors import Corrupt, ErrorCode
from common.log_entries import Planned
from common.plan import RoundPlan
from server import tables
from server.admission import Answer, AnswerState
from server.journal import JournalEntry, write_journal
from server.public_log import append_entry


class RoundState(StrEnum):
    """open: sent or about to be. applied: the model moved. measured: the sum says how good the candidate is. void:
    no sum, or none that's usable. failed: too few answers, and the same bytes may be sent again.
    """

    OPEN = "open"
    APPLIED = "applied"
    MEASURED = "measured"
    VOID = "void"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Whether the campaign goes on with the next round."""
        return self in {RoundState.APPLIED, RoundState.MEASURED, RoundState.VOID}


@dataclass(frozen=True, slots=True)
class RoundRecord:
    """A round as the coordinator keeps it; `answers` are sorted by school."""

    plan: RoundPlan
    state: RoundState
    reason: str
    answers: tuple[Answer, ...]


def open_round(connection: Connection, plan: RoundPlan, *, at: datetime) -> None:
    """Writes the plan down before it is sent. Corrupt if another plan of this round was sent already."""
    table = tables.rounds
    row = {
        "campaign": plan.campaign_digest,
        "round": plan.round,
        "plan": plan.to_bytes(),
        "state": RoundState.OPEN,
    }
    known = connection.execute(
        select(table.c.plan).where(table.c.campaign == plan.campaign_digest, table.c.round == plan.round)
    ).scalar_one_or_none()
    if known is not None and bytes(known) != plan.to_bytes():
        raise Corrupt(ErrorCode.BAD_MESSAGE, f"Round {plan.round} was opened with another plan.")
    again = {"state": RoundState.OPEN, "reason": "", "closed_at": None}
    connection.execute(
        insert(table)
        .values(row | {"opened_at": at})
        .on_conflict_do_update(index_elements=["campaign", "round"], set_=again)
    )
    for school in plan.cohort:
        _keep_answer(connection, plan, Answer(school, AnswerState.INVITED))
    if known is None:
        append_entry(connection, Planned(campaign=plan.campaign_digest, round=plan.round, plan=plan.digest))
    event = "round-opened" if known is None else "round-sent-again"
    write_journal(connection, JournalEntry(event, plan.campaign_digest, plan.round, detail=plan.digest), at=at)


def note_answer(connection: Connection, plan: RoundPlan, answer: Answer, *, at: datetime) -> None:
    """Keeps one school's answer, without its update, and why it isn't usable if it isn't."""
    _keep_answer(connection, plan, answer)
    entry = JournalEntry(f"school-{answer.state}", plan.campaign_digest, plan.round, answer.school, answer.code)
    write_journal(connection, entry, at=at)


def close_round(
    connection: Connection, plan: RoundPlan, state: RoundState, *, at: datetime, reason: str = ""
) -> None:
    """Writes down how a round ended."""
    table = tables.rounds
    this = (table.c.campaign == plan.campaign_digest) & (table.c.round == plan.round)
    connection.execute(table.update().where(this).values(state=state, reason=reason, closed_at=at))
    entry = JournalEntry(f"round-{state}", plan.campaign_digest, plan.round, detail=reason)
    write_journal(connection, entry, at=at)


def read_rounds(connection: Connection, campaign: str) -> list[RoundRecord]:
    """Every round of a campaign (its digest), in order."""
    answers = _answers(connection, campaign)
    query = select(tables.rounds).where(tables.rounds.c.campaign == campaign).order_by(tables.rounds.c.round)
    return [
        RoundRecord(
            RoundPlan.from_bytes(row.plan), RoundState(row.state), row.reason, tuple(answers.get(row.round, ()))
        )
        for row in connection.execute(query)
    ]


def _answers(connection: Connection, campaign: str) -> dict[int, Sequence[Answer]]:
    table = tables.answers
    query = select(table).where(table.c.campaign == campaign).order_by(table.c.round, table.c.school)
    found: dict[int, list[Answer]] = {}
    for row in connection.execute(query):
        found.setdefault(row.round, []).append(Answer(row.school, AnswerState(row.state), row.code))
    return dict(found)


def _keep_answer(connection: Connection, plan: RoundPlan, answer: Answer) -> None:
    key = {"campaign": plan.campaign_digest, "round": plan.round, "school": answer.school}
    value = {"state": answer.state, "code": answer.code}
    connection.execute(
        insert(tables.answers)
        .values(key | value)
        .on_conflict_do_update(index_elements=["campaign", "round", "school"], set_=value)
    )
