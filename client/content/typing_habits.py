"""TypingHabits: how a text is to be read where the same signs mean different things in different places."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypingHabits:
    """letters: what may stand for a number; an x that isn't among them means times.

    decimal_mark: "." or ",", the school's own. Where the other mark can't be one between thousands it is a decimal
    mark too. commas_separate: the comma stands between the parts of a point or a list.
    """

    letters: tuple[str, ...] = ()
    decimal_mark: str = "."
    commas_separate: bool = False
