"""The Socratic tutor: asks for the next step, checks it exactly, asks back about what went wrong, tells no answer.

A pure function of the item and what the student has said: the dialogue is replayed from the student's lines, so
that nothing a page sends can change what the tutor has said or thinks was said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from client.content.bank import ItemBank
from client.content.grader import grade
from client.content.items import AnswerKind, Item, Line, plain_text
from client.content.misconceptions import is_question_back, question_about
from client.practice.answer_guard import gives_away
from client.practice.slips import slip_of
from client.practice.tutor_plan import Ask, TutorPlan, easier_case, plan_of
from client.practice.tutor_words import Says, wording

MAX_LINES = 24
UNSURE = ""
_MISSES_BEFORE_EASIER, _MISSES_BEFORE_STOP, _EASIER_MISSES = 2, 4, 2

# One of the tutor's own sentences, or a line of the item's content.
Saying = str | Line


@dataclass(frozen=True, slots=True)
class Turn:
    """said: the student's line before it; None before the first turn, empty when the student wasn't sure.

    aside: the place of a question back or a hint in words, None without one. Only that may be said in other words:
    verdicts and the question in work stay as they are.
    """

    said: str | None
    says: tuple[Saying, ...]
    aside: int | None = None

    @property
    def aside_words(self) -> str:
        """The question back or hint; "" without one."""
        return "" if self.aside is None else plain_text(self.says[self.aside])  # type: ignore[arg-type]

    def reworded(self, words: str) -> "Turn":
        """The same turn with its aside in other words."""
        if self.aside is None:
            return self
        return replace(self, says=(*self.says[: self.aside], (words,), *self.says[self.aside + 1 :]))


@dataclass(frozen=True, slots=True)
class Talk:
    """The dialogue so far. solved: the student has said the answer. over: nothing more is asked."""

    turns: tuple[Turn, ...]
    over: bool
    solved: bool


@dataclass(frozen=True, slots=True)
class _State:
    """misses: wrong replies to the question in work. easier: the easier case that is asked now, if any."""

    place: int = 0
    misses: int = 0
    nudged: int = 0
    easier: Ask | None = None
    easier_misses: int = 0
    eased: bool = False
    over: bool = False
    solved: bool = False


_Move = tuple[_State, tuple["Says | Line", ...]]


def talk_about(bank: ItemBank, item: Item, said: Sequence[str], *, first_try: str = "") -> Talk:
    """The whole dialogue. said: the student's lines in order. first_try: a wrong answer given before it began."""
    plan = plan_of(item)
    state, moves = _opening(plan, first_try)
    turns = [_turn(plan, None, moves, number=0, told=False)]
    for number, line in enumerate(said[:MAX_LINES], start=1):
        if state.over:
            break
        last = number == MAX_LINES
        state, moves = _reply(bank, plan, state, said=line)
        if last and not state.over:
            state, moves = replace(state, over=True), (Says.STOP,)
        turns.append(_turn(plan, line, moves, number=number, told=state.solved))
    return Talk(tuple(turns), state.over, state.solved)


def _turn(plan: TutorPlan, said: str | None, moves: tuple[Says | Line, ...], *, number: int, told: bool) -> Turn:
    """In words. Content that would give the answer away is left out, whatever the moves were."""
    kept = [move for move in moves if isinstance(move, Says) or told or _is_safe(plan, move)]
    asides = (place for place, move in enumerate(kept) if not isinstance(move, Says) and _is_aside(plan, move))
    says = tuple(wording(move, number) if isinstance(move, Says) else move for move in kept)
    return Turn(said, says, next(asides, None))


def _is_aside(plan: TutorPlan, line: Line) -> bool:
    """In words alone: a question back about a misconception, or what a hint says."""
    in_words = all(isinstance(part, str) for part in line)
    return in_words and (line in plan.nudges or (len(line) == 1 and is_question_back(str(line[0]))))


def _is_safe(plan: TutorPlan, line: Line) -> bool:
    """The plan let its questions in together: each option of a choice has its own."""
    return any(line == ask.question for ask in plan.asks) or not gives_away(plan.item, line)


def _opening(plan: TutorPlan, first_try: str) -> _Move:
    misconception = grade(plan.item, first_try).misconception if first_try else ""
    question = question_about(misconception)
    asked: tuple[Line, ...] = ((question,),) if question else plan.nudges[:1]
    state = _State(nudged=0 if question else 1)
    if not plan.asks:
        return state, (Says.GREETING, *asked, Says.THINK)
    return state, (Says.GREETING, *asked, Says.FIRST, *_question(plan, state, first=True))


def _reply(bank: ItemBank, plan: TutorPlan, state: _State, *, said: str) -> _Move:
    if not plan.asks:
        return _think_on(plan, state)
    if said == UNSURE:
        return _missed(bank, plan, state, about=(Says.UNSURE,))
    if plan.item.kind is not AnswerKind.CHOICE and grade(plan.item, said).solved:
        return replace(state, over=True, solved=True), (Says.DONE,)
    if state.easier is not None:
        return _easier_reply(plan, state, said=said)
    graded = grade(plan.asks[state.place].target, said)
    if graded.correct and not graded.form_ok:
        return state, (Says.FORM,)
    if graded.correct:
        return _onward(plan, state, state.place + 1, praise=Says.PRAISE)
    ahead = _further_on(plan, state, said)
    if ahead:
        return _onward(plan, state, ahead + 1, praise=Says.LONG_STEP)
    if not graded.readable:
        return state, (Says.UNREADABLE, *_question(plan, state))
    return _missed(bank, plan, state, about=(Says.NOT_YET, *_recognised(plan, state, said)))


def _think_on(plan: TutorPlan, state: _State) -> _Move:
    """A choice without a step that may be asked: the hints' questions, one after another."""
    if state.nudged < len(plan.nudges):
        return replace(state, nudged=state.nudged + 1), (plan.nudges[state.nudged], Says.THINK)
    return replace(state, over=True), (Says.CHOOSE,)


def _onward(plan: TutorPlan, state: _State, place: int, *, praise: Says) -> _Move:
    if place >= len(plan.asks):
        return replace(state, over=True), (praise, Says.CHOOSE)
    after = _State(place=place, nudged=state.nudged)
    return after, (praise, *_question(plan, after, first=True))


def _question(plan: TutorPlan, state: _State, *, first: bool = False) -> tuple[Says | Line, ...]:
    """The question in work; one that would give the answer away is asked in the tutor's own words."""
    ask = plan.asks[state.place]
    if not ask.question:
        return (Says.LAST if state.place == len(plan.asks) - 1 else Says.OPEN_STEP,)
    lead = Says.AGAIN if not first else Says.NEXT if state.place else None
    return (ask.question,) if lead is None else (lead, ask.question)


def _further_on(plan: TutorPlan, state: _State, said: str) -> int:
    """The place of a later question that this answers, or 0."""
    later = range(state.place + 1, len(plan.asks))
    return next((place for place in later if grade(plan.asks[place].target, said).solved), 0)


def _recognised(plan: TutorPlan, state: _State, said: str) -> tuple[Says | Line, ...]:
    """A question back: about the misconception behind the whole answer, or the slip in this step."""
    question = question_about(grade(plan.item, said).misconception)
    if question and not gives_away(plan.item, (question,)):
        return ((question,),)
    ask = plan.asks[state.place]
    slip = slip_of(ask.target, said, ask.question)
    if slip is None and ask.target is plan.item and plan.item.letters:
        return (Says.CHECK,)
    return () if slip is None else (slip,)


def _missed(bank: ItemBank, plan: TutorPlan, state: _State, *, about: tuple[Says | Line, ...]) -> _Move:
    if state.easier is not None:
        return _easier_missed(plan, state, about=about)
    state = replace(state, misses=state.misses + 1)
    if state.misses >= _MISSES_BEFORE_EASIER and not state.eased:
        case = easier_case(bank, plan, state.place)
        state = replace(state, eased=True, easier=case)
        if case is not None:
            return state, (*about, Says.SMALLER, case.question)
    if state.misses >= _MISSES_BEFORE_STOP:
        return replace(state, over=True), (Says.STOP,)
    nudge = () if len(about) > 1 else _nudge(plan, state)
    return replace(state, nudged=state.nudged + len(nudge)), (*about, *nudge, *_question(plan, state))


def _nudge(plan: TutorPlan, state: _State) -> tuple[Line, ...]:
    """The next hint, if it doesn't say what is asked for now or later."""
    for line in plan.nudges[state.nudged : state.nudged + 1]:
        if not any(gives_away(ask.target, line) for ask in plan.asks[state.place :]):
            return (line,)
    return ()


def _easier_reply(plan: TutorPlan, state: _State, *, said: str) -> _Move:
    case = state.easier
    if case is None or not grade(case.target, said).correct:
        return _easier_missed(plan, state, about=(Says.NOT_YET,))
    after = replace(state, easier=None, easier_misses=0, misses=1)
    return after, (Says.BACK, *_bare_question(plan, after))


def _easier_missed(plan: TutorPlan, state: _State, *, about: tuple[Says | Line, ...]) -> _Move:
    state = replace(state, easier_misses=state.easier_misses + 1)
    if state.easier is not None and state.easier_misses < _EASIER_MISSES:
        return state, (*about, Says.AGAIN, state.easier.question)
    after = replace(state, easier=None)
    return after, (Says.LEAVE_SMALLER, *_bare_question(plan, after))


def _bare_question(plan: TutorPlan, state: _State) -> tuple[Says | Line, ...]:
    ask = plan.asks[state.place]
    return (ask.question,) if ask.question else _question(plan, state)
