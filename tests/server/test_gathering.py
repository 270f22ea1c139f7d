"""Waiting ends when all have answered, when enough have and the rest had its time, or at the deadline."""

from server.admission import Answer, AnswerState
from server.gathering import NOT_CONNECTED, Wait, gather, send_to_reachable
from server.transport import Lost
from tests.support.memory_transport import MemoryTransport, SteppedTime

SCHOOLS = ("east", "north", "west")


class Slow(MemoryTransport):
    """Hands a school's answer out at its own second."""

    def __init__(self, time: SteppedTime, seconds: dict[str, float]) -> None:
        super().__init__({school: lambda message: message for school in SCHOOLS})
        self._time, self._seconds = time, dict(seconds)

    def collect(self) -> dict[str, bytes | Lost]:
        """What is due by now."""
        due = {school for school, at in self._seconds.items() if self._time.now_seconds >= at}
        for school in due:
            del self._seconds[school]
        return dict.fromkeys(due, b"answer")


def _take(school: str, arrived: bytes | Lost) -> Answer:
    return Answer(school, AnswerState.LOST if isinstance(arrived, Lost) else AnswerState.ANSWERED)


def _gather(seconds: dict[str, float], enough: int | None = None) -> tuple[dict[str, str], float]:
    time = SteppedTime()
    answers = gather(Slow(time, seconds), SCHOOLS, _take, wait=Wait(30.0, enough), pace=time.pace())
    return {school: str(answer.state) for school, answer in answers.items()}, time.now_seconds


def test_it_ends_with_the_last_answer() -> None:
    """No second longer."""
    states, seconds = _gather({"east": 1.0, "north": 2.0, "west": 9.0})
    assert states == dict.fromkeys(SCHOOLS, "answered")
    assert seconds == 9.0


def test_silence_costs_the_deadline() -> None:
    """The silent one is late."""
    states, seconds = _gather({"east": 1.0, "north": 2.0})
    assert states["west"] == "late"
    assert seconds == 30.0


def test_enough_answers_limit_the_patience() -> None:
    """Two took two seconds: the rest gets two more and one."""
    states, seconds = _gather({"east": 1.0, "north": 2.0}, enough=2)
    assert states["west"] == "late"
    assert seconds == 5.0


def test_whoever_comes_within_that_time_counts() -> None:
    """A slow school is no dropout by itself."""
    states, seconds = _gather({"east": 1.0, "north": 2.0, "west": 4.0}, enough=2)
    assert states == dict.fromkeys(SCHOOLS, "answered")
    assert seconds == 4.0


def test_a_school_that_isn_t_there_is_lost_at_once() -> None:
    """It gets nothing and nobody waits for it."""
    transport = MemoryTransport({school: lambda message: message for school in SCHOOLS}, hidden={"west"})
    answers = send_to_reachable(transport, dict.fromkeys(SCHOOLS, b"question"))
    assert answers == {"west": Answer("west", AnswerState.LOST, NOT_CONNECTED)}
    assert set(transport.sent[0]) == {"east", "north"}
