"""The laws that every item of every pack keeps, each as a function from an item to the complaints against it."""

from collections.abc import Iterator
from fractions import Fraction

from benchmarks.packs.derivation import Derivation
from benchmarks.packs.reading_level import reading_level
from benchmarks.packs.stem_reader import tokens, visible_marks
from client.content.figures import Figure
from client.content.grader import grade
from client.content.items import AnswerKind, FamilyKind, Form, Item, Line, Remainder, plain_text
from client.content.key_text import answer_text, key_text
from client.content.mathml import Expression

# The largest number that an item may show, by the last grade that it is for.
LARGEST = {1: 20, 2: 100, 3: 1_000, 4: 10_000, 5: 100_000}
LARGEST_LATER = 1_000_000
_MOST_WORDS_SIMPLE = 12
_EASY_INDEX = 2.0


def complaints(item: Item, derived: Derivation, *, said: dict[str, str] | None = None) -> Iterator[str]:
    """What is wrong with an item, each as "law: what"; nothing when all is well.

    said: what was drawn for which words so far, filled as items are looked at; None looks at this item alone.
    """
    yield from _key(item, derived)
    yield from _wrong_answers(item, derived)
    yield from _choices(item, derived)
    yield from _hints(item)
    yield from _steps(item)
    yield from _mathematics(item, {} if said is None else said)
    yield from _size(item)
    yield from _reading(item)


def last_grade(grade_range: str) -> int:
    """4 of "2–4", 1 of "K–1"."""
    return int(grade_range.rpartition("–")[2])


def _key(item: Item, derived: Derivation) -> Iterator[str]:
    if derived.key != item.answer:
        yield f"key: {item.answer} where the stem gives {derived.key}"
    if not grade(item, key_text(item)).solved:
        yield f"key: {key_text(item)!r} isn't graded as solved"


def _wrong_answers(item: Item, derived: Derivation) -> Iterator[str]:
    values = [distractor.value for distractor in item.distractors]
    if len({*values, item.answer}) != len(values) + 1:
        yield f"distractors: two are equal, or one is the key: {values}"
    for distractor in item.distractors:
        said = grade(item, answer_text(distractor.value))
        if said.correct or said.misconception != distractor.misconception:
            yield f"distractors: {distractor.value} is graded {said}"
        if distractor.value not in derived.slips.get(distractor.misconception, ()):
            yield f"misconceptions: {distractor.misconception} doesn't lead to {distractor.value}"


def _choices(item: Item, derived: Derivation) -> Iterator[str]:
    if (item.kind is AnswerKind.CHOICE) != (len(item.choices) >= 2) != (not isinstance(item.answer, str)):
        yield f"choices: {len(item.choices)} of them for an answer of kind {item.kind.value}"
    if len({plain_text(choice.label) for choice in item.choices}) != len(item.choices):
        yield "choices: two say the same"
    for choice in item.choices:
        if (choice.id == item.answer) == bool(choice.misconception):
            yield f"choices: {choice.id} is right and a misconception, or neither"
        if choice.misconception and choice.id not in derived.slips.get(choice.misconception, ()):
            yield f"misconceptions: {choice.misconception} doesn't lead to choice {choice.id}"


def _hints(item: Item) -> Iterator[str]:
    if len(item.hints) != 4 or len(item.hints[3]) < 2:
        yield "hints: not four rungs with a solved twin on the last"
    if item.hints[3][0][1:] == item.stem or item.hints[3][1:] == item.solution:
        yield "hints: the twin is the item itself"
    given = tuple(tokens(item.stem))
    for line in (line for rung in item.hints[:3] for line in rung):
        if _tells(item, line, given):
            yield f"hints: the answer is in {plain_text(line)!r}"


def _tells(item: Item, line: Line, given: tuple[Fraction, ...]) -> bool:
    match item.answer:
        case Fraction():
            return item.answer not in given and item.answer in tokens(line)
        case Remainder(quotient, rest):
            return {Fraction(quotient), Fraction(rest)} <= set(tokens(line)) - set(given)
        case str():
            key = next(plain_text(choice.label) for choice in item.choices if choice.id == item.answer)
            said = plain_text(line)
            return key in said and not (key in plain_text(item.stem) and len(key.split()) > 1)
        case _:
            return answer_text(item.answer, item.form).replace(" ", "") in plain_text(line).replace(" ", "")


def shows_its_answer(item: Item) -> bool:
    """Whether the number to be typed stands in the stem; sometimes it has to, as in 7 + 0."""
    if not isinstance(item.answer, Fraction) or item.form is not Form.ANY:
        return False  # A form asks for what is given to be written in another way.
    return item.answer in tokens(item.stem)


def _steps(item: Item) -> Iterator[str]:
    asked = [step for step in item.steps if step.question]
    if not asked:
        yield "steps: nothing is asked"
        return
    if item.kind is not AnswerKind.CHOICE and asked[-1].value != item.answer:
        yield f"steps: the last one gives {asked[-1].value}"
    for step in item.steps:
        if (step.value is None) != (step.question == ()) or not step.reason:
            yield f"steps: neither a question with its value nor a remark: {plain_text(step.reason)!r}"


def lines_of(item: Item) -> Iterator[Line]:
    """Everything that a student may read of an item."""
    yield item.stem
    yield item.simple
    for choice in item.choices:
        yield choice.label
    for rung in item.hints:
        yield from rung
    for step in item.steps:
        yield step.question
        yield step.reason


def _mathematics(item: Item, said: dict[str, str]) -> Iterator[str]:
    for part in (part for line in lines_of(item) for part in line):
        if isinstance(part, str):
            continue
        marks, label = visible_marks(part)
        if isinstance(part, Figure) and (label != part.alternative or "style" in part.svg):
            yield "figures: the label isn't the text alternative, or there is a style"
        if not part.alternative:
            yield "alternatives: there is none"
        if isinstance(part, Expression) and said.setdefault(part.alternative, marks) != marks:
            yield f"alternatives: two expressions are both said {part.alternative!r}"


def _size(item: Item) -> Iterator[str]:
    most = LARGEST.get(last_grade(item.grade), LARGEST_LATER)
    shown = [number for line in (item.stem, *item.solution) for number in tokens(line)]
    parts = [abs(part) for number in shown for part in number.as_integer_ratio()]
    if max(parts, default=0) > most:
        yield f"size: {max(parts)} is too large for grade {item.grade}"


def _reading(item: Item) -> Iterator[str]:
    last = last_grade(item.grade)
    level, simple = reading_level(item.stem), reading_level(item.simple)
    if level.longest > 8 + 2 * last or level.index > last + 1:
        yield f"reading: {level} is hard for grade {item.grade}: {plain_text(item.stem)!r}"
    if simple.longest > _MOST_WORDS_SIMPLE or simple.index > max(_EASY_INDEX, level.index):
        yield f"reading: the simple wording isn't simple, {simple}: {plain_text(item.simple)!r}"
    if item.facet is FamilyKind.WORD_PROBLEM and item.simple == item.stem:
        yield "reading: a word problem has no simple wording"
    if sorted(set(tokens(item.simple))) != sorted(set(tokens(item.stem))):
        yield "reading: the simple wording has other numbers"
