"""Draws many seeds of one family, derives each item again, and counts what breaks which law."""

import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.packs.derivation import Oracle
from benchmarks.packs.laws import complaints, shows_its_answer
from client.content.bank import draw_item
from client.content.items import Family, FamilyKind, Item, plain_text

LEAST_DIFFERENT = 50
# A number to type may stand in the stem by chance; more often than this it is given away.
MOST_SHOWN = 0.25
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class FamilyCheck:
    """broken: how many items break each law. examples: of those, "seed: complaint". different: stems among seeds.

    shown: share of items whose stem shows the number that is asked for. digest: of all items, to compare
    processes and versions. cpu_seconds: to draw and check.
    """

    family: str
    seeds: int
    broken: dict[str, int]
    examples: tuple[str, ...]
    different: int
    shown: float
    digest: str
    cpu_seconds: float


def check_family(family: Family, oracle: Oracle, seeds: Sequence[int]) -> FamilyCheck:
    """Every seed once; laws of the whole family are `different` and `shown`, which facts are excused from."""
    started = time.process_time()
    broken: Counter[str] = Counter()
    examples: list[str] = []
    stems: set[str] = set()
    checked: dict[Item, list[str]] = {}
    said: dict[str, str] = {}
    shown = 0
    digest = hashlib.sha256()
    for seed in seeds:
        item = draw_item(family, seed)
        digest.update(repr(item).encode())
        stems.add(plain_text(item.stem))
        shown += shows_its_answer(item)
        # A fact has few different items, and the same content is checked once.
        content = replace(item, seed=0)
        if content not in checked:
            checked[content] = _complaints(item, oracle, said)
        for complaint in checked[content]:
            broken[complaint.partition(":")[0]] += 1
            if len(examples) < _EXAMPLES:
                examples.append(f"{seed}: {complaint}")
    if family.kind is not FamilyKind.FACT:
        if len(stems) < min(LEAST_DIFFERENT, len(seeds) // 2):
            broken["different"] += 1
        if shown > MOST_SHOWN * len(seeds):
            broken["shown"] += 1
    spent = time.process_time() - started
    return FamilyCheck(
        family.id,
        len(seeds),
        dict(broken),
        tuple(examples),
        len(stems),
        shown / len(seeds),
        digest.hexdigest(),
        spent,
    )


def _complaints(item: Item, oracle: Oracle, said: dict[str, str]) -> list[str]:
    try:
        derived = oracle(item)
    except (ValueError, LookupError, ZeroDivisionError, TypeError, StopIteration) as error:
        return [f"oracle: {type(error).__name__}: {error}: {plain_text(item.stem)!r}"]
    return list(complaints(item, derived, said=said))
