"""A school's link with seeded randomness and, on request, one fault.

Started as `python -m tests.support.seeded_link FOLDER SEED`.

For tests only: the product has no switch for its randomness. Without a fault it is the product's own link, put
together by the same functions. A held link says through a file that it has come so far, and waits to be told to go
on, or to be killed: when a message arrives, or at one durable step of answering it.
"""

import argparse
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from client.federation import fleet
from client.federation.link import Pace, serve_link
from client.federation.school_link import LinkedSchool, duties_of, gate_of, open_school
from client.settings import SchoolFolder
from client.training.answer_message import answer_message
from client.training.masking_store import MaskingStore
from client.training.training_school import TrainingSchool
from common import trips
from common.envelope import peek_kind
from common.exchange import open_reply, open_request, seal_reply
from common.logs import log_to_stderr
from common.plan import CampaignPlan
from common.trips import Trip, open_trip
from common.whole_file import write_whole
from tests.support.masked_party import FusedLedger
from tests.support.seeded import SeededRandomness

# A coordinator that comes back is found within two seconds, so that tests needn't wait for the real pace.
PACE = Pace(first_retry_seconds=0.5, longest_retry_seconds=2.0)
MAX_REPLY_BYTES = 10_000_000
HOLD_LIMIT_SECONDS = 300.0
# What lasts while a round or a trip is answered, in this order; a trip has no charge, and its mark is "opened".
STEPS = (
    "before charge",
    "after charge",
    "before .deals",
    "after .deals",
    "before .state",
    "after .state",
    "before mark sent",
    "after mark sent",
    "before mark opened",
    "after mark opened",
    "before reply",
)


@dataclass(slots=True)
class HeldSteps:
    """Holds at one step while it is armed; a test's `Fuse` has the same method."""

    step: str
    hold: Callable[[], None]
    armed: bool = False

    def burn(self, step: str) -> None:
        """Called before and after everything that lasts."""
        if self.armed and step == self.step:
            self.armed = False
            self.hold()


@dataclass(frozen=True, slots=True)
class Came:
    """What a message is: its round, and its trip if it is one. A trip before the first round is of round 0."""

    round: int
    trip: Trip | None = None


def main() -> None:
    """Serves the link until SIGTERM."""
    given = _parser().parse_args()
    # The shortest that Flower allows: a school that was killed may come back after 20 seconds instead of 60.
    fleet.HEARTBEAT_INTERVAL_SECONDS, fleet._HEARTBEAT_EVERY_SECONDS = 10.0, 3.0
    log_to_stderr()
    with open_school(SchoolFolder(given.folder), randomness=SeededRandomness(given.seed)) as school:
        steps = HeldSteps(given.hold_step or "", lambda: _hold(given.hold))
        training = _watched(school, steps)

        def answer(message: bytes) -> bytes:
            came = _came(message, training)
            if _is_held(came, given):
                steps.armed = bool(given.hold_step)
                if not given.hold_step:
                    _hold(given.hold)
            reply = answer_message(message, training)
            steps.burn("before reply")
            steps.armed = False
            if came.trip is None and came.round == given.flip_round:
                return reply[:-1] + bytes([reply[-1] ^ 1])
            is_shortened = came.trip is None and came.round == given.shorten_round
            return _shortened(reply, school) if is_shortened else reply

        serve_link(gate_of(school), replace(duties_of(school), answer=answer), pace=PACE)


def released_file(hold: Path) -> Path:
    """Its presence lets a held link go on."""
    return hold.with_suffix(".released")


def _is_held(came: Came, given: argparse.Namespace) -> bool:
    """--hold-round alone holds a round's request; with --hold-trip that trip of that round, or of any round."""
    if given.hold_trip is None:
        return came.trip is None and came.round == given.hold_round
    return came.trip == given.hold_trip and given.hold_round in {None, came.round}


def _came(message: bytes, training: TrainingSchool) -> Came:
    """Opened here as well, to see what it is."""
    if peek_kind(message) != trips.REQUEST:
        return Came(open_request(message, coordinator_key=training.coordinator_key).plan.round)
    request = open_trip(message, coordinator_key=training.coordinator_key)
    return Came(_last_round(request.campaign, training), request.trip)


def _last_round(campaign: CampaignPlan, training: TrainingSchool) -> int:
    record = training.masking.read(campaign.digest)
    return record.last_round if record else 0


def _watched(school: LinkedSchool, steps: HeldSteps) -> TrainingSchool:
    """The same school, with a word before and after everything that lasts."""

    def write(path: Path, data: bytes) -> None:
        steps.burn(f"before {path.suffix}")
        write_whole(path, data)
        steps.burn(f"after {path.suffix}")

    fuse: Any = steps
    ledger: Any = FusedLedger(school.training.ledger, fuse)
    return replace(school.training, ledger=ledger, masking=MaskingStore(school.folder.masking, write=write))


def _hold(hold: Path) -> None:
    """Says through a file that it has come so far, and stays there until told to go on."""
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
    parser.add_argument("--hold", type=Path, help="file to make when the held message or step has come")
    parser.add_argument("--hold-trip", type=Trip, help="hold a trip instead of a round's request")
    parser.add_argument("--hold-step", choices=STEPS, help="hold at this step of answering, not at arrival")
    for fault in ("--hold-round", "--flip-round", "--shorten-round"):
        parser.add_argument(fault, type=int)
    return parser


if __name__ == "__main__":
    main()
