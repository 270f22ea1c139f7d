"""One OATutor step as a step of the content format, or LeftOut with the reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from client.content.content_format import Attribution, ContentChoice, ContentStep
from client.content.content_format_gate import item_of
from client.content.grader import grade
from client.content.importers.answers import key_of, typed_formulas
from client.content.importers.choices import options_of
from client.content.importers.content_lines import noted, plain_title, together
from client.content.importers.licences import Licence, licence_of
from client.content.importers.mixed_text import LeftOut, MixedText, names_figure
from client.content.importers.oatutor_files import RawProblem, RawStep
from client.content.importers.rungs import scaffold, usable
from client.content.importers.skill_names import skill_id
from client.content.importers.tutoring import ordered_hints
from client.content.items import AnswerKind, Form
from client.content.normal_forms_plain import Plain

ID_PREFIX = "oatutor."
_LICENCE_REASONS = {Licence.NEEDS_REVIEW: "licence needs review", Licence.UNCLEAR: "licence unclear"}
_CHOICE, _TYPED = "MultipleChoice", "TextBox"


@dataclass(frozen=True, slots=True)
class _Answered:
    """The fields of a ContentStep that say what is right. forms: the most lenient first."""

    kind: AnswerKind
    answer: str | Plain
    key: str
    forms: tuple[Form, ...] = (Form.ANY,)
    letters: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    choices: tuple[ContentChoice, ...] = ()


def content_step(problem: RawProblem, step: RawStep, notes: list[str], *, local_use: bool) -> ContentStep:
    """The whole step; what was mended is added to `notes`."""
    attribution = _attribution(problem, local_use=local_use)
    if not step.skills:
        raise LeftOut("no skill")
    if names_figure(problem.title):
        raise LeftOut("figure")
    asked = _asked(problem, step, notes)
    stem = together(asked)
    answered = _answered(step, asked, notes)
    tutoring = ordered_hints(step.hints, step.answers[0] if step.problem_type == _TYPED else "")
    notes += tutoring.notes
    hints = usable(tutoring.hints, notes, local_use=local_use)
    made = ContentStep(
        id=ID_PREFIX + step.id,
        title=plain_title(problem.title),
        skills=tuple(map(skill_id, step.skills)),
        stem=stem,
        answer_kind=answered.kind,
        answer=answered.answer,
        key=answered.key,
        letters=answered.letters,
        units=answered.units,
        choices=answered.choices,
        hints=tuple(rung for _, rung in hints),
        scaffolds=tuple(scaffold(hint, notes) for hint, _ in hints if hint.scaffold),
        attribution=attribution,
    )
    return _in_form(made, answered.forms, asked)


def _attribution(problem: RawProblem, *, local_use: bool) -> Attribution:
    licence = licence_of(problem.licence)
    if licence is not Licence.CC_BY and not local_use:
        raise LeftOut(_LICENCE_REASONS[licence])
    return Attribution(
        problem=problem.id,
        course=problem.course,
        lesson=problem.lesson,
        source=problem.source,
        licence=problem.licence,
        redistributable=licence is Licence.CC_BY,
    )


def _asked(problem: RawProblem, step: RawStep, notes: list[str]) -> list[MixedText]:
    """What stands above the answer; the title only where nothing else asks."""
    texts = [text for text in (problem.body, step.title, step.body) if text.strip()] or [problem.title]
    asked = [text for text in (noted(raw, notes) for raw in texts) if text.parts]
    if not asked:
        raise LeftOut("no question")
    return asked


def _answered(step: RawStep, asked: Sequence[MixedText], notes: list[str]) -> _Answered:
    if step.problem_type == _CHOICE:
        options = options_of(step.choices, step.answers, notes)
        return _Answered(AnswerKind.CHOICE, options.key, options.key, choices=options.choices)
    if step.problem_type != _TYPED:
        raise LeftOut("kind of problem")
    if len(step.answers) != 1:
        raise LeftOut("not exactly one answer")
    key = key_of(step.answers[0], step.answer_type, asked)
    return _Answered(key.kind, key.value, key.typed, key.forms, key.letters, key.units)


def _in_form(step: ContentStep, forms: Sequence[Form], asked: Sequence[MixedText]) -> ContentStep:
    """The most lenient form in which the key counts and the question typed back doesn't."""
    copies = [typed for typed in typed_formulas(asked) if _unlabelled(typed) != _unlabelled(step.key)]
    for form in forms:
        formed = step.model_copy(update={"form": form})
        item = item_of(formed)
        if grade(item, step.key).solved and not any(grade(item, copy).solved for copy in copies):
            return formed
    if not grade(item_of(step), step.key).solved:
        raise LeftOut("key not graded right")
    raise LeftOut("question typed back would count")


def _unlabelled(typed: str) -> str:
    """Without spaces and without the letter of x = 3: a value that is given and happens to be the answer."""
    return re.sub(r"^[^\W\d_]=", "", "".join(typed.split()))
