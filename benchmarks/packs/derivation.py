"""Derivation: an item's key and wrong answers, worked out from what a student sees, apart from its generator."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field

from benchmarks.packs.stem_reader import claims
from client.content.items import Answer, Item, Line

Slips = Mapping[str, Set[Answer]]
_NO_SLIPS: Slips = {}


@dataclass(frozen=True, slots=True)
class Derivation:
    """key: the answer. slips: the answers that each misconception's rule leads to, by its id.

    A rule may lead to more answers than the item lists; one that the item lists and no rule leads to is a defect.
    For choices, both are choice ids.
    """

    key: Answer
    slips: Slips = field(default_factory=lambda: _NO_SLIPS)


# Works an item out again from its stem, figures and choices, and never from its answer, steps or distractors.
Oracle = Callable[[Item], Derivation]


@dataclass(frozen=True, slots=True)
class Reading:
    """A claim of a find-the-mistake item. true: whether it holds; believed: misconceptions that lead to it."""

    true: bool
    believed: Set[str] = frozenset()


def find_the_mistake(skill: str, read: Callable[[Line], Reading]) -> Oracle:
    """The oracle of a skill's find-the-mistake family. The key is the place of the only claim that doesn't hold;
    whoever sees no mistake believes what leads to it; whoever doubts another claim doubts what is right.
    """

    def derive(item: Item) -> Derivation:
        readings = [read(claim) for claim in claims(item)]
        (wrong,) = (place for place, reading in enumerate(readings, start=1) if not reading.true)
        sound: set[Answer] = {f"c{n}" for n in range(1, len(readings) + 1) if n != wrong}
        none: set[Answer] = {f"c{len(readings) + 1}"}
        believed = dict.fromkeys(readings[wrong - 1].believed, none)
        return Derivation(f"c{wrong}", {f"{skill}.doubts_what_is_right": sound, **believed})

    return derive
