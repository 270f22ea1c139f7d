"""Which rungs are compared, and how much of what federation gains is left under privacy."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass

from benchmarks.quality.comparing import compare
from benchmarks.quality.entries import Entry, Model, Regime, Rung, find
from benchmarks.quality.groups import Answered, Groups, figures
from benchmarks.quality.looks import Json
from benchmarks.quality.outputs import chances
from benchmarks.quality.tasks import submit
from common.models.metrics import auc

SERVED: tuple[Model, ...] = ("lr", "stack", "served")
PERSONAL: Regime = "federated_personal"
LOCAL: Rung = ("lr", "local")
GAIN_GROUPS = ("pooled", "mean", "small", "new", "new_mean")


@dataclass(frozen=True, slots=True)
class Question:
    """Is `better` better than `than`? label: of what `better` spent; than_label: of what `than` did."""

    better: Rung
    than: Rung
    label: str = "none"
    than_label: str = "none"


PLAIN = (
    Question(("lr", PERSONAL), LOCAL),
    Question(("lr", PERSONAL), ("lr", "federated")),
    Question(("dkt", "central"), ("lr", "central")),
    Question(("dkt", PERSONAL), ("dkt", "local")),
    Question(("dkt", PERSONAL), ("dkt", "federated")),
    Question(("stack", PERSONAL), ("lr", PERSONAL)),
    Question(("stack", PERSONAL), LOCAL),
    Question(("served", PERSONAL), LOCAL),
)


def questions(label: str) -> tuple[Question, ...]:
    """What is asked of private campaigns at one dial and budget."""
    return (
        Question(("lr", PERSONAL), LOCAL, label),
        Question(("stack", PERSONAL), LOCAL, label),
        Question(("stack", PERSONAL), ("lr", PERSONAL), label, label),
        Question(("stack_trained", PERSONAL), ("lr", PERSONAL), label, label),
        Question(("stack_trained", PERSONAL), ("lr_first", PERSONAL), label, label),
        Question(("served", PERSONAL), LOCAL, label),
        Question(("served", PERSONAL), ("lr", PERSONAL), label, label),
        Question(("dkt", PERSONAL), ("dkt", "local"), label),
    )


def paired(
    entries: Sequence[Entry], truth: Sequence[Answered], pool: Executor, *, labels: Sequence[str], seed: int
) -> list[Json]:
    """Differences of AUC with their intervals, where both rungs are there."""
    asked = [*PLAIN, *(one for label in labels for one in questions(label))]
    waiting = []
    for one in asked:
        better, than = find(entries, one.better, one.label), find(entries, one.than, one.than_label)
        if better is not None and than is not None:
            sides = chances(better.outputs), chances(than.outputs)
            waiting.append((better.name, than.name, submit(pool, compare, truth, *sides, seed=seed)))
    return [
        {"better": better, "than": than, "metric": "auc", **asdict(difference)}
        for better, than, future in waiting
        for difference in future.result().value
    ]


def gain_kept(entries: Sequence[Entry], truth: Sequence[Answered], labels: Sequence[str]) -> list[Json]:
    """How much of what federation is worth over the tuned local logistic model is left under privacy, by group."""
    local = _auc(entries, truth, LOCAL, label="none")
    found: list[Json] = []
    for model in SERVED:
        plain = _auc(entries, truth, (model, PERSONAL), label="none")
        for label in labels:
            private = _auc(entries, truth, (model, PERSONAL), label=label)
            for group in GAIN_GROUPS:
                named = {"model": model, "label": label, "group": group}
                found += [
                    {**named, **row} for row in _kept(local.get(group), plain.get(group), private.get(group))
                ]
    return found


def _kept(alone: float | None, plain: float | None, private: float | None) -> list[Json]:
    """One row, or none where a group has no figure."""
    if alone is None or plain is None or private is None:
        return []
    free, noisy = plain - alone, private - alone
    return [{"without_privacy": free, "with_privacy": noisy, "kept": noisy / free if free > 0 else None}]


def _auc(entries: Sequence[Entry], truth: Sequence[Answered], rung: Rung, *, label: str) -> Groups:
    found = find(entries, rung, label)
    return {} if found is None else figures(auc, truth, chances(found.outputs), high_is_good=True)
