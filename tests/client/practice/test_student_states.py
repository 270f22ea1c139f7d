"""Remembered states: equal to working everything out again, whatever happened in between."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from client.practice.student_states import StudentStates
from common.interactions import History, Interaction

_Rights = list[bool]


def _history(rights: _Rights, *, student: str = "s", item: str = "i") -> History:
    return History(student, tuple(Interaction(f"{item}{n}", ("Q1",), r) for n, r in enumerate(rights)))


def _counting(max_students: int = 10) -> tuple[StudentStates[tuple[bool, ...]], list[str]]:
    steps: list[str] = []

    def advance(state: tuple[bool, ...], answer: Interaction) -> tuple[bool, ...]:
        steps.append(answer.item)
        return (*state, answer.correct)

    return StudentStates(tuple, advance, max_students=max_students), steps


@given(st.lists(st.tuples(st.lists(st.booleans(), max_size=8), st.sampled_from("ab")), max_size=12))
def test_a_kept_state_equals_a_fresh_one(calls: list[tuple[_Rights, str]]) -> None:
    """Histories that grow, shrink and change."""
    states, _ = _counting()
    for rights, item in calls:
        assert states.after(_history(rights, item=item)) == tuple(rights)


def test_only_new_answers_cost_a_step() -> None:
    """Ten known, one new."""
    states, steps = _counting()
    states.after(_history([True] * 10))
    steps.clear()
    states.after(_history([True] * 11))
    assert steps == ["i10"]


def test_an_undone_answer_is_not_built_upon() -> None:
    """The transaction failed after the state had moved on; another answer took the place."""
    states, _ = _counting()
    states.after(_history([True, True]))
    assert states.after(_history([True, False])) == (True, False)


def test_a_late_answer_among_those_that_are_known_is_not_missed() -> None:
    """As many answers as before and the same newest one, or one more in between: worked out afresh."""
    states, _ = _counting()
    whole = _history([True, True, False]).interactions
    late = Interaction("late", ("Q1",), False)
    states.after(History("s", whole))
    assert states.after(History("s", (whole[0], late, whole[2]))) == (True, False, False)
    assert states.after(History("s", (whole[0], late, *whole[1:]))) == (True, False, True, False)


def test_a_corrected_weight_is_not_missed() -> None:
    """An answer that turned out to be worth nothing leaves the state, though nothing was added."""
    states, _ = _counting()
    whole = _history([True, True, False]).interactions
    states.after(History("s", whole))
    assert states.after(History("s", (whole[0], replace(whole[1], weight=0.0), whole[2]))) == (True, False)


def test_an_erased_history_leaves_no_state() -> None:
    """Nothing is kept for a student without answers, and new ones start afresh."""
    states, _ = _counting()
    states.after(_history([True, True]))
    assert states.after(_history([])) == ()
    assert len(states) == 0
    assert states.after(_history([False])) == (False,)


def test_hashes_from_a_reader_are_believed_only_among_themselves() -> None:
    """The same answers without them cost a new run, and never a wrong state."""
    states, steps = _counting()
    read = replace(_history([True, False]), hashes=(11, 12))
    assert states.after(read) == states.after(_history([True, False])) == (True, False)
    steps.clear()
    assert states.after(_history([True, False])) == (True, False)
    assert steps == []


def test_quarantined_answers_change_nothing() -> None:
    """Weight 0 leaves the history."""
    states, steps = _counting()
    assert states.after(History("s", (Interaction("x", ("Q1",), True, weight=0.0),))) == ()
    assert steps == []


def test_memory_is_bounded() -> None:
    """The least recently needed student is forgotten, and worked out again."""
    states, steps = _counting(max_students=2)
    for student in ("a", "b", "a", "c"):
        states.after(_history([True], student=student))
    assert len(states) == 2
    steps.clear()
    states.after(_history([True], student="a"))
    assert steps == []
    assert states.after(_history([True], student="b")) == (True,)
    assert steps == ["i0"]
