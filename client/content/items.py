"""Item: what a student is asked, with its key, likely wrong answers, hints and worked solution."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from random import Random

from client.content.figures import Figure
from client.content.mathml import Expression

Part = str | Expression | Figure
Line = tuple[Part, ...]


class AnswerKind(StrEnum):
    """What the student gives: a typed number, a typed fraction, or one of the choices."""

    NUMBER = "number"
    FRACTION = "fraction"
    CHOICE = "choice"


class Form(StrEnum):
    """How a typed answer has to be written; equality is graded apart from it."""

    ANY = "any"
    SIMPLEST = "simplest"
    MIXED = "mixed"
    IMPROPER = "improper"


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
class Distractor:
    """A wrong typed answer that we know the reason for. `misconception` is an id such as Q8.tops_and_bottoms."""

    misconception: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Choice:
    """One option. `id` is what the page sends back; `misconception` is empty for the right one."""

    id: str
    label: Line
    misconception: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a family draws from its random source. `answer` is a choice's id when `kind` is CHOICE.

    hints: rungs 1-3, none of which holds the answer. solution: every step, the answer last.
    units: words a student may write after the number. form_misconception: what an equal answer in the
    wrong form shows.
    """

    stem: Line
    answer: Fraction | str
    hints: tuple[Line, Line, Line]
    solution: tuple[Line, ...]
    kind: AnswerKind = AnswerKind.FRACTION
    form: Form = Form.ANY
    distractors: tuple[Distractor, ...] = ()
    choices: tuple[Choice, ...] = ()
    units: tuple[str, ...] = ()
    form_misconception: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """The *item* of the shared model: a generator whose draws count as the same item.

    draw: a problem from a random source. draw_twin: one of the same kind to show as a worked example;
    None means another draw of the same family. difficulty: offset added to the logit of a right answer, as in
    the models: below 0 is harder than usual.
    """

    id: str
    skills: tuple[str, ...]
    kind: FamilyKind
    grade: str
    expected_seconds: float
    difficulty: float
    draw: Callable[[Random], Problem]
    draw_twin: Callable[[Random], Problem] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What is shown and graded. hints: four rungs, each of one or more lines; the fourth solves a twin."""

    family: str
    seed: int
    skills: tuple[str, ...]
    facet: FamilyKind
    grade: str
    stem: Line
    kind: AnswerKind
    answer: Fraction | str
    form: Form
    distractors: tuple[Distractor, ...]
    choices: tuple[Choice, ...]
    units: tuple[str, ...]
    form_misconception: str
    hints: tuple[tuple[Line, ...], ...]
    solution: tuple[Line, ...]
    expected_seconds: float
    difficulty: float


def plain_text(line: Line) -> str:
    """The line as a screen reader would say it."""
    return "".join(part if isinstance(part, str) else part.alternative for part in line)
