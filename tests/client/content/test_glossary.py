"""Glossary: terms are found as whole words in any of their forms, and explained in one short sentence."""

import pytest

from client.content import mathml as m
from client.content.bank import built_in_bank
from client.content.glossary import Term, terms_in, terms_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Round 348 to the nearest ten.", ["round"]),
        ("The decimal point comes after 3 ones.", ["decimal point", "ones"]),
        ("Which fractions are equal?", ["fraction"]),
        ("The phones ring.", []),
    ],
)
def test_terms_are_found_as_whole_words(text: str, words: list[str]) -> None:
    """Worked by hand; a longer term hides the shorter one inside it."""
    assert [term.word for term in terms_in((text,))] == words


def test_terms_are_found_in_what_mathematics_says() -> None:
    """A half needs no letters on the page to be looked up."""
    assert [term.word for term in terms_in((m.fraction(1, 2),))] == ["half"]


def test_an_item_offers_the_terms_of_its_stem() -> None:
    """With their meaning, in one short sentence."""
    terms = terms_of(built_in_bank().generate("Q1.procedure", 0))
    assert Term("fraction", "A fraction says how many equal parts of a whole are meant.") in terms
    assert all(len(term.meaning.split()) <= 18 and term.meaning.endswith(".") for term in terms)
