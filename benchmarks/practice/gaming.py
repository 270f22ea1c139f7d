"""Gaming rules on simulated behaviour with truth labels: who is flagged within sixty answers, kind by kind."""

from typing import Any

import numpy as np

from client.practice.gaming import Attempt, Event, events_at
from common.models.simulated_behaviour import BEHAVIOURS, Behaviour, Session, behave

ANSWERS = 60
GUESSER, EXPERT, HINTS = "guesser", "fast expert", "hint abuser"
_CORRECT_FROM = 0.8


def gaming(*, students: int, seed: int) -> dict[str, Any]:
    """Per kind the share with each flag; recall for guessers, and false flags among fast, correct students."""
    rng = np.random.default_rng(seed)
    by_kind = {kind.name: [_flagged(kind, rng) for _ in range(students // len(BEHAVIOURS))] for kind in BEHAVIOURS}
    shares = {
        name: {str(event): float(np.mean([event in one for one, _ in found])) for event in Event}
        for name, found in by_kind.items()
    }
    guessing = [(name == GUESSER, Event.RAPID in one) for name, found in by_kind.items() for one, _ in found]
    called = [truth for truth, flag in guessing if flag]
    fast = [bool(one) for one, right in by_kind[EXPERT] if right >= _CORRECT_FROM]
    return {
        "flagged": shares,
        "guessers_recall": shares[GUESSER][Event.RAPID],
        "guessers_precision": float(np.mean(called)) if called else 0.0,
        "hint_abusers_recall": shares[HINTS][Event.HINTS],
        "fast_correct_flagged": float(np.mean(fast)),
    }


def _flagged(kind: Behaviour, rng: np.random.Generator) -> tuple[set[Event], float]:
    """(events within sixty answers, share of right answers)."""
    session = behave(kind, answers=ANSWERS, rng=rng)
    attempts = _attempts(session)
    found = {event for n in range(1, ANSWERS + 1) for event in events_at(attempts[:n])}
    return found, float(session.correct.mean())


def _attempts(session: Session) -> list[Attempt]:
    return [
        Attempt(
            latency_seconds=float(session.seconds[n]),
            median_seconds=float(session.typical_seconds[n]),
            correct=bool(session.correct[n]),
            chance=float(session.chance[n]),
            quick_rungs=int(session.quick_rungs[n]),
            expected=float(session.expected[n]),
        )
        for n in range(len(session.correct))
    ]
