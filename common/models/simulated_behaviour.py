"""How simulated students behave at the screen: eight kinds, with times, hints and guesses beside right and wrong.

Constants are choices, not estimates. Times are log-normal by item and student.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.models.odds import sigmoid

Floats = NDArray[np.float64]

_TIME_SD = 0.45
_CHOICES = 4
_GUESS_SECONDS = (0.6, 3.5)
_GUESS_SPREAD = (0.3, 1.5)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """ability: mean P(right) of an honest try, in logits. pace: factor on an item's time.

    guesses: mean share of answers given without reading. skips_hints: share of items whose ladder is clicked
    through. swaps: chance that somebody else sits down for a set of five.
    """

    name: str
    ability: float
    pace: float
    guesses: float = 0.0
    skips_hints: float = 0.0
    swaps: float = 0.0
    growth: float = 0.02


BEHAVIOURS = (
    Behaviour("steady", 0.6, 1.0),
    Behaviour("fast expert", 2.5, 0.4),
    Behaviour("struggler", -0.8, 1.3, guesses=0.02),
    Behaviour("forgetter", 0.3, 1.0, growth=-0.01),
    Behaviour("guesser", 0.0, 0.9, guesses=0.5),
    Behaviour("hint abuser", -0.2, 0.9, guesses=0.05, skips_hints=0.4),
    Behaviour("shared account", -0.3, 1.1, swaps=0.15),
    Behaviour("slow reader", 0.4, 3.0),
)


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """T answers of one student, (T,) each. seconds: of the first try; typical_seconds: the item's median.

    chance: of guessing blindly. quick_rungs: hints clicked through within two seconds each.
    expected: P(right) as a model that knows the student's own ability would say.
    """

    correct: NDArray[np.bool_]
    seconds: Floats
    typical_seconds: Floats
    chance: Floats
    quick_rungs: NDArray[np.int64]
    expected: Floats


def behave(kind: Behaviour, *, answers: int, rng: np.random.Generator) -> Session:
    """One student of a kind; half of the items are multiple choice."""
    typical = rng.lognormal(np.log(22), 0.4, answers)
    chance = np.where(rng.random(answers) < 0.5, 1 / _CHOICES, 0.0)
    own = kind.ability + rng.normal(0, 0.5) + kind.growth * np.arange(answers)
    pace = kind.pace * rng.lognormal(0, 0.2)
    guest = np.repeat(rng.random(answers // 5 + 1) < kind.swaps, 5)[:answers]
    logit, speed = np.where(guest, 3.0, own), np.where(guest, 0.35, pace)
    guessed = (rng.random(answers) < kind.guesses * rng.uniform(*_GUESS_SPREAD)) & ~guest
    expected = sigmoid(own)
    right = np.where(guessed, chance, sigmoid(logit))
    thought = typical * speed * rng.lognormal(0, _TIME_SD, answers)
    skipped = (rng.random(answers) < kind.skips_hints) & ~guest
    return Session(
        correct=(rng.random(answers) < right) & ~skipped,
        seconds=np.where(guessed, rng.uniform(*_GUESS_SECONDS, answers), thought),
        typical_seconds=typical,
        chance=chance,
        quick_rungs=np.where(skipped, 3, 0),
        expected=expected,
    )
