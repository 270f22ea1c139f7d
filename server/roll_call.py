"""A roll call after a round that silence spoilt: who is really there is asked by a trip that costs no privacy.

A transport may take a program that was killed for connected, for a minute or so. Another round with it would cost
every school its charge again, for nothing.
"""

from common.trips import Trip
from server.admission import AnswerState
from server.asking import ask
from server.cohort import partners
from server.dealing import keep_deals_of, refill_parts
from server.round_records import RoundRecord, RoundState
from server.running import Running

# A program that has come back meanwhile may not have heard the first call.
CALLED_AGAIN_AFTER_SECONDS = 15.0
_SILENT = {AnswerState.LATE, AnswerState.LOST, AnswerState.SURVIVED}
# A school that refuses to deal again is there all the same.
_THERE = {AnswerState.ANSWERED, AnswerState.REFUSED}


def spoilt_by_silence(record: RoundRecord) -> bool:
    """Whether a round gave no sum and some school didn't do what it was asked."""
    return record.state == RoundState.VOID and any(answer.state in _SILENT for answer in record.answers)


def roll_call(running: Running, round_number: int) -> frozenset[str]:
    """The partners that answer within the start deadline; it ends as soon as all have.

    They are asked for deals, which a school makes once and sends again as often as it is asked.
    """
    pace, members = running.pace, partners(running)
    end = pace.seconds() + running.coordinator.settings.start_deadline_seconds
    there: frozenset[str] = frozenset()
    while True:
        asked = (members & running.transport.available()) - there
        left = end - pace.seconds()
        if asked and left > 0:
            parts = refill_parts(running, asked, round_number)
            wait = min(left, CALLED_AGAIN_AFTER_SECONDS)
            answers = ask(running, Trip.REFILL, parts, use=keep_deals_of(running), deadline_seconds=wait)
            there |= {school for school, answer in answers.items() if answer.state in _THERE}
        if there == members or pace.seconds() >= end:
            return there
        pace.pause()
