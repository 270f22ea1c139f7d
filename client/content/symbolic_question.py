"""What the exact grader can't tell, as plain values for the process that can: is this expression equal to the key?

Both sides are trees of our own parser, so no text of a student is ever evaluated.
"""

from typing import Any

from client.content import algebraic
from client.content.grader import read_response
from client.content.items import AnswerKind, Form, Item
from client.content.key_text import answer_text
from client.content.parser import Cursor, Unreadable, parse_sum
from client.content.tokens import MAX_LENGTH, TokenKind, tokens_of
from client.content.trees import (
    Bracket,
    Letter,
    Mixed,
    Negative,
    Number,
    Percent,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Tree,
)
from client.content.typing_habits import TypingHabits

Plain = list[Any]


def symbolic_question(item: Item, response: str) -> dict[str, Plain] | None:
    """Both sides; None if the exact grader can tell by itself, or the response isn't mathematics at all."""
    if item.kind is not AnswerKind.ALGEBRAIC or read_response(item, response) is not None:
        return None
    if not isinstance(item.answer, algebraic.Algebraic):
        return None
    said, key = _parsed(response, item.letters), _parsed(answer_text(item.answer, Form.ANY), item.letters)
    return None if said is None or key is None else {"said": plain_tree(said), "key": plain_tree(key)}


def _parsed(text: str, letters: tuple[str, ...]) -> Tree | None:
    """Also with a letter in front: y = √(x² + 1)."""
    tokens = tokens_of(text, TypingHabits(letters)) if len(text) <= MAX_LENGTH else None
    if not tokens:
        return None
    labelled = len(tokens) > 1 and tokens[0].kind is TokenKind.LETTER and tokens[1].text == "="
    cursor = Cursor(tokens[2:] if labelled else tokens)
    try:
        tree = parse_sum(cursor)
    except Unreadable:
        return None
    return tree if cursor.peek() is None else None


def plain_tree(tree: Tree) -> Plain:
    """Lists that begin with what they are; numbers as two whole ones."""
    match tree:
        case Number(value):
            return ["number", *value.as_integer_ratio()]
        case Mixed(whole, top, bottom):
            return ["sum", ["number", whole, 1], ["number", top, bottom]]
        case Letter(name):
            return ["letter", name]
        case Sum(parts):
            return ["sum", *map(plain_tree, parts)]
        case Product(parts):
            return ["product", *map(plain_tree, parts)]
        case Quotient(top, bottom):
            return ["quotient", plain_tree(top), plain_tree(bottom)]
        case Power(base, exponent):
            return ["power", plain_tree(base), exponent]
        case Root(of):
            return ["root", plain_tree(of)]
        case Negative(of):
            return ["product", ["number", -1, 1], plain_tree(of)]
        case Percent(of):
            return ["quotient", plain_tree(of), ["number", 100, 1]]
        case Bracket(of):
            return plain_tree(of)
