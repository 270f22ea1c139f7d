"""An imported step's hints in order: links mended, ids told apart, and none that gives the answer away at once."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from client.content.importers.oatutor_files import RawHint


@dataclass(frozen=True, slots=True)
class OrderedHints:
    """hints: those below a scaffold stand right behind it. notes: what was mended, once for each time."""

    hints: tuple[RawHint, ...]
    notes: tuple[str, ...]


def ordered_hints(hints: Sequence[RawHint], answer: str) -> OrderedHints:
    """The rungs in order. answer: of a text box, as its author wrote it; "" for a choice."""
    notes: list[str] = []
    told_apart = _told_apart([one for hint in hints for one in (hint, *hint.below)], notes)
    linked = _without_dangling(told_apart, notes)
    in_order = _after_their_needs(linked)
    if len(in_order) > 1 and len(answer) > 1 and holds_answer(in_order[0], answer):
        notes.append("first hint held the answer")
        in_order = [*in_order[1:], in_order[0]]
    return OrderedHints(tuple(in_order), tuple(notes))


def holds_answer(hint: RawHint, answer: str) -> bool:
    """Whether the answer stands in the hint by itself, not as a part of a longer number or word."""
    text, key = _bare(f"{hint.title} {hint.text}"), _bare(answer).strip()
    return len(key) > 1 and re.search(rf"(?<![\w.,]){re.escape(key)}(?![\w]|[.,]\d)", text) is not None


def _bare(text: str) -> str:
    return text.replace("$$", "").replace("\\left", "").replace("\\right", "")


def _told_apart(hints: Sequence[RawHint], notes: list[str]) -> list[RawHint]:
    seen: Counter[str] = Counter()
    result = []
    for hint in hints:
        seen[hint.id] += 1
        if seen[hint.id] > 1:
            notes.append("repeated hint id")
            hint = replace(hint, id=f"{hint.id}-{seen[hint.id]}")
        result.append(hint)
    return result


def _without_dangling(hints: Sequence[RawHint], notes: list[str]) -> list[RawHint]:
    known = {hint.id for hint in hints}
    for hint in hints:
        notes += ["dangling hint link"] * sum(need not in known for need in hint.needs)
    return [replace(hint, needs=tuple(need for need in hint.needs if need in known)) for hint in hints]


def _after_their_needs(hints: Sequence[RawHint]) -> list[RawHint]:
    """The author's order, but each after what it depends on; hints that wait for each other stay as they are."""
    waiting, done = list(hints), list[RawHint]()
    while waiting:
        names = {hint.id for hint in done}
        chosen = next((hint for hint in waiting if set(hint.needs) <= names), waiting[0])
        waiting.remove(chosen)
        done.append(chosen)
    return done
