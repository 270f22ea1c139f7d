"""What the tutor can ask about an item: its worked steps as questions, nudges from its hints, and easier cases."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from client.content.algebraic import Algebraic
from client.content.bank import ItemBank
from client.content.items import Answer, AnswerKind, FamilyKind, Form, Item, Line, Remainder, Step, plain_text
from client.content.mathml import Expression
from client.content.normal_forms import Equation, Interval, NumberList, NumberSet, Point
from client.content.polynomials import Polynomial
from client.practice.answer_guard import gives_away, may_be_said

_TRIES = 12
_LETTER = re.compile(r"<mi>([^\W\d_])</mi>")
_KINDS: tuple[tuple[type, AnswerKind], ...] = (
    (Fraction, AnswerKind.FRACTION),
    (Remainder, AnswerKind.REMAINDER),
    (Polynomial, AnswerKind.EXPRESSION),
    (Point, AnswerKind.POINT),
    (NumberList, AnswerKind.LIST),
    (NumberSet, AnswerKind.SET),
    (Interval, AnswerKind.INEQUALITY),
    (Equation, AnswerKind.EQUATION),
    (Algebraic, AnswerKind.ALGEBRAIC),
    (str, AnswerKind.TEXT),
)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question and the item that grades replies to it. Without a question the tutor asks in its own words."""

    question: Line
    target: Item


@dataclass(frozen=True, slots=True)
class TutorPlan:
    """asks: in the order of the worked solution; a typed item's last one is the item itself.

    nudges: what the hints say without the answer, in their order.
    """

    item: Item
    asks: tuple[Ask, ...]
    nudges: tuple[Line, ...]


def plan_of(item: Item) -> TutorPlan:
    """Pure."""
    asks = tuple(_asks(item, _questions(item)))
    last = len(item.hints) - 1
    nudges = (line for rung in item.hints[:last] for line in rung)
    return TutorPlan(item, asks, may_be_said(item, nudges))


def _questions(item: Item) -> list[tuple[Line, Answer]]:
    return [(step.question, step.value) for step in item.steps if step.question and step.value is not None]


def _inner(item: Item, steps: list[tuple[Line, Answer]]) -> list[tuple[Line, Answer]]:
    """Without the one that is answered by the item's own answer."""
    return steps[:-1] if item.kind is not AnswerKind.CHOICE and steps and steps[-1][1] == item.answer else steps


def _asks(item: Item, steps: list[tuple[Line, Answer]]) -> Iterator[Ask]:
    """Of a choice only what may be asked; of a typed item the last question is answered by the item's answer."""
    chosen = item.kind is AnswerKind.CHOICE
    if chosen and _names_one_side(item, [question for question, _ in steps]):
        return
    inner = _inner(item, steps)
    for question, value in inner:
        target = _graded_by(item, question, value)
        hidden = gives_away(item, question) and not chosen
        yield Ask(() if hidden else question, target)
    if not chosen:
        last = steps[-1][0] if len(inner) < len(steps) else ()
        yield Ask(() if not last or gives_away(item, last) else last, item)


def _names_one_side(item: Item, questions: list[Line]) -> bool:
    """Whether the questions together name the right choice and pass over another."""
    return gives_away(item, tuple(part for question in questions for part in (*question, "\n")))


def _graded_by(item: Item, question: Line, value: Answer) -> Item:
    kind = next(kind for type_, kind in _KINDS if isinstance(value, type_))
    return replace(
        item,
        stem=question,
        kind=kind,
        answer=value,
        form=Form.ANY,
        distractors=(),
        choices=(),
        letters=item.letters or _letters_in(question),
        form_misconception="",
        steps=(Step(question, value, ()),),
    )


def _letters_in(line: Line) -> tuple[str, ...]:
    formulas = (part.inner for part in line if isinstance(part, Expression))
    return tuple(dict.fromkeys(letter for inner in formulas for letter in _LETTER.findall(inner)))


def easier_case(bank: ItemBank, plan: TutorPlan, place: int) -> Ask | None:
    """The same step with other numbers, the smallest that were found; None if there is none that tells nothing."""
    skeleton = _skeleton(plan.asks[place].question)
    cases = [case for other in _others(bank, plan.item) for case in _cases(plan, other, place)]
    # The same words around other numbers first.
    cases.sort(key=lambda case: (_skeleton(case.question) != skeleton, _size(case.question)))
    return next((case for case in cases if _tells_nothing(plan, case)), None)


def _others(bank: ItemBank, item: Item) -> Iterator[Item]:
    """Other draws of the family; of a fact, other facts of the same skill."""
    family = bank.family(item.family)
    if family is None or family.fixed:
        return
    if family.kind is FamilyKind.FACT:
        facts = (one for one in bank.families_of(item.skills[0]) if one.id != family.id)
        yield from (bank.generate(fact.id, item.seed) for fact in islice(facts, _TRIES))
        return
    yield from (bank.generate(family.id, seed) for seed in range(_TRIES))


def _cases(plan: TutorPlan, other: Item, place: int) -> Iterator[Ask]:
    """The step at this place of another item, if that is worked out in as many steps."""
    steps = _questions(other)
    as_many = len(_inner(other, steps)) == len(_inner(plan.item, _questions(plan.item)))
    if other.kind is not plan.item.kind or not as_many:
        return
    if place >= len(steps) or not re.search(r"\d", plain_text(steps[place][0])):
        # A question that names no number needs the whole item around it.
        if other.kind is not AnswerKind.CHOICE:
            yield Ask(other.stem, other)
        return
    yield Ask(steps[place][0], _graded_by(other, *steps[place]))


def _tells_nothing(plan: TutorPlan, case: Ask) -> bool:
    values = {str(ask.target.answer) for ask in plan.asks}
    if str(case.target.answer) in values or case.question == plan.item.stem:
        return False
    targets = (plan.item, *(ask.target for ask in plan.asks))
    return not any(gives_away(target, case.question) for target in targets)


def _skeleton(line: Line) -> str:
    return re.sub(r"\d+", "#", plain_text(line))


def _size(line: Line) -> int:
    return sum(int(digits) for digits in re.findall(r"\d{1,9}", plain_text(line)))
