"""The gate before a language model's words: nothing passes that could tell an answer, mislead, or lead elsewhere.

It allows and does not forbid: a sentence passes if every word is one of the tutor's own or a plain word of a short
list, and every number and expression stands in the sentence of the tutor. So number words, other languages, hidden
spellings, verdicts, links and personal questions need no rules of their own.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from client.content.items import Item, plain_text
from client.content.written_pieces import pieces
from client.practice.answer_guard import gives_away

MAX_WORDS, MAX_SENTENCE_WORDS, MAX_LETTERS, MIN_STEM = 45, 25, 320, 3
_SHAPE = re.compile(r"[A-Za-z0-9 ,.;:?!'’()–—−+×÷/=-]+")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
# Of short forms what stands before the apostrophe counts: let's, you're; "n't" turns a sentence round.
_SHORT_FORMS = {"s", "re", "ve", "ll", "d", "m"}
_ENDINGS = re.compile(r"(?:ing|ed|es|s|ly|e)$")
_MATHS = re.compile(r"[\d+×÷/=−]|(?<=\w)-(?=\d)")


def passes(sentence: str, reworded: str, *, item: Item, hidden: Sequence[Item] = ()) -> bool:
    """Whether the model's wording of the tutor's sentence may be shown.

    hidden: the steps in work and after it, whose answers are not to be told either.
    """
    if not _has_its_shape(reworded) or ("?" in sentence) != ("?" in reworded):
        return False
    if _maths(reworded) - _maths(sentence) or _words(reworded) - _words(sentence) - _vocabulary():
        return False
    return not any(_tells(target, sentence, reworded) for target in (item, *hidden))


def _has_its_shape(reworded: str) -> bool:
    """One short paragraph of plain letters in sentences that a child can read."""
    plain = unicodedata.normalize("NFKC", reworded) == reworded.replace("…", "...")
    words = len(reworded.split())
    longest = max((len(part.split()) for part in re.split(r"[.?!;:]", reworded)), default=0)
    fits = len(reworded) <= MAX_LETTERS and 0 < words <= MAX_WORDS and longest <= MAX_SENTENCE_WORDS
    return plain and fits and _SHAPE.fullmatch(reworded) is not None and _is_spaced(reworded)


def _is_spaced(reworded: str) -> bool:
    """No letters one by one, as in t w o, and no signs run together, as in an address."""
    alone = re.search(r"(?:\b[B-HJ-Zb-hj-z]\b\W+){2}", reworded)
    return alone is None and re.search(r"[.:/][A-Za-z0-9]|[A-Za-z][0-9]|[0-9][A-Za-z]|--", reworded) is None


def _maths(text: str) -> set[str]:
    """Numbers, also in words, and whatever is calculated with them."""
    return {piece for piece in pieces((text,)) if _MATHS.search(piece)}


def _words(text: str) -> set[str]:
    found: set[str] = set()
    for word in _WORD.findall(text.replace("’", "'")):
        front, _, short = word.lower().partition("'")
        found |= {_stem(front)} if not short or short in _SHORT_FORMS else {word.lower()}
    return found


def _stem(word: str) -> str:
    """Asks, asked and asking count as one word."""
    stem = _ENDINGS.sub("", word)
    return stem if len(stem) >= MIN_STEM else word


def _tells(target: Item, sentence: str, reworded: str) -> bool:
    labels = [plain_text(choice.label) for choice in target.choices]
    named = (label for label in labels if _names(reworded, label) and not _names(sentence, label))
    return gives_away(target, (reworded,)) or any(named)


def _names(text: str, label: str) -> bool:
    return bool(label.strip()) and re.search(rf"(?<!\w){re.escape(label.strip())}(?!\w)", text, re.I) is not None


@cache
def _vocabulary() -> frozenset[str]:
    lines = files("client.practice").joinpath("tutor_vocabulary.txt").read_text("utf-8").splitlines()
    return frozenset(_stem(word) for line in lines if not line.startswith("#") for word in line.split())
