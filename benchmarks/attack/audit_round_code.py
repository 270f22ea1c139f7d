"""The empirical audit: canaries through the product's own rounds, honest and with seeded faults.

White box: the auditor sees every release and knows every canary. A claim is the (epsilon, delta) of what ran.
"""

import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.attack.canaries import WINDOW, Canaries
from benchmarks.attack.faults import Fault, seeded
from benchmarks.attack.world import Terms, attacked_school
from common.privacy.accounting import noise_multiplier_for
from common.privacy.audit import SIGNIFICANCE, AuditBounds, audit, participation_p_value

CLAIM, DELTA, ROUNDS, RATE = 8.0, 1e-5, 16, 0.5
# An honest draw is suspected once in ten thousand runs.
SUSPICIOUS = 1e-4
HONEST = Fault("honest", "the product as it is")


@dataclass(frozen=True, slots=True)
class AuditRun:
    """One campaign of ROUNDS rounds. sums: bounds from the sum of all releases. changes: from how much a canary's
    number changes between rounds, which noise that is reused can't hide. The two share the 5 % of error."""

    fault: str
    sums: AuditBounds
    changes: AuditBounds
    participation_p: float

    @property
    def found(self) -> bool:
        """Whether something is wrong: a bound above the claim, or a draw that isn't Poisson's."""
        exceeded = max(self.sums.gaussian, self.sums.one_run, self.changes.gaussian, self.changes.one_run) > CLAIM
        return exceeded or self.participation_p < SUSPICIOUS


@dataclass(slots=True)
class Draws:
    """Who was drawn in each round, seen on the way; kept by the auditor only."""

    rounds: list[frozenset[str]] = field(default_factory=list)


def claimed_noise() -> float:
    """The noise multiplier of the claim."""
    return noise_multiplier_for(CLAIM, DELTA, sampling_rate=RATE, rounds=ROUNDS)


def run_audits(
    canaries: Canaries, faults: Sequence[Fault], folder: Path, *, noise: float, seed: int
) -> Iterator[AuditRun]:
    """One run for each of `faults`, each with another half of the canaries taking part."""
    for number, fault in enumerate(faults):
        rng = np.random.default_rng([seed, number])
        included = rng.random(len(canaries.histories)) < 0.5
        yield _run(canaries, fault, folder / f"{number}", included=included, noise=noise)


def _run(canaries: Canaries, fault: Fault, folder: Path, *, included: NDArray[np.bool_], noise: float) -> AuditRun:
    terms = Terms(noise, RATE, ROUNDS, delta=DELTA, window_interactions=WINDOW)
    draws = Draws()
    with (
        seeded(fault.replacements),
        watched(draws),
        attacked_school(
            folder,
            canaries.histories,
            canaries.skill_map,
            arrays=canaries.arrays,
            terms=terms,
            randomness=fault.randomness(),
        ) as school,
    ):
        school.consent(included.tolist())
        scores = np.array([canaries.scores(school.release(number)) for number in range(1, ROUNDS + 1)])
        students = [student for student, yes in zip(school.students, included, strict=True) if yes]
    drawn = np.array([[student in drawn for student in students] for drawn in draws.rounds])
    return AuditRun(
        fault.name,
        sums=audit(scores.sum(axis=0), included, DELTA, significance=SIGNIFICANCE / 2),
        changes=audit(scores.max(axis=0) - scores.min(axis=0), included, DELTA, significance=SIGNIFICANCE / 2),
        participation_p=participation_p_value(drawn, RATE),
    )


@contextmanager
def watched(draws: Draws) -> Iterator[None]:
    """Notes what the draw gives, whichever draw is in place."""
    inner: Callable[..., tuple[str, ...]] = importlib.import_module("client.training.draw").poisson_sample

    def noting(students: Sequence[str], rate: float, key: bytes, *, cap: int) -> tuple[str, ...]:
        drawn = inner(students, rate, key, cap=cap)
        draws.rounds.append(frozenset(drawn))
        return drawn

    with seeded({"client.training.draw:poisson_sample": noting}):
        yield
