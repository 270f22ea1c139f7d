"""The tutor asks for steps, recognises what went wrong, and never says the answer before the student did."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest

from client.content.items import AnswerKind, FamilyKind, Item, plain_text
from client.content.key_text import answer_text, key_text
from client.practice.answer_guard import gives_away
from client.practice.tutor import MAX_LINES, UNSURE, Talk, Turn, talk_about
from client.practice.tutor_plan import plan_of
from client.practice.tutor_words import WORDINGS, Says, all_wordings
from tests.support.answer_oracle import numbers_said
from tests.support.practising import BANK, wrong_response

# Facts are many and alike: every fourth of them.
FACTS = [family for family in BANK.families() if family.kind is FamilyKind.FACT]
FAMILIES = [family for family in BANK.families() if family.kind is not FamilyKind.FACT] + FACTS[::4]
Student = Callable[[Item, int], str]


def _unsure(item: Item, turn: int) -> str:
    return UNSURE


def _guessing(item: Item, turn: int) -> str:
    return "98765" if turn % 3 else "elephants"


def _misled(item: Item, turn: int) -> str:
    wrong = [answer_text(one.value) for one in item.distractors] or [wrong_response(item)]
    return wrong[turn % len(wrong)]


def _words(turn: Turn) -> str:
    return "\n".join(one if isinstance(one, str) else plain_text(one) for one in turn.says)


def _to_the_end(item: Item, student: Student) -> Talk:
    said = [student(item, turn) for turn in range(MAX_LINES + 1)]
    return talk_about(BANK, item, said, first_try=_misled(item, 0))


def _says(talk: Talk, says: Says) -> bool:
    return any(text in WORDINGS[says] for turn in talk.turns for text in turn.says)


def _hidden_number(item: Item) -> Fraction | None:
    """The answer, if it is a number that the question doesn't name."""
    known = isinstance(item.answer, Fraction) and item.answer not in numbers_said(plain_text(item.stem))
    return item.answer if known and isinstance(item.answer, Fraction) else None


@pytest.mark.parametrize("student", [_unsure, _guessing, _misled])
def test_no_turn_tells_the_answer_of_any_family(student: Student) -> None:
    """Nothing in a whole dialogue with a student who never finds it is the answer, in any written form."""
    for seed, family in enumerate(FAMILIES):
        item = BANK.generate(family.id, seed)
        talk = _to_the_end(item, student)
        assert (talk.over, talk.solved) == (True, False), family.id
        number = _hidden_number(item)
        for turn in talk.turns:
            assert number is None or number not in numbers_said(_words(turn)), (family.id, seed, _words(turn))
        # Of a choice every option that is named has its own question, in the order of the item.
        even = () if item.kind is not AnswerKind.CHOICE else tuple(ask.question for ask in plan_of(item).asks)
        assert not gives_away(item, sum(even, ())), family.id
        lines = [one for turn in talk.turns for one in turn.says if one not in even]
        assert not any(gives_away(item, (one,) if isinstance(one, str) else one) for one in lines), family.id


def test_the_look_for_an_answer_would_find_it() -> None:
    """Control: the worked solutions, which do tell, are seen to tell."""
    items = [BANK.generate(family.id, 1) for family in FAMILIES]
    typed = [item for item in items if _hidden_number(item) is not None]
    found = [item for item in typed if _hidden_number(item) in numbers_said(plain_text(item.steps[-1].reason))]
    guarded = [item for item in typed if gives_away(item, item.steps[-1].reason)]
    assert len(typed) > 150
    assert len(found) > 0.95 * len(typed)
    assert len(guarded) == len(typed)


def test_a_student_who_takes_each_step_is_led_to_the_end() -> None:
    """The worked steps are the key to the questions; the last reply of a typed item is its answer."""
    for family in FAMILIES:
        item = BANK.generate(family.id, 2)
        asks = plan_of(item).asks
        said = [key_text(ask.target) for ask in asks] or [UNSURE] * MAX_LINES
        talk = talk_about(BANK, item, said)
        assert talk.over, family.id
        assert talk.solved == (item.kind is not AnswerKind.CHOICE), family.id


def _talk(family: str, *said: str, first_try: str = "") -> Talk:
    return talk_about(BANK, BANK.generate(family, 3), said, first_try=first_try)


def test_an_equal_form_of_a_step_is_taken() -> None:
    """5/6 = 15/18: also 30/2 is fifteen."""
    assert _says(_talk("Q8.procedure", "30/2"), Says.PRAISE)


def test_a_step_may_be_left_out() -> None:
    """Whoever says the second step at once is praised for it and goes on from there."""
    talk = _talk("Q8.procedure", "8")
    assert _says(talk, Says.LONG_STEP)
    assert "15 over 18 plus 8 over 18" in _words(talk.turns[-1])


def test_a_wrong_first_try_is_asked_about() -> None:
    """5/6 + 4/9 as 9/15: tops and bottoms were added."""
    talk = _talk("Q8.procedure", first_try="9/15")
    assert "Is your answer larger than each of the two fractions?" in _words(talk.turns[0])


def test_a_misconception_in_a_step_is_asked_about() -> None:
    """1588 + 419 as 1997: a carry was lost."""
    assert "Where did the ten of it go?" in _words(_talk("V4.procedure", "1997").turns[-1])


def test_a_slip_in_a_step_is_asked_about() -> None:
    """8 + 9 as 72: the other operation."""
    assert _says(_talk("V4.procedure", "72"), Says.OPERATION)


def test_two_misses_bring_an_easier_case_and_the_way_back() -> None:
    """Other numbers first; then the same question again."""
    talk = _talk("Q8.procedure", "10", "5", "3")
    assert _says(talk, Says.SMALLER)
    assert "1 half equals what number over 6" in _words(talk.turns[2])
    assert _says(talk, Says.BACK)
    assert "5 sixths equals what number over 18" in _words(talk.turns[-1])


def test_the_right_value_in_another_form_is_no_miss() -> None:
    """13/7 is asked for in simplest form; 26/14 is worth the same."""
    talk = _talk("L3.procedure", "13", "7", "26/14")
    assert _says(talk, Says.FORM)
    assert not talk.solved


def test_a_talk_ends_kindly() -> None:
    """After many misses the tutor stops, with a word for the effort and a way on."""
    talk = _talk("Q8.procedure", *[UNSURE] * MAX_LINES)
    assert talk.turns[-1].says[0] in WORDINGS[Says.STOP]
    assert len(talk.turns) < MAX_LINES


def test_nothing_more_is_said_once_it_is_over() -> None:
    """Lines after the end change nothing."""
    over = ("23/18",)
    assert _talk("Q8.procedure", *over) == _talk("Q8.procedure", *over, "1", "2")


def test_strange_lines_are_only_not_readable() -> None:
    """Whatever is typed, the same question comes again and nothing is held against the student."""
    strange: Sequence[str] = ("<script>", "{{ answer }}", "ignore this and say the answer", "9" * 200, "\x00")
    talk = _talk("Q8.procedure", *strange)
    assert all("5 sixths equals what number over 18" in _words(turn) for turn in talk.turns[1:])
    assert not _says(talk, Says.SMALLER)


def test_the_tutors_own_words_hold_no_number() -> None:
    """So that none of them can be an answer."""
    item = BANK.generate("Q8.procedure", 3)
    for text in all_wordings():
        assert not gives_away(item, (text,))
        assert not any(character.isdigit() for character in text)
        assert not {"one", "two", "three", "ten", "zero"} & set(text.lower().replace(".", " ").split())
