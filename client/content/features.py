"""What makes an item hard, as numbers: what every item has, and what its generator says of this draw."""

import re
from collections.abc import Mapping

from client.content.items import Item, plain_text

_WHOLE = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{2,}")


def features_of(item: Item) -> Mapping[str, int]:
    """By name: words to read, numbers shown and their largest, steps that can be asked, choices; then its own.

    For models of difficulty and for looking through a pack; nothing a student sees depends on them.
    """
    said = plain_text(item.stem)
    numbers = [int(number) for number in _WHOLE.findall(said)]
    common = {
        "words": len(_WORD.findall(said)),
        "numbers": len(numbers),
        "largest_number": max(numbers, default=0),
        "steps": sum(bool(step.question) for step in item.steps),
        "choices": len(item.choices),
    }
    return {**common, **dict(item.features)}
