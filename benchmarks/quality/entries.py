"""Entry: one rung in one regime, what it predicted, and what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from benchmarks.quality.outputs import Outputs
from benchmarks.quality.tasks import Timed

# lr_first: the logistic model that a private network builds on. Both share one budget; stack_trained joins them.
# `lr` spends it alone. dkt_free: the network that a school distils from `lr` at no cost; `stack` joins these.
Model = Literal["bkt", "lr", "lr_first", "dkt", "dkt_free", "stack", "stack_trained", "served"]
Regime = Literal["local", "central", "federated", "federated_personal"]
Noise = Literal["none", "central", "shares"]
Rung = tuple[Model, Regime]


@dataclass(frozen=True, slots=True)
class Spent:
    """Privacy of the numbers that a regime's schools shared, and how many rounds they took.

    noise: none; as one central draw would add; or as the sum of the schools' shares at the default dial.
    budget: what was allowed; epsilon: what was spent.
    """

    noise: Noise = "none"
    budget: float | None = None
    epsilon: float | None = None
    delta: float | None = None
    rounds: int | None = None
    parameters: int = 0

    @property
    def private(self) -> bool:
        """Whether noise protects each student."""
        return self.noise != "none"

    @property
    def label(self) -> str:
        """ "none", or noise and budget: "shares-3"."""
        return self.noise if self.budget is None else label(self.noise, self.budget)


NOTHING = Spent()


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """outputs: logits by school. seconds: CPU time of fitting and predicting together."""

    model: Model
    regime: Regime
    outputs: Outputs = field(repr=False)
    seconds: float
    spent: Spent = NOTHING

    @property
    def name(self) -> str:
        """Unique in a report, such as "stack/federated_personal/shares-3"."""
        return "/".join((self.model, self.regime, self.spent.label))

    @property
    def seconds_predict(self) -> float:
        """CPU seconds of predicting."""
        return sum(part.seconds for parts in self.outputs.values() for part in parts)

    @property
    def seconds_train(self) -> float:
        """CPU seconds of everything else."""
        return max(self.seconds - self.seconds_predict, 0.0)


def entry(
    model: Model, regime: Regime, found: Timed[Outputs], *, before: float = 0.0, spent: Spent = NOTHING
) -> Entry:
    """before: CPU seconds of the common fit that the outputs come from."""
    return Entry(model, regime, found.value, found.seconds + before, spent)


def label(noise: Noise, budget: float) -> str:
    """Which noise, for which budget."""
    return f"{noise}-{budget:g}"


def find(entries: Sequence[Entry], rung: Rung, labelled: str = "none") -> Entry | None:
    """The entry of a rung, or None."""
    return {one.name: one for one in entries}.get("/".join((*rung, labelled)))
