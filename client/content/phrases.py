"""Phrase: an English sentence with places to fill in, which the pages say in a student's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def mark(text: str) -> str:
    """The same text, marked for the catalogues; the page translates it when it shows it."""
    return text


@dataclass(frozen=True, slots=True)
class Phrase:
    """text: a key of the catalogues. values: what its places hold; words among them are content and stay as
    they are.
    """

    text: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        """In English."""
        return self.text % self.values if self.values else self.text
