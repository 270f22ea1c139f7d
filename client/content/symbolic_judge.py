"""SymbolicJudge: one process with SymPy, asked one question at a time, killed when it takes too long."""

import json
import select
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

# Importing SymPy takes most of a second on an idle machine.
START_SECONDS, QUESTION_SECONDS = 20.0, 1.0
_WORKER = (sys.executable, "-I", "-m", "client.content.symbolic_worker")
_WORDS = {"equal": True, "different": False}


class SymbolicJudge:
    """Starts its process at the first question. command: what to run; another one is for tests."""

    def __init__(self, *, command: Sequence[str] = _WORKER, seconds: float = QUESTION_SECONDS) -> None:
        self._command = command
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def equal(self, question: dict[str, Any]) -> bool | None:
        """Whether both sides are equal; None when that isn't known in time. It blocks: call it beside the loop."""
        with self._lock:
            process = self._started()
            if process is None:
                return None
            word = _asked(process, json.dumps(question).encode() + b"\n", self._seconds)
            if word is None:
                self._end()
            return None if word is None else _WORDS.get(word)

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._end()

    def _started(self) -> subprocess.Popen[bytes] | None:
        """The process that is ready; None when it can't be started."""
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        if _line(self._process, START_SECONDS) is None:
            self._end()
        return self._process

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.communicate()
        self._process = None


def _asked(process: subprocess.Popen[bytes], question: bytes, seconds: float) -> str | None:
    try:
        if process.stdin is not None:
            process.stdin.write(question)
            process.stdin.flush()
    except BrokenPipeError:
        return None
    return _line(process, seconds)


def _line(process: subprocess.Popen[bytes], seconds: float) -> str | None:
    """The next line, or None when none comes in time or the process is over."""
    if process.stdout is None or not select.select([process.stdout], [], [], seconds)[0]:
        return None
    return process.stdout.readline().decode().strip() or None
