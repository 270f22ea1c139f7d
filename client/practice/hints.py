"""Asking for a hint: one more rung, counted before it is shown, so that it can't be had for nothing."""

from sqlalchemy import Connection

from client.practice.desk import PracticeDesk
from client.practice.noticing import is_quick_hint
from client.practice.offers import Offer, current_offer
from client.records.offers import count_hint, open_offer


def ask_hint(connection: Connection, desk: PracticeDesk, student: str) -> Offer:
    """The open offer with one more rung revealed, or as it was when all are. Call it in the writer.

    A diagnostic gives none. A hint before the first try makes that try assisted, which is no evidence of knowing.
    """
    offer = current_offer(connection, desk, student)
    stored, now = open_offer(connection, student), desk.clock.now()
    if offer.hints_left == 0 or stored is None:
        return offer
    quick = is_quick_hint(stored.helped_at or stored.offered_at, now)
    count_hint(connection, student, at=now, quick=quick)
    return current_offer(connection, desk, student)
