"""ImportReport: what an import took, what it left out and why, and what it mended; the counts add up."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LICENCE_REASONS = ("licence needs review", "licence unclear")
FIGURE = "figure"


@dataclass(slots=True)
class ImportReport:
    """steps = taken + left out, in all and in each lesson. left_out: lesson -> reason -> steps.

    notes: what was mended in the steps that were taken, once for each time. local: steps taken for this school
    alone, since their licence doesn't say that they may be passed on.
    """

    problems: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    left_out: dict[str, Counter[str]] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    local: int = 0

    def leave_out(self, lesson: str, reason: str) -> None:
        """Counts one step that wasn't taken."""
        self.left_out.setdefault(lesson, Counter())[reason] += 1

    @property
    def reasons(self) -> Counter[str]:
        """Steps left out, by reason."""
        total: Counter[str] = Counter()
        for counts in self.left_out.values():
            total += counts
        return total

    @property
    def steps(self) -> int:
        """All steps that were read."""
        return self.taken.total() + self.reasons.total()

    @property
    def eligible(self) -> int:
        """Steps whose licence is clear (or that are for this school alone) and whose question needs no figure."""
        reasons = self.reasons
        return self.steps - sum(reasons[reason] for reason in (*LICENCE_REASONS, FIGURE))

    @property
    def share(self) -> float:
        """Of the eligible steps, how many became practisable; 1 where there are none."""
        return self.taken.total() / self.eligible if self.eligible else 1.0

    def plain(self) -> dict[str, Any]:
        """For a JSON file."""
        return {
            "problems": self.problems,
            "steps": self.steps,
            "taken": self.taken.total(),
            "taken_for_local_use": self.local,
            "left_out": dict(self.reasons.most_common()),
            "eligible": self.eligible,
            "share": round(self.share, 4),
            "answer_kinds": dict(self.kinds.most_common()),
            "mended": dict(self.notes.most_common()),
            "lessons": {lesson: self._lesson(lesson) for lesson in sorted({*self.taken, *self.left_out})},
        }

    def _lesson(self, lesson: str) -> dict[str, Any]:
        return {"taken": self.taken[lesson], "left_out": dict(self.left_out.get(lesson, Counter()).most_common())}

    def lines(self) -> Iterator[str]:
        """For the terminal."""
        yield f"{self.problems} problems with {self.steps} steps: {self.taken.total()} taken, " + (
            f"{self.reasons.total()} left out."
        )
        for reason, count in self.reasons.most_common():
            yield f"  left out, {reason}: {count}"
        for note, count in self.notes.most_common():
            yield f"  mended, {note}: {count}"
        yield (
            f"Of {self.eligible} steps with a clear licence and no figure, "
            f"{self.share:.1%} can be practised and graded."
        )
        if self.local:
            yield f"{self.local} steps are for this school alone: their licence doesn't allow more for certain."
        for lesson in sorted({*self.taken, *self.left_out}):
            rest = ", ".join(f"{reason} {n}" for reason, n in self.left_out.get(lesson, Counter()).most_common())
            yield f"  {lesson or 'no lesson'}: {self.taken[lesson]} taken" + (
                f"; left out: {rest}" if rest else ""
            )
