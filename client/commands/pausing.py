"""`pause` and `resume`: the switch that stops training at this school at once."""

from argparse import Namespace

from client.commands.opened import folder_of, opened_store, written
from client.records.training_pause import pause, resume
from common.clock import SystemClock


def pause_training(given: Namespace) -> None:
    """From now on nothing leaves for training; the link need not be stopped."""
    with opened_store(folder_of(given)) as store:
        now = SystemClock().now()
        changed = written(store, lambda connection: pause(connection, by=given.by, now=now))
    print("Training is paused." if changed else "Training was paused already.")


def resume_training(given: Namespace) -> None:
    """Approved campaigns go on with their next round."""
    with opened_store(folder_of(given)) as store:
        now = SystemClock().now()
        changed = written(store, lambda connection: resume(connection, by=given.by, now=now))
    print("Training goes on." if changed else "Training wasn't paused.")
