"""The two Flower edges that the exchange measurement runs, and the link process of one measured school.

The same edges as in a campaign; only the functions behind them are trivial: a school answers with the bytes it
got, in reverse.
"""

import argparse
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from client.federation.fleet import Gate
from client.federation.flower_app import client_app
from client.federation.link import Duties, serve_link
from common.logs import log_to_stderr
from server.flower_app import server_app
from server.settings import CoordinatorFolder
from server.transport import Transport

ORDER, RESULTS = "exchange.json", "exchanges.jsonl"
_POLL_SECONDS, _LIMIT_SECONDS = 0.1, 120.0


@dataclass(frozen=True, slots=True)
class Order:
    """What to measure: how many exchanges of how many bytes with how many schools."""

    schools: int
    exchanges: int
    size_bytes: int


def reverse(body: bytes) -> bytes:
    """A school's whole answer here."""
    return body[::-1]


def fail(body: bytes) -> bytes:
    """An answer that goes wrong, with a name in the exception that must not leave the school."""
    raise ValueError(f"Maria answered {body[:4].hex()}")


def measure(transport: Transport, folder: CoordinatorFolder, plan_id: str) -> None:
    """Carries out `folder`'s order and appends one line per exchange: seconds, and what each school answered."""
    order = Order(**json.loads((folder.root / ORDER).read_text()))
    _wait_for_schools(transport, order.schools)
    for _ in range(order.exchanges):
        body = os.urandom(order.size_bytes)
        started = time.monotonic()
        outcomes = _exchange(transport, body, until=started + _LIMIT_SECONDS)
        row = {"seconds": time.monotonic() - started, "outcomes": outcomes}
        with (folder.root / RESULTS).open("a") as file:
            file.write(json.dumps(row) + "\n")


def _wait_for_schools(transport: Transport, schools: int) -> None:
    until = time.monotonic() + _LIMIT_SECONDS
    while len(transport.available()) < schools and time.monotonic() < until:
        time.sleep(_POLL_SECONDS)


def _exchange(transport: Transport, body: bytes, *, until: float) -> dict[str, str]:
    expected = body[::-1]
    invited = transport.available()
    transport.send(dict.fromkeys(invited, body))
    outcomes: dict[str, str] = {}
    while len(outcomes) < len(invited) and time.monotonic() < until:
        for school, answer in transport.collect().items():
            right = "right" if answer == expected else "wrong"
            outcomes[school] = right if isinstance(answer, bytes) else answer.reason
        time.sleep(0 if len(outcomes) == len(invited) else _POLL_SECONDS)
    return outcomes


def main() -> None:
    """One school's link: answers until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--ca", type=Path, required=True)
    parser.add_argument("--key", type=Path, required=True)
    parser.add_argument("--approve", default="", help="SHA-256 of the one approved bundle")
    parser.add_argument("--fail", action="store_true")
    options = parser.parse_args()
    log_to_stderr()
    gate = Gate(options.address, options.ca.read_bytes(), options.key.read_bytes())
    serve_link(gate, Duties(fail if options.fail else reverse, lambda digest: digest == options.approve))


server_edge = server_app(measure)
school_edge = client_app(lambda context: reverse)

if __name__ == "__main__":
    main()
