"""What the administrator reads of the fairness check: a sentence, a picture and a table for each comparison."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from client.insight.equity import LEAST_ANSWERS, LEAST_STUDENTS, LEAST_TO_COMPARE, GroupFigures
from client.insight.equity_audit import EquityAudit
from common.models.ladder import NAMES
from local_app.equity_chart import GroupMark, equity_chart


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group in the table, figures as text."""

    name: str
    students: int
    answers: int
    right: str
    bias: str
    gap: str
    tells_apart: str
    area: str
    found: str


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """One thing by which students are compared. light: of the note."""

    name: str
    light: str
    sentence: str
    chart: Markup | None = None
    rows: tuple[GroupRow, ...] = ()


@dataclass(frozen=True, slots=True)
class EquityView:
    """serves: which model was checked."""

    serves: str
    comparisons: tuple[ComparisonView, ...]


def equity_view(audit: EquityAudit) -> EquityView:
    """In the order of what is compared."""
    return EquityView(
        f"Checked: {NAMES[audit.rung]}, which serves now.",
        tuple(_comparison(name, groups) for name, groups in audit.by.items()),
    )


def _comparison(name: str, groups: Sequence[GroupFigures]) -> ComparisonView:
    if not groups:
        return ComparisonView(
            name,
            "info",
            f"Not enough yet: it takes two groups of at least {LEAST_STUDENTS} students with answers.",
        )
    marks = [
        GroupMark(one.group, one.bias.mean, one.bias.low, one.bias.high, one.promises_alarm) for one in groups
    ]
    alarmed = [one for one in groups if one.promises_alarm or one.order_alarm]
    light = "bad" if alarmed else ("good" if any(one.compared for one in groups) else "info")
    return ComparisonView(name, light, _sentence(groups, alarmed), equity_chart(marks), tuple(map(_row, groups)))


def _sentence(groups: Sequence[GroupFigures], alarmed: Sequence[GroupFigures]) -> str:
    if not any(one.compared for one in groups):
        return (
            f"Too few to compare: it takes {LEAST_TO_COMPARE} students with {LEAST_ANSWERS} answers in a group "
            "and as many outside it. The figures below are shown without a verdict."
        )
    if not alarmed:
        return "No group is predicted otherwise than the others by more than chance."
    return " ".join(f"{one.group}: {_found(one)}." for one in alarmed)


def _found(one: GroupFigures) -> str:
    said = []
    if one.promises_alarm:
        much = "more" if one.gap > 0 else "less"
        said.append(f"promised {much} than the others by {100 * abs(one.gap):.0f} in 100 answers")
    if one.order_alarm:
        said.append("right and wrong told apart otherwise than among the others")
    return ", and ".join(said)


def _row(one: GroupFigures) -> GroupRow:
    return GroupRow(
        one.group,
        one.students,
        one.answers,
        f"{100 * one.right:.0f} %",
        f"{100 * one.bias.mean:+.1f} ({100 * one.bias.low:+.1f} to {100 * one.bias.high:+.1f})",
        f"{100 * one.gap:+.1f}" if one.compared else "",
        "" if math.isnan(one.auc) else f"{100 * one.auc:.0f} %",
        f"{one.abroca:.3f} (chance: {one.abroca_by_chance:.3f})" if one.compared else "",
        _found(one) or ("nothing" if one.compared else "too few to compare"),
    )
