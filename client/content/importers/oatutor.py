"""Turns OATutor problems into a content file's skills and steps: each step is taken, or left out with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from client.content.content_format import ContentSkill, ContentStep
from client.content.content_format_gate import fault_of
from client.content.importers.latex_trees import BadLatex
from client.content.importers.mixed_text import LeftOut
from client.content.importers.oatutor_files import RawProblem, RawStep
from client.content.importers.oatutor_steps import content_step
from client.content.importers.report import ImportReport
from client.content.importers.skill_names import skill_id, skill_name


@dataclass(slots=True)
class Imported:
    """Skills and steps in the order of the file, and the report."""

    skills: dict[str, ContentSkill] = field(default_factory=dict)
    steps: list[ContentStep] = field(default_factory=list)
    report: ImportReport = field(default_factory=ImportReport)


def import_problems(problems: Iterable[RawProblem], *, local_use: bool = False) -> Imported:
    """Every step of every problem. local_use: also those whose licence isn't explicit, marked as such."""
    found = Imported()
    seen: set[str] = set()
    for problem in problems:
        found.report.problems += 1
        for step in problem.steps:
            reason = "id repeated" if step.id in seen else _take(found, problem, step, local_use=local_use)
            seen.add(step.id)
            if reason:
                found.report.leave_out(problem.lesson, reason)
    return found


def _take(found: Imported, problem: RawProblem, step: RawStep, *, local_use: bool) -> str:
    """Adds the step, or says why not."""
    notes: list[str] = []
    try:
        made = content_step(problem, step, notes, local_use=local_use)
    except LeftOut as left:
        return left.reason
    except BadLatex:
        return "latex"
    fault = fault_of(made)
    if not fault:
        _add(found, made, step)
        found.report.notes.update(notes)
    return fault


def _add(found: Imported, made: ContentStep, step: RawStep) -> None:
    for raw in step.skills:
        skill = ContentSkill(id=skill_id(raw), name=skill_name(raw))
        found.skills.setdefault(skill.id, skill)
    found.steps.append(made)
    found.report.taken[made.attribution.lesson] += 1
    found.report.kinds[made.answer_kind.value] += 1
    found.report.local += not made.attribution.redistributable
