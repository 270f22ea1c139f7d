"""Which rungs are compared, which rung each school's gate would serve, and how much of the gain privacy leaves."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass

from benchmarks.quality.comparing import compare
from benchmarks.quality.entries import Entry, Model, Noise, Regime, Rung, find
from benchmarks.quality.groups import Answered, Groups, figures
from benchmarks.quality.looks import Json
from benchmarks.quality.outputs import chances, sigmoid
from benchmarks.quality.protocol import Consortium
from benchmarks.quality.tasks import submit
from client.training import gate
from client.training.scored_answers import scored_answers
from common.models.ladder import LOGISTIC, STACK
from common.models.metrics import auc

SERVED: tuple[Model, ...] = ("lr", "stack")
PERSONAL: Regime = "federated_personal"
LOCAL: Rung = ("lr", "local")
GAIN_GROUPS = ("pooled", "mean", "small", "new", "new_mean")


@dataclass(frozen=True, slots=True)
class Question:
    """Is `better` better than `than`? noise: of `better`; than_noise: of `than`."""

    better: Rung
    than: Rung
    noise: Noise = "none"
    than_noise: Noise = "none"


PLAIN = (
    Question(("lr", PERSONAL), LOCAL),
    Question(("lr", PERSONAL), ("lr", "federated")),
    Question(("dkt", "central"), ("lr", "central")),
    Question(("dkt", PERSONAL), ("dkt", "local")),
    Question(("dkt", PERSONAL), ("dkt", "federated")),
    Question(("stack", PERSONAL), ("lr", PERSONAL)),
    Question(("stack", PERSONAL), LOCAL),
)


def questions(noise: Noise) -> tuple[Question, ...]:
    """What is asked of a private campaign at one dial."""
    return (
        Question(("lr", PERSONAL), LOCAL, noise),
        Question(("stack", PERSONAL), LOCAL, noise),
        Question(("stack", PERSONAL), ("lr", PERSONAL), noise, noise),
        Question(("dkt", PERSONAL), ("dkt", "local"), noise),
    )


def paired(
    entries: Sequence[Entry], truth: Sequence[Answered], pool: Executor, *, noises: Sequence[Noise], seed: int
) -> list[Json]:
    """Differences of AUC with their intervals, where both rungs are there."""
    asked = [*PLAIN, *(one for noise in noises for one in questions(noise))]
    waiting = []
    for one in asked:
        better, than = find(entries, one.better, one.noise), find(entries, one.than, one.than_noise)
        if better is not None and than is not None:
            sides = chances(better.outputs), chances(than.outputs)
            waiting.append((better.name, than.name, submit(pool, compare, truth, *sides, seed=seed)))
    return [
        {"better": better, "than": than, "metric": "auc", **asdict(difference)}
        for better, than, future in waiting
        for difference in future.result().value
    ]


def gates(consortium: Consortium, entries: Sequence[Entry], noise: Noise) -> list[Json]:
    """What each member's validation students say of the stack against the logistic rung, by the product's gate."""
    stack, logistic = find(entries, ("stack", PERSONAL), noise), find(entries, ("lr", PERSONAL), noise)
    if stack is None or logistic is None:
        return []
    found: list[Json] = []
    for school in consortium.members:
        answers = scored_answers(school.parts[0].validation)
        sides = {STACK: stack, LOGISTIC: logistic}
        said = {rung: sigmoid(side.outputs[school.name][0].validation) for rung, side in sides.items()}
        rung, reason = _verdict(gate.Judged(answers.correct, answers.student, said))
        found.append({"school": school.name, "noise": noise, "rung": rung, "reason": reason})
    return found


def _verdict(judged: gate.Judged) -> tuple[str, str]:
    if not gate.is_enough(judged.students, len(judged.correct)):
        return (
            "lr",
            f"{judged.students} students with {len(judged.correct)} answers are too few to compare the two.",
        )
    one = gate.compare(judged, STACK, LOGISTIC)
    return "stack" if one.takes_over else "lr", one.sentence


def gain_kept(entries: Sequence[Entry], truth: Sequence[Answered], noises: Sequence[Noise]) -> list[Json]:
    """How much of what federation is worth over the tuned local logistic model is left under privacy, by group."""
    local = _auc(entries, truth, LOCAL, noise="none")
    found: list[Json] = []
    for model in SERVED:
        plain = _auc(entries, truth, (model, PERSONAL), noise="none")
        for noise in noises:
            private = _auc(entries, truth, (model, PERSONAL), noise=noise)
            for group in GAIN_GROUPS:
                named = {"model": model, "noise": noise, "group": group}
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


def _auc(entries: Sequence[Entry], truth: Sequence[Answered], rung: Rung, *, noise: Noise) -> Groups:
    found = find(entries, rung, noise)
    return {} if found is None else figures(auc, truth, chances(found.outputs), high_is_good=True)
