"""What is noticed at the desk - rapid guessing, ladders clicked through, every choice tried - and its effect."""

from datetime import timedelta

from client.practice.gaming import Event
from client.practice.noticing import flags_of
from client.practice.offers import move_on
from client.practice.replay_mastery import replay_mastery
from client.practice.submit_answer import Answer, submit_answer
from client.records.display_settings import DisplaySettings, save_display
from client.records.interactions import recent
from tests.support.practising import School, right_response, wrong_response
from tests.support.stores import NOW, in_reader, in_writer


def _submit(school: School, response: str, *, latency_ms: int = 30_000) -> None:
    offer, number = school.offer(), len(school.history())
    answer = Answer(school.student, offer.id, response, f"n-{number}-{response}", latency_ms)
    in_writer(school.store, lambda c: submit_answer(c, school.desk, answer))


def _guess(school: School, *, latency_ms: int = 200) -> None:
    _submit(school, wrong_response(school.offer().item), latency_ms=latency_ms)
    in_writer(school.store, lambda c: move_on(c, school.desk, school.student))
    school.clock.advance(timedelta(seconds=30))


def _weights(school: School) -> list[float]:
    return [one.weight for one in school.history()]


def _flags(school: School) -> frozenset[Event]:
    seq = len(school.history())
    return in_reader(school.store, lambda c: flags_of(c, school.student, seq=seq))


def test_rapid_wrong_answers_weigh_a_fifth_from_the_third_on(school: School) -> None:
    """The item after them is as always: nobody is punished."""
    for _ in range(4):
        _guess(school)
    assert _weights(school) == [1.0, 1.0, 0.2, 0.2]
    assert _flags(school) == {Event.RAPID}
    assert school.offer().hints_left > 0


def test_rapid_right_answers_weigh_in_full(school: School) -> None:
    """Fast and able is not guessing."""
    for _ in range(8):
        _submit(school, right_response(school.offer().item), latency_ms=200)
        school.clock.advance(timedelta(seconds=30))
    assert set(_weights(school)) == {1.0}
    assert _flags(school) == frozenset()


def test_extended_time_moves_the_limit(school: School) -> None:
    """Half as long again; what is rapid for others is rapid a little longer, never an accusation by itself."""
    item = school.offer().item
    just_calm = int(item.expected_seconds * 100 + 50)
    assert just_calm < 10_000
    in_writer(
        school.store, lambda c: save_display(c, school.student, DisplaySettings(extended_time=True), now=NOW)
    )
    for _ in range(3):
        _guess(school, latency_ms=int(school.offer().item.expected_seconds * 100 + 50))
    assert _flags(school) == {Event.RAPID}


def test_a_flag_keeps_mastery_waiting_and_is_over_after_five_sets(school: School) -> None:
    """Then it comes by the same rule as for everybody."""
    for _ in range(3):
        _guess(school)
    mastered_at: list[int] = []
    for n in range(60):
        _submit(school, right_response(school.offer().item))
        school.clock.advance(timedelta(hours=7))
        if any(state.mastered_at for state in school.mastery().values()) and not mastered_at:
            mastered_at.append(n)
        if n == 20:
            assert _flags(school) == {Event.RAPID}
    assert _flags(school) == frozenset()
    assert mastered_at[0] >= 24 - 1


def test_ladders_clicked_through_are_noticed(school: School) -> None:
    """Three rungs without a pause, at three items."""
    for _ in range(3):
        for _ in range(3):
            school.hint()
        _submit(school, wrong_response(school.offer().item))
        school.clock.advance(timedelta(minutes=1))
        in_writer(school.store, lambda c: move_on(c, school.desk, school.student))
    assert _flags(school) == {Event.HINTS}
    assert _weights(school) == [1.0, 1.0, 0.2]


def test_hints_that_are_read_are_no_event(school: School) -> None:
    """Asking for help is what it is there for."""
    for _ in range(3):
        for _ in range(3):
            school.clock.advance(timedelta(seconds=8))
            school.hint()
        _submit(school, wrong_response(school.offer().item))
        in_writer(school.store, lambda c: move_on(c, school.desk, school.student))
    assert _flags(school) == frozenset()


def test_every_choice_tried_at_once_is_noticed(school: School) -> None:
    """Of an item with choices; a pause between them is thinking."""
    for pause, expected in ((5, frozenset()), (1, frozenset({Event.CYCLING}))):
        while not school.offer().item.choices:
            school.answer(right=True)
            school.clock.advance(timedelta(hours=7))
        item = school.offer().item
        for choice in [one for one in item.choices if one.id != item.answer]:
            _submit(school, choice.id)
            school.clock.advance(timedelta(seconds=pause))
        _submit(school, str(item.answer))
        assert _flags(school) == expected
        school.clock.advance(timedelta(seconds=60))


def test_a_replay_knows_the_flags_too(school: School) -> None:
    """States worked out again are the ones that were kept."""
    for _ in range(4):
        _guess(school)
    for _ in range(30):
        _submit(school, right_response(school.offer().item))
        school.clock.advance(timedelta(hours=7))
    before = school.mastery()
    in_writer(school.store, lambda c: replay_mastery(c, school.desk, [school.student]))
    assert school.mastery() == before
    assert len(in_reader(school.store, lambda c: recent(c, school.student, count=99))) == 34
