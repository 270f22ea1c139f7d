"""`import-groups`: the groups that the school's own fairness check compares, from a list; or all removed."""

import sys
from argparse import Namespace

from client.commands.opened import folder_of, opened_store, written
from client.insight.group_file import read_groups
from client.records.student_groups import set_groups
from common.clock import SystemClock

_MAX_FAULTS = 20


def import_groups(given: Namespace) -> int:
    """Replaces what was imported before; with a bad line nothing changes. 1 when a line is wrong."""
    with opened_store(folder_of(given)) as store:
        if given.file is None and not given.remove:
            print("Name a file, or say --remove.", file=sys.stderr)
            return 1
        labels = {}
        if given.file is not None and not given.remove:
            with store.read() as connection:
                found = read_groups(given.file, connection, store.vault)
            if found.faults:
                _tell(found.faults)
                return 1
            labels = dict(found.labels)
        now = SystemClock().now()
        written(store, lambda c: set_groups(c, store.vault, labels, by=given.by, now=now))
    print(f"{len(labels)} students have groups now. They are sealed like names and never leave this school.")
    return 0


def _tell(faults: tuple[str, ...]) -> None:
    for fault in faults[:_MAX_FAULTS]:
        print(fault, file=sys.stderr)
    print(f"{len(faults)} lines are wrong. Nothing was changed.", file=sys.stderr)
