"""Interaction and History: one student's attempts at items, in order, with nothing that names the student."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from common.errors import ErrorCode, FixSettings

MAX_SKILLS = 4


@dataclass(frozen=True, slots=True)
class Interaction:
    """One attempt at an item. First unaided try decides `correct`.

    item: opaque item id (a built-in pack's item family). skills: 1-4 skill ids, no duplicates.
    at_seconds: seconds since any fixed zero, None when unknown.
    weight: evidence weight in [0, 1]; 0 means quarantined.
    """

    item: str
    skills: tuple[str, ...]
    correct: bool
    at_seconds: float | None = None
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not 1 <= len(self.skills) <= MAX_SKILLS or len(set(self.skills)) != len(self.skills):
            raise FixSettings(
                ErrorCode.BAD_PARAMETER,
                f"An interaction needs 1 to {MAX_SKILLS} different skills, got {len(self.skills)}.",
            )
        if not 0.0 <= self.weight <= 1.0:
            raise FixSettings(ErrorCode.BAD_PARAMETER, f"Evidence weight must be in [0, 1], got {self.weight}.")


@dataclass(frozen=True)
class History:
    """One student's interactions in the order they were answered. `student` is a random id.

    hashes: one for each interaction, of everything that it holds, from a reader that has them cheaper than
    `mark` would; those of one reader only ever meet each other.
    """

    student: str
    interactions: tuple[Interaction, ...]
    hashes: tuple[int, ...] | None = field(default=None, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.interactions)

    def __iter__(self) -> Iterator[Interaction]:
        return iter(self.interactions)

    def mark(self, count: int) -> int:
        """A number for the first `count` interactions: it changes with any of them, and with their order.

        It means nothing in another process. Two different pasts share one by a chance of about 2^-61.
        """
        return hash(self._hashes[:count])

    @cached_property
    def _hashes(self) -> tuple[int, ...]:
        return tuple(map(hash, self.interactions)) if self.hashes is None else self.hashes

    def last(self, count: int) -> "History":
        """The newest `count` interactions."""
        return History(self.student, self.interactions[-count:] if count else ())
