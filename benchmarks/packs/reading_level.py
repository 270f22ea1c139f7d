"""How hard a text is to read: the longest sentence in words, and the automated readability index.

Source of the index: Smith and Senter, Automated Readability Index, AMRL-TR-66-220 (1967):
4.71 letters per word + 0.5 words per sentence - 21.43, about the school grade that reads it with ease.
An expression counts as one word of one letter: it is looked at, not spelled.
"""

import re
from dataclasses import dataclass

from client.content.items import Line

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE = re.compile(r"[.?!:;]+(?:\s|$)")


@dataclass(frozen=True, slots=True)
class ReadingLevel:
    """words: in the whole text. longest: words of the longest sentence. index: about a school grade."""

    words: int
    longest: int
    index: float


def reading_level(line: Line) -> ReadingLevel:
    """Of the text and expressions of a line; figures are seen, not read. No words at all are level 0."""
    text = "".join(part if isinstance(part, str) else " 1 " for part in line)
    sentences = [found for found in (_WORD.findall(one) for one in _SENTENCE.split(text)) if found]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return ReadingLevel(0, 0, 0.0)
    letters = sum(1 if word.isdecimal() else len(word) for word in words)
    index = 4.71 * letters / len(words) + 0.5 * len(words) / len(sentences) - 21.43
    return ReadingLevel(len(words), max(map(len, sentences)), index)
