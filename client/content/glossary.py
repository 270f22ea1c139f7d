"""Words of mathematics that items use, each with one short sentence, and finding them in a line."""

import re
from dataclasses import dataclass

from client.content.items import Item, Line, plain_text

_MEANINGS = {
    "area": "The area is how much room a flat shape covers.",
    "bottom number": "The bottom number of a fraction says how many equal parts the whole has.",
    "decimal": "A decimal is a number with a point. The digits after it are tenths, then hundredths.",
    "decimal point": "The decimal point stands between the ones and the tenths.",
    "difference": "The difference is how much more one number is than another.",
    "digit": "A digit is one of the signs 0 to 9 that numbers are written with.",
    "divide": "To divide is to share equally, or to find how many groups there are.",
    "double": "Double means two times as much.",
    "equal parts": "Equal parts all have the same size.",
    "estimate": "An estimate is a number that is close enough.",
    "factor": "A factor is a number that divides another with nothing left over.",
    "fraction": "A fraction says how many equal parts of a whole are meant.",
    "half": "A half is one of two equal parts.",
    "hundreds": "One hundred is ten tens.",
    "hundredths": "A hundredth is one of a hundred equal parts of a whole.",
    "mixed number": "A mixed number is a whole number and a fraction together.",
    "multiply": "To multiply is to take a number several times.",
    "number line": "A number line shows numbers as places on a line, in order, with equal gaps.",
    "ones": "The ones are the last digit of a whole number.",
    "remainder": "The remainder is what is left over when things can't be shared equally.",
    "round": "To round is to take the nearest ten, hundred or thousand instead of the exact number.",
    "simplest form": "A fraction is in simplest form when no number above 1 divides both top and bottom.",
    "sum": "The sum is what you get when you add.",
    "ten frame": "A ten frame has two rows of five places: ten in all.",
    "tens": "One ten is ten ones.",
    "tenths": "A tenth is one of ten equal parts of a whole.",
    "thousands": "One thousand is ten hundreds.",
    "top number": "The top number of a fraction says how many of the parts are meant.",
    "whole": "The whole is everything together: all the parts.",
}
_FORMS = {
    "area": ("area",),
    "decimal": ("decimal", "decimals"),
    "digit": ("digit", "digits"),
    "divide": ("divide", "divides", "divided"),
    "factor": ("factor", "factors"),
    "fraction": ("fraction", "fractions"),
    "mixed number": ("mixed number", "mixed numbers"),
    "multiply": ("multiply", "multiplies", "multiplied"),
    "round": ("round", "rounds", "rounded"),
    "number line": ("number line", "number lines"),
    "ten frame": ("ten frame", "ten frames"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A word or two of mathematics. meaning: one plain sentence."""

    word: str
    meaning: str


def terms_in(*lines: Line) -> tuple[Term, ...]:
    """The terms that the lines say, in text, mathematics or figures, in alphabetical order."""
    said = " ".join(plain_text(line) for line in lines).casefold()
    found = {_TERM_OF[match] for match in _ANY_TERM.findall(said)}
    return tuple(Term(word, _MEANINGS[word]) for word in sorted(found))


def terms_of(item: Item) -> tuple[Term, ...]:
    """What a student may look up while an item is open: its stem, its simple wording and its choices."""
    return terms_in(item.stem, item.simple, *(choice.label for choice in item.choices))


_TERM_OF = {form: word for word in _MEANINGS for form in _FORMS.get(word, (word,))}
# Longer terms first, so that a decimal point is not also a decimal.
_ANY_TERM = re.compile(r"\b(" + "|".join(sorted(_TERM_OF, key=lambda form: -len(form))) + r")\b")
