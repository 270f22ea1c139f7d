"""`check`: whether models and items still hold at this school; run by hand, and once a day beside the pages."""

import subprocess
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from client.commands.opened import folder_of, opened_store
from client.content.bank import built_in_bank
from client.insight import drift_watch, item_watch
from client.settings import SchoolFolder
from common.clock import SystemClock
from common.logs import EventLog

CHECKS = ((drift_watch.is_due, drift_watch.watch), (item_watch.is_due, item_watch.check_items))
FIRST_SECONDS, EVERY_SECONDS = 600.0, 86_400.0
POLITENESS = "10"  # of 19 on the operating system's scale: whatever serves answers comes first


def check(given: Namespace) -> None:
    """Prints a sentence for each check that was due."""
    folder, now = folder_of(given), SystemClock().now()
    with opened_store(folder) as store:
        for due, run in CHECKS:
            with store.read() as connection:
                wanted = given.now or due(connection, now)
            if wanted:
                print(run(store, folder.releases, built_in_bank(), now=now))


@contextmanager
def checks_beside(
    folder: SchoolFolder, *, run: Callable[[SchoolFolder], int] | None = None, first_seconds: float = FIRST_SECONDS
) -> Iterator[None]:
    """While the block runs, `check` is run once a day, in a process of its own: no answer waits for it."""
    stop = threading.Event()
    keep = partial(_keep_checking, stop, folder, run=run or run_apart, first_seconds=first_seconds)
    thread = threading.Thread(target=keep, name="homeroom-checks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def run_apart(folder: SchoolFolder) -> int:
    """The exit code of `check` in a process of its own, which gives way to the pages."""
    command = ["nice", "-n", POLITENESS, sys.executable, "-m", "client.cli", "check", "--folder", str(folder.path)]
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode


def _keep_checking(
    stop: threading.Event, folder: SchoolFolder, *, run: Callable[[SchoolFolder], int], first_seconds: float
) -> None:
    log, pause = EventLog("checks"), first_seconds
    while not stop.wait(pause):
        code = run(folder)
        if code:
            log.error("check-failed", code=str(code))
        pause = EVERY_SECONDS
