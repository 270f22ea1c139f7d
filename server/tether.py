"""Ties a process to its parent: however the parent ends, even by kill -9, the kernel ends the child.

Used as a launcher, `python -m server.tether PARENT_PID command arguments...`, which becomes the command. Linux
only: PR_SET_PDEATHSIG outlives exec, and fires when the *thread* that started the child ends.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

from common.errors import ErrorCode, FixSettings

_PR_SET_PDEATHSIG = 1  # prctl(2)
# Tells the command's own children which process they hang on; a process keeps its id through exec.
PARENT_VARIABLE = "HOMEROOM_TETHERED_PROCESS"


def die_with_parent(parent: int) -> None:
    """From now on this process gets SIGKILL when `parent`, its parent, ends. Ends at once if it has ended already.

    SIGKILL and not SIGTERM: what is tied keeps nothing that outlives its parent, and a graceful end could
    hang on a connection to a sibling that is gone too.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise FixSettings(ErrorCode.FLOWER_FAILED, "This system can't tie a process to its parent (prctl).")
    if os.getppid() != parent:
        raise SystemExit(1)


def tethered(command: Sequence[str]) -> list[str]:
    """The command line that runs `command` tied to this process."""
    return [sys.executable, "-m", "server.tether", str(os.getpid()), *command]


def main(arguments: Sequence[str]) -> None:
    """`PARENT_PID command arguments...`: tie this process, then become the command."""
    parent, command = int(arguments[0]), list(arguments[1:])
    die_with_parent(parent)
    os.environ[PARENT_VARIABLE] = str(os.getpid())
    os.execvp(command[0], command)  # noqa: S606 - our own commands, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
