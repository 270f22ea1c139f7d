"""Homeroom's own content format, `homeroom.content/1`: a file of JSON lines that holds items as they are shown.

docs/content-format.md describes it. A header comes first, then skills, then steps.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from client.content.items import AnswerKind, Form

_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,80}$")]
_Text = Annotated[str, Field(max_length=4_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Maths(_Strict):
    """A formula: MathML without its outer element, the words that say it, and the LaTeX that it came from."""

    mathml: Annotated[str, Field(min_length=1, max_length=20_000)]
    words: Annotated[str, Field(min_length=1, max_length=4_000)]
    latex: _Text = ""


ContentLine = tuple[_Text | Maths, ...]


class ContentChoice(_Strict):
    """One option."""

    id: _Id
    label: ContentLine


class ContentHint(_Strict):
    """One rung of the hints."""

    id: _Id
    lines: Annotated[tuple[ContentLine, ...], Field(min_length=1)]


class ContentScaffold(_Strict):
    """A step of the worked solution. Without an answer that can be graded it is a remark: `question` is empty."""

    question: ContentLine = ()
    answer: dict[str, Any] | None = None
    reason: ContentLine


class Attribution(_Strict):
    """Where a step comes from, to be kept with it. redistributable: its licence says so in full."""

    problem: Annotated[str, Field(min_length=1, max_length=200)]
    course: _Text
    lesson: _Text
    source: _Text
    licence: _Text
    redistributable: bool


class ContentHeader(_Strict):
    """The first line. redistributable: every step is; else the file is for this school alone."""

    kind: Literal["header"] = "header"
    schema_: Annotated[Literal["homeroom.content/1"], Field(alias="schema")] = "homeroom.content/1"
    title: _Text
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    redistributable: bool


class ContentSkill(_Strict):
    """A skill that the steps exercise; name reads well after "practise"."""

    kind: Literal["skill"] = "skill"
    id: _Id
    name: Annotated[str, Field(min_length=1, max_length=200)]


class ContentStep(_Strict):
    """One item.

    answer: a choice's id, a text, or a normal form as `normal_forms_plain` writes it. key: a response that the
    grader has to take as right. letters: those that may be typed, the one to solve for last.
    """

    kind: Literal["step"] = "step"
    id: _Id
    title: _Text
    skills: Annotated[tuple[_Id, ...], Field(min_length=1)]
    stem: Annotated[ContentLine, Field(min_length=1)]
    answer_kind: AnswerKind
    answer: str | dict[str, Any]
    key: Annotated[str, Field(min_length=1, max_length=200)]
    form: Form = Form.ANY
    letters: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    choices: tuple[ContentChoice, ...] = ()
    hints: tuple[ContentHint, ...] = ()
    scaffolds: tuple[ContentScaffold, ...] = ()
    attribution: Attribution


ContentRecord = Annotated[ContentHeader | ContentSkill | ContentStep, Field(discriminator="kind")]
