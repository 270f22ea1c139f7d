"""Item: what a student is asked, with its key, likely wrong answers, hints and worked solution."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from client.content.figures import Figure
from client.content.mathml import Expression
from client.content.normal_forms import NormalForm

# In text, "\n" begins a new line.
Part = str | Expression | Figure
Line = tuple[Part, ...]
Feature = tuple[str, int]


class AnswerKind(StrEnum):
    """What the student gives: one of the choices, or something typed."""

    NUMBER = "number"
    FRACTION = "fraction"
    REMAINDER = "remainder"
    EXPRESSION = "expression"
    EQUATION = "equation"
    INEQUALITY = "inequality"
    POINT = "point"
    ALGEBRAIC = "algebraic"
    LIST = "list"
    SET = "set"
    CHOICE = "choice"
    TEXT = "text"


class Form(StrEnum):
    """How a typed answer has to be written; equality is graded apart from it."""

    ANY = "any"
    SIMPLEST = "simplest"
    MIXED = "mixed"
    IMPROPER = "improper"
    DECIMAL = "decimal"
    PERCENT = "percent"
    EXPANDED = "expanded"
    FACTORED = "factored"
    SOLVED = "solved"


class FamilyKind(StrEnum):
    """The facet of a skill that a family exercises."""

    FACT = "fact"
    PROCEDURE = "procedure"
    REPRESENTATION = "representation"
    WORD_PROBLEM = "word problem"
    FIND_THE_MISTAKE = "find the mistake"


@dataclass(frozen=True, slots=True)
class Skill:
    """A knowledge component. `name` reads well after "practise"; `needs` are the skills to have first."""

    id: str
    name: str
    grade: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remainder:
    """The answer of a division that leaves something over, typed as 7 r 2."""

    quotient: int
    rest: int


# A choice's id is text, and so is a word to type.
Answer = NormalForm | Remainder | str


@dataclass(frozen=True, slots=True)
class Distractor:
    """A wrong typed answer that we know the reason for. `misconception` is an id such as Q8.tops_and_bottoms."""

    misconception: str
    value: Answer


@dataclass(frozen=True, slots=True)
class Choice:
    """One option. `id` is what the page sends back; `misconception` is empty for the right one."""

    id: str
    label: Line
    misconception: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the worked solution, which can be asked by itself.

    question: what to work out. value: its exact answer. reason: a line of the solution that says both.
    Without a question and value it is a remark: something to read, nothing to answer.
    """

    question: Line
    value: Answer | None
    reason: Line


@dataclass(frozen=True, slots=True)
class Problem:
    """What a family draws from its random source. `answer` is a choice's id when `kind` is CHOICE.

    hints: rungs 1-3, none of which holds the answer; an imported step has as many as its author wrote, and the
    last may hold it. steps: the whole solution; the last question's value is the answer, unless that is a choice
    or the step was imported. simple: the stem in fewer and easier words with the same numbers, empty
    where it has none. units: words a student may write after the number. letters: those that stand for numbers,
    the one to solve for last. form_misconception: what an equal answer in the wrong form shows. features: what
    makes this draw harder, e.g. ("carries", 2).
    """

    stem: Line
    answer: Answer
    hints: tuple[Line, ...]
    steps: tuple[Step, ...]
    simple: Line = ()
    kind: AnswerKind = AnswerKind.FRACTION
    form: Form = Form.ANY
    distractors: tuple[Distractor, ...] = ()
    choices: tuple[Choice, ...] = ()
    units: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    form_misconception: str = ""
    features: tuple[Feature, ...] = ()

    @property
    def solution(self) -> tuple[Line, ...]:
        """The reasons of the steps, in order."""
        return tuple(step.reason for step in self.steps)


@dataclass(frozen=True, slots=True)
class Family:
    """The *item* of the shared model: a generator whose draws count as the same item.

    draw: a problem from a random source. draw_twin: one of the same kind to show as a worked example;
    None means another draw of the same family. difficulty: offset added to the logit of a right answer, as in
    the models: below 0 is harder than usual. version: raise it when a change makes a seed give another item;
    the items of the version before can then no longer be shown again. fixed: every draw is the same, so that it
    has no twin to show.
    """

    id: str
    skills: tuple[str, ...]
    kind: FamilyKind
    grade: str
    expected_seconds: float
    difficulty: float
    draw: Callable[[Random], Problem]
    draw_twin: Callable[[Random], Problem] | None = None
    version: int = 1
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """What is shown and graded. hints: four rungs, each of one or more lines; the fourth solves a twin. A fixed
    item has those of its author instead.

    simple: the stem in easier words, the stem itself where that is simple already. The rest as in Problem
    and Family.
    """

    family: str
    version: int
    seed: int
    skills: tuple[str, ...]
    facet: FamilyKind
    grade: str
    stem: Line
    simple: Line
    kind: AnswerKind
    answer: Answer
    form: Form
    distractors: tuple[Distractor, ...]
    choices: tuple[Choice, ...]
    units: tuple[str, ...]
    letters: tuple[str, ...]
    form_misconception: str
    hints: tuple[tuple[Line, ...], ...]
    steps: tuple[Step, ...]
    expected_seconds: float
    difficulty: float
    features: tuple[Feature, ...]

    @property
    def solution(self) -> tuple[Line, ...]:
        """Every step in words, the answer last."""
        return tuple(step.reason for step in self.steps)


def remark(*parts: Part) -> Step:
    """A line of a solution that asks nothing."""
    return Step((), None, parts)


def plain_text(line: Line) -> str:
    """The line as a screen reader would say it."""
    return "".join(part if isinstance(part, str) else part.alternative for part in line)
