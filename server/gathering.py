"""Waiting for answers: a school's first one counts; a deadline ends it, and so does patience with the slowest."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from server.admission import Answer, AnswerState
from server.transport import Lost, Pace, Transport

# How much longer than the first ones took the rest is waited for, once there are enough.
GRACE_SECONDS = 1.0
NOT_CONNECTED = "not-connected"


@dataclass(frozen=True, slots=True)
class Wait:
    """enough: with so many good answers the rest gets as long again as these took, and a second; None for all."""

    deadline_seconds: float
    enough: int | None = None


@dataclass(slots=True)
class _Gathering:
    """What has come so far."""

    asked: frozenset[str]
    wait: Wait
    pace: Pace
    began: float
    answers: dict[str, Answer] = field(default_factory=dict)
    _patience_ends: float | None = None

    def is_over(self) -> bool:
        """Everybody answered, or enough did and the rest had its time."""
        if self.asked <= set(self.answers):
            return True
        good = sum(answer.is_good for answer in self.answers.values())
        if self.wait.enough is None or good < self.wait.enough:
            return False
        now = self.pace.seconds()
        if self._patience_ends is None:
            self._patience_ends = now + (now - self.began) + GRACE_SECONDS
        return now >= self._patience_ends


def gather(
    transport: Transport,
    asked: Collection[str],
    take: Callable[[str, bytes | Lost], Answer],
    *,
    wait: Wait,
    pace: Pace,
    aside: Callable[[str, bytes | Lost], object] = lambda school, arrived: None,
) -> dict[str, Answer]:
    """Every asked school's answer; whoever said nothing in time is late. take: called once per school.

    aside: called with what other schools send meanwhile; nobody waits for them.
    """
    so_far = _Gathering(frozenset(asked), wait, pace, pace.seconds())

    def over() -> bool:
        for school, arrived in transport.collect().items():
            if school not in so_far.asked:
                aside(school, arrived)
            elif school not in so_far.answers:
                so_far.answers[school] = take(school, arrived)
        return so_far.is_over()

    pace.until(over, wait.deadline_seconds)
    late = {school: Answer(school, AnswerState.LATE) for school in so_far.asked - set(so_far.answers)}
    return so_far.answers | late


def send_to_reachable(transport: Transport, messages: Mapping[str, bytes]) -> dict[str, Answer]:
    """Sends to the schools that are there. Returns the answers of those that aren't: lost at once."""
    reachable = transport.available()
    transport.send({school: message for school, message in messages.items() if school in reachable})
    return {
        school: Answer(school, AnswerState.LOST, NOT_CONNECTED) for school in messages if school not in reachable
    }
