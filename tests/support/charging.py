"""A process that charges rounds and "releases" each by printing it, until it is killed: python -m ... LEDGER."""

import os
import sys
from pathlib import Path

from common.clock import SystemClock
from common.privacy.ledger import Caps, Charge, Entry, Ledger
from tests.support.privacy import count_rounds, mechanism_terms


def main(path: Path) -> None:
    """Charge, then release, for ever."""
    caps = Caps(epsilon=1e9, epsilon_alone=1e9)
    with Ledger(path, caps=caps, epsilon_of=count_rounds, clock=SystemClock()) as ledger:
        os.write(1, b"open\n")
        charge = Charge("c", 1, "x", mechanism_terms(), frozenset({"2026/27"}))
        while True:
            charged = ledger.charge(charge)
            if isinstance(charged, Entry):
                os.write(1, b"released %d\n" % charged.seq)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
