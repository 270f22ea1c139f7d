"""Asking for a hint: one more rung, counted before it is shown, so that it can't be had for nothing."""

from sqlalchemy import Connection

from client.practice.desk import PracticeDesk
from client.practice.offers import Offer, current_offer
from client.records.offers import count_hint


def ask_hint(connection: Connection, desk: PracticeDesk, student: str) -> Offer:
    """The open offer with one more rung revealed, or as it was when all are. Call it in the writer.

    A hint before the first try makes that try assisted, which is no evidence of knowing.
    """
    offer = current_offer(connection, desk, student)
    if offer.hints_left == 0:
        return offer
    count_hint(connection, student)
    return current_offer(connection, desk, student)
