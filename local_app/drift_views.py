"""What the administrator's page shows of the drift monitor: a light with a sentence, a picture and a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from client.insight.drift import Verdict
from client.records.insight_checks import InsightCheck
from common.models.ladder import NAMES, RUNGS
from local_app.drift_chart import LookMark, drift_chart

SHOWN = 20
# Verdict -> the note's colour and the word of the light.
_LIGHTS = {
    Verdict.NOT_ENOUGH: ("info", "Not enough yet"),
    Verdict.FINE: ("good", "Holds"),
    Verdict.SHIFTED: ("warn", "Other answers than before"),
    Verdict.MISJUDGES: ("warn", "Misjudges"),
    Verdict.WORSE: ("bad", "Worse than the skill tracer"),
}
_MIXES = {"skills": "which skills", "right answers": "how much is right", "gaps": "time between answers"}


@dataclass(frozen=True, slots=True)
class LookRow:
    """One look in the table, every figure as text; empty where it wasn't worked out."""

    at: str
    model: str
    found: str
    students: int
    answers: int
    against: str
    bias: str
    error: str
    moved: str


@dataclass(frozen=True, slots=True)
class DriftView:
    """light: of the notes; word and sentence: of the newest look. can_step_back: whether a step can be undone."""

    light: str
    word: str
    sentence: str
    looked: str = ""
    chart: Markup | None = None
    rows: tuple[LookRow, ...] = ()
    can_step_back: bool = False


def drift_view(checks: Sequence[InsightCheck], *, can_step_back: bool) -> DriftView:
    """checks: newest first."""
    if not checks:
        return DriftView("info", "Not looked yet", "Nobody has looked yet. The first look comes within a day.")
    newest = checks[0]
    light, word = _LIGHTS[Verdict(newest.found["verdict"])]
    marks = tuple(_mark(one) for one in reversed(checks) if one.found.get("against_bkt"))
    return DriftView(
        light,
        word,
        str(newest.found["sentence"]),
        f"{newest.at:%d %B %Y, %H:%M} UTC",
        drift_chart(marks) if marks else None,
        tuple(_row(one) for one in checks),
        can_step_back,
    )


def _mark(check: InsightCheck) -> LookMark:
    mean, low, high = check.found["against_bkt"]
    return LookMark(f"{check.at:%d %b}", mean, low, high, check.found["verdict"] == Verdict.WORSE)


def _row(check: InsightCheck) -> LookRow:
    found = check.found
    against, bias = found.get("against_bkt"), found.get("bias")
    return LookRow(
        at=f"{check.at:%d %b %Y}",
        model=_model(found),
        found=_LIGHTS[Verdict(found["verdict"])][1],
        students=found["students"],
        answers=found["answers"],
        against="" if against is None else f"{against[0]:+.3f} ({against[1]:+.3f} to {against[2]:+.3f})",
        bias="" if bias is None else f"{100 * bias[0]:+.1f} ({100 * bias[1]:+.1f} to {100 * bias[2]:+.1f})",
        error=f"{100 * found['error']:.1f}" if "error" in found else "",
        moved=", ".join(_MIXES[name] for name, one in found.get("shifts", {}).items() if one["alarms"]),
    )


def _model(found: dict[str, Any]) -> str:
    name, to = _name(found["rung"]), found["dropped_to"]
    return name if to is None else f"{name}, then {_name(to)}"


def _name(rung: str) -> str:
    return next((NAMES[one].removeprefix("the ") for one in RUNGS if one == rung), rung)
