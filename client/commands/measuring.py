"""`measure`: all rungs fitted to this school's answers again, and the gate asked which one serves."""

from argparse import Namespace

from client.commands.opened import folder_of, opened_store
from client.federation.re_measuring import measure_again
from common.clock import SystemClock


def measure(given: Namespace) -> None:
    """Prints what serves from now on, and why."""
    folder = folder_of(given)
    with opened_store(folder) as store:
        print(measure_again(store, folder, by=given.by, now=SystemClock().now()))
