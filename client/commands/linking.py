"""`link`: stay connected to the coordinator, train when an approved plan asks, install releases."""

from argparse import Namespace
from contextlib import nullcontext

from client.commands.opened import folder_of
from client.federation.school_link import serve_school
from common.logs import also_to_file, log_to_stderr


def link(given: Namespace) -> None:
    """Runs until it is told to stop; what it does goes to standard error and to link.log."""
    folder = folder_of(given)
    log_to_stderr()
    with also_to_file(folder.link_log) if folder.path.is_dir() else nullcontext():
        serve_school(folder)
