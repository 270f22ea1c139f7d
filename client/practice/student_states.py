"""StudentStates: what a model remembers of each student, kept between answers and advanced by the new ones."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from common.interactions import History, Interaction

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[S]):
    """The state after `count` interactions, of which only `History.mark` is kept."""

    count: int
    mark: int
    state: S


class StudentStates(Generic[S]):
    """A bounded memory: the least recently needed student is forgotten first and worked out again when needed.

    A kept state is used only if the history still begins with the interactions it rests on, so neither a change
    that was undone nor a corrected weight is ever missed. Sensitive; stays in this process.
    """

    def __init__(
        self, start: Callable[[], S], advance: Callable[[S, Interaction], S], *, max_students: int = 2_000
    ) -> None:
        self._start = start
        self._advance = advance
        self._max_students = max_students
        self._kept: OrderedDict[str, _Kept[S]] = OrderedDict()
        self._lock = threading.Lock()

    def after(self, history: History) -> S:
        """The state after the whole history; quarantined interactions (weight 0) leave it unchanged."""
        with self._lock:
            kept = self._kept.pop(history.student, None)
        # A shorter history has another mark, and so has one that differs anywhere in its first `count` answers.
        if kept is not None and kept.mark == history.mark(kept.count):
            done, state = kept.count, kept.state
        else:
            done, state = 0, self._start()
        for interaction in history.interactions[done:]:
            if interaction.weight > 0:
                state = self._advance(state, interaction)
        if history.interactions:
            self._keep(history.student, _Kept(len(history), history.mark(len(history)), state))
        return state

    def _keep(self, student: str, kept: _Kept[S]) -> None:
        with self._lock:
            self._kept[student] = kept
            while len(self._kept) > self._max_students:
                self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)
