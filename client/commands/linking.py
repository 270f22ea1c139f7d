"""`link`: stay connected to the coordinator, train when an approved plan asks, install releases."""

import logging
from argparse import Namespace

from client.commands.opened import folder_of
from client.federation.school_link import serve_school
from common.logs import log_to_stderr


def link(given: Namespace) -> None:
    """Runs until it is told to stop; what it does goes to standard error and to link.log."""
    folder = folder_of(given)
    log_to_stderr()
    if folder.path.is_dir():
        to_file = logging.FileHandler(folder.link_log)
        to_file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        logging.getLogger("homeroom").addHandler(to_file)
    serve_school(folder)
