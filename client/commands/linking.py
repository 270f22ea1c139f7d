"""`link`: stay connected to the coordinator, train when an approved plan asks, install releases."""

import logging
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from client.commands.opened import folder_of
from client.federation.school_link import serve_school
from common.logs import log_to_stderr


def link(given: Namespace) -> None:
    """Runs until it is told to stop; what it does goes to standard error and to link.log."""
    folder = folder_of(given)
    log_to_stderr()
    with _also_to(folder.link_log):
        serve_school(folder)


@contextmanager
def _also_to(path: Path) -> Iterator[None]:
    """Events go to `path` as well, if its folder is there; the file is closed again."""
    if not path.parent.is_dir():
        yield
        return
    to_file, log = logging.FileHandler(path), logging.getLogger("homeroom")
    to_file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    log.addHandler(to_file)
    try:
        yield
    finally:
        log.removeHandler(to_file)
        to_file.close()
