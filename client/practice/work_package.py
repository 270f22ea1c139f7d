"""WorkPackage: items for the hours without the server, and the proof that this school handed them out.

The proof is made with the school's key over the student, the time and every item, so the server keeps no list of
packages: what comes back proves itself. Nobody else has to check it, since it comes over the school's own TLS.
"""

import hmac
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from client.content.items import Item
from client.content.phrases import Phrase
from client.practice.desk import PracticeDesk
from client.practice.next_item import choose_next, unanswered
from client.practice.offers import first_seed, standing_of
from client.practice.reasons import phrase_for_student
from client.records.vault import Vault
from common.errors import ErrorCode, Refused

ITEMS = 30
USABLE = timedelta(days=7)
# A device may come back a fortnight after the last day on which its package was usable.
ACCEPTED = USABLE + timedelta(days=14)
# Far from the seeds of items at the server, which count up one by one.
_SEED_OFFSET = 2**39
_PURPOSE = "work-package"


@dataclass(frozen=True, slots=True)
class PackedItem:
    """An item with its key, and why it was chosen, for the student and as a code."""

    item: Item = field(repr=False)
    why: Phrase
    reason_code: str


@dataclass(frozen=True, slots=True)
class WorkPackage:
    """token: proves items, student and time; it says nothing that the package doesn't."""

    student: str
    issued_at: datetime
    items: tuple[PackedItem, ...] = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Handed:
    """What a token proves. items: item id -> reason code, in no order."""

    issued_at: datetime
    reasons: dict[tuple[str, int], str] = field(repr=False)


def pack(connection: Connection, desk: PracticeDesk, vault: Vault, *, student: str) -> WorkPackage:
    """The next items of the policy that serves, chosen as if each were left unanswered."""
    now = desk.clock.now()
    standing, _ = standing_of(connection, desk, student)
    standing = replace(standing, test_place=None)  # a test is taken at the server
    items: list[PackedItem] = []
    for _ in range(ITEMS):
        chosen = choose_next(desk.tables, standing)
        family, seen = chosen.family.id, standing.seen.get(chosen.family.id, 0)
        item = desk.bank.generate(family, first_seed(student, family) + _SEED_OFFSET + seen)
        items.append(PackedItem(item, phrase_for_student(chosen.reason, desk.bank), chosen.reason.code))
        standing = unanswered(desk.tables, standing, chosen)
    return WorkPackage(student, now, tuple(items), _token(vault, student, now, items=items))


def opened(token: str, vault: Vault, *, student: str, now: datetime) -> Handed:
    """Refused unless this school made the token for this student, and not too long ago."""
    body, _, proof = token.rpartition(".")
    if not hmac.compare_digest(vault.mac(student, _PURPOSE, body).hex().encode(), proof.encode()):
        raise Refused(ErrorCode.BAD_MESSAGE, "These answers belong to no work that this school handed out to you.")
    said = json.loads(body)
    issued_at = datetime.fromtimestamp(said["at"], UTC)
    if now - issued_at > ACCEPTED:
        raise Refused(ErrorCode.BAD_MESSAGE, "These answers are more than three weeks old and can't be counted.")
    return Handed(issued_at, {(item, seed): reason for item, seed, reason in said["items"]})


def _token(vault: Vault, student: str, at: datetime, *, items: list[PackedItem]) -> str:
    listed = [[one.item.family, one.item.seed, one.reason_code] for one in items]
    body = json.dumps({"at": at.timestamp(), "items": listed}, separators=(",", ":"))
    return f"{body}.{vault.mac(student, _PURPOSE, body).hex()}"
