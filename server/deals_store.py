"""Rows that a masked campaign's messages are made of: box keys, deals, survivors, masked vectors, evidence.

Each is written before the first message that holds it leaves, and what is written stays as it is: after a kill the
same bytes go out again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from common.masking import evidence_name
from common.sections import join_sections
from server import tables
from server.admission import AnswerState


@dataclass(frozen=True, slots=True)
class DealRow:
    """What one school dealt for one round: a deal for each member, packed. dealer: its name."""

    round: int
    dealer: str
    deals: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class JoinRow:
    """A school's box key as it signed it, and the newest head of the public log that it knew; may be empty."""

    join: bytes = field(repr=False)
    head: bytes = field(repr=False)


def keep_join(connection: Connection, campaign: str, school: str, *, row: JoinRow) -> None:
    """The first one stays."""
    values = {"campaign": campaign, "school": school, "join": row.join, "head": row.head}
    connection.execute(insert(tables.joins).values(values).on_conflict_do_nothing())


def read_joins(connection: Connection, campaign: str) -> dict[str, JoinRow]:
    """By school."""
    table = tables.joins
    rows = connection.execute(select(table).where(table.c.campaign == campaign).order_by(table.c.school))
    return {row.school: JoinRow(bytes(row.join), bytes(row.head)) for row in rows}


def keep_deals(connection: Connection, campaign: str, deals: Iterable[DealRow]) -> None:
    """The first ones stay: a school deals once for a round."""
    rows = [
        {"campaign": campaign, "round": deal.round, "dealer": deal.dealer, "deals": deal.deals} for deal in deals
    ]
    if rows:
        connection.execute(insert(tables.deals).on_conflict_do_nothing(), rows)


def read_deals(connection: Connection, campaign: str, round_number: int) -> dict[str, bytes]:
    """Every school's deals for a round, by dealer; empty bytes where the round is over."""
    table = tables.deals
    this = (table.c.campaign == campaign) & (table.c.round == round_number)
    query = select(table.c.dealer, table.c.deals).where(this).order_by(table.c.dealer)
    return {row.dealer: bytes(row.deals) for row in connection.execute(query)}


def dealers(connection: Connection, campaign: str, round_number: int) -> frozenset[str]:
    """Schools whose deals for a round are here."""
    table = tables.deals
    this = (table.c.campaign == campaign) & (table.c.round == round_number)
    return frozenset(connection.execute(select(table.c.dealer).where(this)).scalars())


def dealt_rounds(connection: Connection, campaign: str) -> dict[str, frozenset[int]]:
    """The rounds that each school has dealt for; there may be gaps, where a reply didn't arrive."""
    table = tables.deals
    found: dict[str, set[int]] = {}
    for row in connection.execute(select(table.c.dealer, table.c.round).where(table.c.campaign == campaign)):
        found.setdefault(row.dealer, set()).add(row.round)
    return {school: frozenset(rounds) for school, rounds in found.items()}


def keep_survivors(
    connection: Connection, campaign: str, round_number: int, *, survivors: bytes, vectors: Mapping[str, bytes]
) -> None:
    """The signed list and the masked vectors that it names, together; IntegrityError for a second list."""
    key = {"campaign": campaign, "round": round_number}
    connection.execute(tables.survivors.insert().values(key | {"survivors": survivors, "evidence": b""}))
    rows = [key | {"school": school, "masked": vectors[school]} for school in sorted(vectors)]
    connection.execute(tables.masked_vectors.insert(), rows)


def read_survivors(connection: Connection, campaign: str, round_number: int) -> bytes | None:
    """The list that was sent, or may have been; None while nothing was decided."""
    table = tables.survivors
    this = (table.c.campaign == campaign) & (table.c.round == round_number)
    found = connection.execute(select(table.c.survivors).where(this)).scalar_one_or_none()
    return None if found is None else bytes(found)


def read_vectors(connection: Connection, campaign: str, round_number: int) -> dict[str, bytes]:
    """The survivors' masked vectors, by school."""
    table = tables.masked_vectors
    this = (table.c.campaign == campaign) & (table.c.round == round_number)
    return {row.school: bytes(row.masked) for row in connection.execute(select(table).where(this))}


def keep_evidence(connection: Connection, campaign: str, round_number: int, *, evidence: bytes) -> None:
    """What shows the survivors of a round that all were told the same."""
    table = tables.survivors
    this = (table.c.campaign == campaign) & (table.c.round == round_number)
    connection.execute(table.update().where(this).values(evidence=evidence))


def forget_round(connection: Connection, campaign: str, round_number: int) -> None:
    """Drops what a round that is over no longer needs: its vectors, and what is in the deals up to it.

    That a school has dealt for a round stays known.
    """
    deals, vectors = tables.deals, tables.masked_vectors
    over = (deals.c.campaign == campaign) & (deals.c.round <= round_number) & (deals.c.deals != b"")
    connection.execute(deals.update().where(over).values(deals=b""))
    connection.execute(
        vectors.delete().where((vectors.c.campaign == campaign) & (vectors.c.round <= round_number))
    )


def evidence_for(connection: Connection, campaign: str, school: str) -> bytes:
    """What shows a school that the round which it answered last was answered alike by all: by round, as sections.

    It may have answered without its reply having arrived, so every round is included in which it was a survivor
    since the last one whose reply is here.
    """
    answers, rows = tables.answers.c, tables.survivors.c
    query = (
        select(answers.round, answers.state, rows.evidence)
        .join(tables.survivors, (rows.campaign == answers.campaign) & (rows.round == answers.round))
        .where(answers.campaign == campaign, answers.school == school)
        .where(answers.state.in_([AnswerState.SURVIVED, AnswerState.HELPED]))
        .order_by(answers.round.desc())
    )
    found: dict[str, bytes] = {}
    for row in connection.execute(query):
        if row.evidence:
            found[evidence_name(row.round)] = bytes(row.evidence)
        if row.state == AnswerState.HELPED:
            break
    return join_sections(found)
