"""What the administrator's page shows of the models: which one predicts, how good each is here, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from client.records.releases import InstalledRelease
from client.records.serving_now import ServingNow
from local_app.charts import RungBar, rung_chart

# Rung -> the name of its figures, its short name, and what it is in a sentence.
LADDER = {
    "bkt": (
        "local",
        "Skill tracer",
        "Five numbers a skill (BKT). It always works, and decides what counts as known.",
    ),
    "logistic": (
        "logistic",
        "Logistic model",
        "Counts what was right and wrong, how long ago, and how hard each item is here.",
    ),
    "stack": (
        "stack",
        "Stack with network",
        "The logistic model together with the network that the schools train.",
    ),
}
SHARED = {
    "start": ("Network before", "What the campaign started from: trained on simulated students only."),
    "model": (
        "Network as released",
        "The network that the schools trained, before anything of this school is added.",
    ),
}
SERVES = {
    "stack": "The logistic model and the shared network predict together, both adapted to this school.",
    "logistic": "The logistic model predicts, adapted to this school.",
}
OWN_MODEL = "This school's own skill tracer (BKT) predicts. It needs nobody else."


@dataclass(frozen=True, slots=True)
class RungRow:
    """One model in the table, every figure as text; empty where it wasn't measured."""

    name: str
    about: str
    tells_apart: str
    surprise: str
    sure_share: str
    serves: bool


@dataclass(frozen=True, slots=True)
class ServingView:
    """A sentence on what serves, and the models with their figures when they were measured here."""

    sentence: str
    reason: str = ""
    measured: str = ""
    release: InstalledRelease | None = None
    chart: Markup | None = None
    rungs: tuple[RungRow, ...] = ()
    certainty: str = ""


def serving_view(found: ServingNow | None) -> ServingView:
    """Which rung serves, why, and how every rung did on this school's held-out students."""
    if found is None:
        return ServingView(OWN_MODEL)
    fallback = f"A release is installed, but the school's own model serves. {OWN_MODEL}"
    sentence = SERVES.get(found.rung, fallback if found.release else OWN_MODEL)
    bars = tuple(_bars(found))
    return ServingView(
        sentence,
        reason=found.reason,
        measured=f"{found.measured_at:%d %B %Y, %H:%M} UTC",
        release=found.release,
        chart=rung_chart(bars) if bars else None,
        rungs=tuple(_rows(found)),
        certainty=_certainty(found.figures),
    )


def _bars(found: ServingNow) -> Iterator[RungBar]:
    for rung, (figure, name, _) in LADDER.items():
        if (share := found.figures.get(f"auc_{figure}")) is not None:
            yield RungBar(name, share, serves=rung == found.rung)


def _rows(found: ServingNow) -> Iterator[RungRow]:
    figures = found.figures
    for figure, (name, about) in SHARED.items():
        if f"auc_{figure}" in figures:
            yield RungRow(name, about, _percent(figures, f"auc_{figure}"), "", "", serves=False)
    for rung, (figure, name, about) in LADDER.items():
        if f"auc_{figure}" not in figures:
            continue
        yield RungRow(
            name,
            about,
            _percent(figures, f"auc_{figure}"),
            _decimals(figures, f"gate_log_loss_{rung}"),
            _percent(figures, f"gate_share_better_{rung}"),
            serves=rung == found.rung,
        )


def _certainty(figures: Mapping[str, float]) -> str:
    """How often the model that serves says one word, and how often what it allows for then happens."""
    if "decided_served" not in figures or "coverage_served" not in figures:
        return ""
    if figures["decided_served"] == 0:
        return "It never says that an answer is likely right or likely wrong here: too little is known for that."
    return (
        f"It calls {_percent(figures, 'decided_served')} of answers likely right or likely wrong and is not sure "
        f"of the others. What happened was within what it allowed for in {_percent(figures, 'coverage_served')}; "
        "the aim is 90 %."
    )


def _percent(figures: Mapping[str, float], name: str) -> str:
    value = figures.get(name)
    return "" if value is None else f"{100 * value:.1f} %"


def _decimals(figures: Mapping[str, float], name: str) -> str:
    value = figures.get(name)
    return "" if value is None else f"{value:.3f}"
