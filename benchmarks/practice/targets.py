"""What the served policy has to reach, as figures of the report: each target holds or doesn't."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.practice.compare import SERVED, WITHOUT_RE_CHECKS, WITHOUT_SPACING

TIMES_RANDOM, BKT_GAIN, SHARE_OF_BEST = 1.3, 3.8, 0.95
FAILURE = {"bkt": 0.50, "level": 0.40, "fading": 0.40}
UNDER_PRACTICE = 0.05
GAP_FOUND, SPIN_PRECISION = 0.8, 0.7
GUESSER_RECALL, FAST_FLAGGED = 0.8, 0.01


@dataclass(frozen=True, slots=True)
class Target:
    """at_least: whether value has to reach the limit, else it must not exceed it."""

    name: str
    value: float
    limit: float
    at_least: bool = True

    @property
    def holds(self) -> bool:
        """To the third decimal, as it is shown."""
        value, limit = round(self.value, 3), round(self.limit, 3)
        return value >= limit if self.at_least else value <= limit


def targets_of(report: dict[str, Any]) -> list[Target]:
    """All that the report has figures for."""
    return [
        *(target for family, rows in report["families"].items() for target in _of_family(family, rows)),
        *_of_diagnostic(report["diagnostic"]),
        *_of_spin(report["spin"]),
        *_of_gaming(report["gaming"]),
    ]


def _of_diagnostic(found: dict[str, Any]) -> Iterator[Target]:
    score = {name: row["value"] for name, row in found["classified"].items()}
    for scored in ("skill by skill", "with the graph"):
        gained = score["adaptive"] - score[f"fixed form, scored {scored}"]
        yield Target(f"diagnostic of 12 minus a form of 24, scored {scored}", gained, 0.0)
    for family, row in found["gaps"].items():
        yield Target(f"{family}: planted gap found within 8 items", row["found_within_8"], GAP_FOUND)


def _of_spin(found: dict[str, Any]) -> Iterator[Target]:
    for family, row in found.items():
        yield Target(f"{family}: precision of spinning called at 5", row["after_5"]["precision"], SPIN_PRECISION)


def _of_gaming(found: dict[str, Any]) -> Iterator[Target]:
    yield Target("guessers flagged", found["guessers_recall"], GUESSER_RECALL)
    flagged = found["fast_correct_flagged"]
    yield Target("fast, correct students flagged", flagged, FAST_FLAGGED, at_least=False)


def _of_family(family: str, rows: dict[str, Any]) -> Iterator[Target]:
    gained = {policy: row["gained_of_60"]["value"] for policy, row in rows.items()}
    served = rows[SERVED]
    yield Target(f"{family}: gain over random", gained[SERVED] / gained["random"], TIMES_RANDOM)
    if family == "bkt":
        yield Target("bkt: skills gained in 60 items", gained[SERVED], BKT_GAIN)
    else:
        ours = {SERVED, WITHOUT_SPACING, WITHOUT_RE_CHECKS}
        others = [gain for policy, gain in gained.items() if policy not in ours]
        yield Target(f"{family}: gain over the best other policy", gained[SERVED] / max(others), SHARE_OF_BEST)
    if family in FAILURE:
        yield Target(f"{family}: failure", served["failure"]["value"], FAILURE[family], at_least=False)
    under = served["under_practice"]["value"]
    yield Target(f"{family}: under-practice", under, UNDER_PRACTICE, at_least=False)
    without = rows[WITHOUT_SPACING]["retention_30d"]["value"]
    yield Target(f"{family}: retention over no spacing", served["retention_30d"]["value"] - without, 0.0)
