"""A school's link with seeded randomness and, on request, one fault.

Started as `python -m tests.support.seeded_link FOLDER SEED`.

For tests only: the product has no switch for its randomness. Without a fault it is the product's own link, put
together by the same functions.
"""

import argparse
import threading
import time
from dataclasses import replace
from pathlib import Path

from client.federation.link import Pace, serve_link
from client.federation.school_link import LinkedSchool, duties_of, gate_of, open_school
from client.settings import SchoolFolder
from client.training.join_round import join_round
from common.exchange import open_reply, open_request, seal_reply
from common.logs import log_to_stderr
from tests.support.seeded import SeededRandomness

# A coordinator that comes back is found within two seconds, so that tests needn't wait for the real pace.
PACE = Pace(first_retry_seconds=0.5, longest_retry_seconds=2.0)
MAX_REPLY_BYTES = 10_000_000
HOLD_LIMIT_SECONDS = 300.0


def main() -> None:
    """Serves the link until SIGTERM."""
    given = _parser().parse_args()
    log_to_stderr()
    with open_school(SchoolFolder(given.folder), randomness=SeededRandomness(given.seed)) as school:

        def answer(message: bytes) -> bytes:
            number = open_request(message, coordinator_key=school.training.coordinator_key).plan.round
            if number == given.hold_round:
                _hold(given.hold)
            reply = join_round(message, school.training)
            if number == given.flip_round:
                return reply[:-1] + bytes([reply[-1] ^ 1])
            return _shortened(reply, school) if number == given.shorten_round else reply

        serve_link(gate_of(school), replace(duties_of(school), answer=answer), pace=PACE)


def released_file(hold: Path) -> Path:
    """Its presence lets a held link go on."""
    return hold.with_suffix(".released")


def _hold(hold: Path) -> None:
    """Says through a file that the message has come, and keeps it until told to go on."""
    hold.touch()
    until = time.monotonic() + HOLD_LIMIT_SECONDS
    while not released_file(hold).exists() and time.monotonic() < until:
        threading.Event().wait(0.02)


def _shortened(reply: bytes, school: LinkedSchool) -> bytes:
    """The same reply with a shorter update, signed again: whole as a message, of no use in a sum."""
    identity = school.training.identity
    opened = open_reply(
        reply, school=school.training.name, school_key=identity.public_key, max_bytes=MAX_REPLY_BYTES
    )
    return seal_reply(identity, replace(opened, update=(opened.update or b"")[:-4]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("seed")
    parser.add_argument("--hold", type=Path, help="file to make when the held round's message has come")
    for fault in ("--hold-round", "--flip-round", "--shorten-round"):
        parser.add_argument(fault, type=int)
    return parser


if __name__ == "__main__":
    main()
