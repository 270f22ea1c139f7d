"""A file's content as skills and item families of an ItemBank: one family a step, the same for every seed."""

from collections.abc import Sequence
from random import Random

from client.content.content_format import ContentLine, ContentScaffold, ContentSkill, ContentStep, Maths
from client.content.items import (
    Answer,
    Choice,
    Family,
    FamilyKind,
    Line,
    Problem,
    Skill,
    Step,
)
from client.content.mathml import Expression
from client.content.normal_forms_plain import from_plain

EXPECTED_SECONDS = 60.0


def skill_of(skill: ContentSkill) -> Skill:
    """A skill without prerequisites: the format names none."""
    return Skill(skill.id, skill.name, "", ())


def family_of(step: ContentStep) -> Family:
    """A family whose every draw is the step, whatever the seed; Corrupt when its answer isn't a normal form."""
    problem = problem_of(step)

    def draw(_: Random) -> Problem:
        return problem

    return Family(
        id=step.id,
        skills=step.skills,
        kind=FamilyKind.PROCEDURE,
        grade="",
        expected_seconds=EXPECTED_SECONDS,
        difficulty=0.0,
        draw=draw,
        fixed=True,
    )


def problem_of(step: ContentStep) -> Problem:
    """The step as it is asked; Corrupt when its answer isn't a normal form."""
    answer: Answer = step.answer if isinstance(step.answer, str) else from_plain(step.answer)
    return Problem(
        stem=shown(step.stem),
        answer=answer,
        hints=tuple(_one_line(hint.lines) for hint in step.hints),
        steps=tuple(map(_step, step.scaffolds)),
        kind=step.answer_kind,
        form=step.form,
        choices=tuple(Choice(choice.id, shown(choice.label)) for choice in step.choices),
        units=step.units,
        letters=step.letters,
    )


def shown(line: ContentLine) -> Line:
    """A line of the file as pages take it."""
    return tuple(Expression(part.mathml, part.words) if isinstance(part, Maths) else part for part in line)


def _step(scaffold: ContentScaffold) -> Step:
    value = None if scaffold.answer is None else from_plain(scaffold.answer)
    return Step(shown(scaffold.question), value, shown(scaffold.reason))


def _one_line(lines: Sequence[ContentLine]) -> Line:
    first, *rest = lines
    return shown(first) + tuple(part for line in rest for part in ("\n", *shown(line)))
