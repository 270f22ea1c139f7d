"""Talking the open item through: kept at the school beside the item, so that a page can't make up what was said.

A talk before the first try makes that try assisted, as a hint does. It goes when the item goes.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from client.content.tokens import MAX_LENGTH
from client.practice.desk import PracticeDesk
from client.practice.next_item import UNAIDED_CODES
from client.practice.offers import Offer, current_offer, newest_of, offer_id
from client.practice.tutor import UNSURE, Talk, talk_about
from client.records.offers import Exchange, StoredOffer, keep_talk, open_offer


@dataclass(frozen=True, slots=True)
class Said:
    """What a device sends: the offer and the number of lines that its page showed, and the line to add.

    line: None opens the talk.
    """

    offer_id: str
    lines: int
    line: str | None


def may_talk(offer: Offer) -> bool:
    """A diagnostic has no help."""
    return offer.reason_code not in UNAIDED_CODES


def talk_of(connection: Connection, desk: PracticeDesk, student: str, *, offer: Offer) -> Talk | None:
    """The talk about the open item, or None before it began."""
    stored = open_offer(connection, student)
    if stored is None or stored.talk is None or not may_talk(offer):
        return None
    return _replayed(connection, desk, stored, offer=offer)


def say(connection: Connection, desk: PracticeDesk, student: str, *, said: Said) -> Offer:
    """Opens the talk or adds one line; the same form sent again adds none. Call it in the writer."""
    offer, stored = current_offer(connection, desk, student), open_offer(connection, student)
    if stored is None or offer.id != said.offer_id or not may_talk(offer):
        return offer
    if stored.talk is None:
        keep_talk(connection, student, ())
        return offer
    shown = said.line is not None and said.lines == len(stored.talk)
    if shown and not _replayed(connection, desk, stored, offer=offer).over:
        line = (said.line or UNSURE).strip()[:MAX_LENGTH]
        keep_talk(connection, student, (*stored.talk, Exchange(line)))
    return offer


def reword(connection: Connection, student: str, *, said: Said, words: str) -> None:
    """Keeps other words of the tutor's newest turn, if nothing was said since. Call it in the writer."""
    stored = open_offer(connection, student)
    if (
        stored is None
        or offer_id(stored) != said.offer_id
        or not stored.talk
        or len(stored.talk) != said.lines + 1
    ):
        return
    *before, newest = stored.talk
    keep_talk(connection, student, (*before, replace(newest, reworded=words)))


def _replayed(connection: Connection, desk: PracticeDesk, stored: StoredOffer, *, offer: Offer) -> Talk:
    newest = newest_of(connection, stored.student)
    first_try = newest.response if offer.answered and newest is not None else ""
    exchanges = stored.talk or ()
    talk = talk_about(desk.bank, offer.item, [one.said for one in exchanges], first_try=first_try)
    others = [one.reworded for one in exchanges]
    turns = (turn.reworded(words) if words else turn for turn, words in zip(talk.turns[1:], others, strict=False))
    return replace(talk, turns=(talk.turns[0], *turns))
