"""E2, like terms, and E3, multiplying out: four families each."""

from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import AnswerKind, Family, Form, Line, Problem
from client.content.mathml import Expression
from client.content.packs.asking import nonzero, works_out, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.polynomials import Polynomial, linear, normal
from client.content.tile_figures import algebra_tiles, split_rectangle


def families() -> tuple[Family, ...]:
    """E2 and E3."""
    e2 = four_families("E2", "6–7", _like_terms, _tiles, _two_purchases, _terms_mistake, effort=1.2)
    e3 = four_families("E3", "6–7", _multiply_out, _rectangle, _each_pays, _multiply_mistake, effort=1.2)
    return e2 + e3


def _square(factor: int, rest: int) -> Polynomial:
    return normal({(("x", 2),): Fraction(factor), (): Fraction(rest)})


def _collect(stem: Line, parts: tuple[int, int, int, int], *, simple: Line = (), x: str = "x") -> Problem:
    """parts: a, b, c, d of ax + b + cx + d."""
    first, one, second, two = parts
    answer = linear(x, first + second, one + two)
    letters = a.terms((first, x), (second, x))
    return Problem(
        stem=stem,
        simple=simple,
        answer=answer,
        kind=AnswerKind.EXPRESSION,
        form=Form.EXPANDED,
        form_misconception="E2.terms_left_apart",
        letters=(x,),
        features=(("below_zero", sum(part < 0 for part in parts)),),
        hints=((f"Which parts have the letter {x}, and which are plain numbers?",),
               ("Only like terms can be taken together.",),
               (f"Look at the parts with {x} alone: ", letters, ". How many are that? Then do the numbers.")),
        steps=(works_out(linear(x, first + second), letters, shown=a.terms((first + second, x))),
               works_out(Fraction(one + two), a.terms((one, ""), (two, "")), shown=one + two),
               works_out(answer, a.terms((first, x), (one, ""), (second, x), (two, "")),
                         shown=a.terms((first + second, x), (one + two, "")))),
        distractors=wrongs(answer, ("E2.joins_unlike", linear(x, first + second + one + two)),
                           ("E2.x_squared", _square(first + second, one + two)),
                           ("E2.sign_lost", linear(x, abs(first) + abs(second), abs(one) + abs(two)))),
    )  # fmt: skip


def _parts(random: Random, *, signed: bool) -> tuple[int, int, int, int]:
    """Sums that are neither zero nor, for the letter, one."""
    low = -9 if signed else 1
    while True:
        first, second = nonzero(random, 1, 9), nonzero(random, low, 9)
        one, two = nonzero(random, low, 12), nonzero(random, low, 12)
        if first + second not in (0, 1) and one + two and first + second + one + two:
            return first, one, second, two


def _like_terms(random: Random) -> Problem:
    first, one, second, two = parts = _parts(random, signed=True)
    shown = a.terms((first, "x"), (one, ""), (second, "x"), (two, ""))
    return _collect(("Write as simply as you can: ", shown), parts)


def _tiles(random: Random) -> Problem:
    first, second = random.randint(1, 4), random.randint(1, 4)
    one, two = random.randint(1, 5), random.randint(1, 5)
    figure = algebra_tiles(((first, one), (second, two)))
    asked = "How long are all the tiles together, end to end? Write it with x, as simply as you can. "
    return _collect((asked, figure), (first, one, second, two))


def _two_purchases(random: Random) -> Problem:
    who = names(random, 2)
    first, second = random.randint(1, 9), random.randint(1, 9)
    one, two = random.randint(2, 20), random.randint(2, 20)
    thing, other = random.choice((("pens", "a ruler"), ("tickets", "a drink"), ("stamps", "an envelope")))
    told = (f"{thing.capitalize()} cost x dollars each. {who[0]} buys {first} of them and {other} for ${one}. "
            f"{who[1]} buys {second} of them and {other} for ${two}. "
            "What do they pay together, in dollars? Write it with x, as simply as you can.")  # fmt: skip
    simple = (f"{who[0]}: {first} {thing} and ${one}. {who[1]}: {second} {thing} and ${two}. "
              "One costs x dollars. Write the sum with x.")  # fmt: skip
    return _collect((told,), (first, one, second, two), simple=(simple,))


def _terms_claim(random: Random) -> Claim:
    first, one, second, _ = _parts(random, signed=False)
    if random.random() < 0.5:
        shown = a.terms((first, "x"), (second, "x"))
        value, right = linear("x", first + second), a.terms((first + second, "x"))
        rule, wrong, advice = (
            "E2.x_squared",
            a.terms((first + second, "x2")),
            "Adding x to x gives 2x, no square.",
        )
    else:
        shown = a.terms((first, "x"), (one, ""), (second, "x"))
        value, right = linear("x", first + second, one), a.terms((first + second, "x"), (one, ""))
        rule, wrong = "E2.joins_unlike", a.terms((first + second + one, "x"))
        advice = "A plain number and a part with x are not alike."
    return Claim((a.row(shown, "=", right),), (a.row(shown, "=", wrong),), rule, advice,
                 works_out(value, shown, shown=right))  # fmt: skip


def _terms_mistake(random: Random) -> Problem:
    strategy = "Put in a number for x: both sides have to give the same."
    return three_claims(random, "E2", _terms_claim, intro="Three children take terms together.", strategy=strategy)


def _expand(stem: Line, parts: tuple[int, int, int], *, simple: Line = ()) -> Problem:
    """parts: f, a, b of f(ax + b)."""
    factor, inner, rest = parts
    answer = linear("x", factor * inner, factor * rest)
    return Problem(
        stem=stem,
        simple=simple,
        answer=answer,
        kind=AnswerKind.EXPRESSION,
        form=Form.EXPANDED,
        form_misconception="E3.bracket_left",
        letters=("x",),
        hints=(("What does the number in front of the bracket multiply?",),
               ("It multiplies each part in the bracket. Mind the signs.",),
               ("The first part: ", a.row(_front(factor), "×", a.terms((inner, "x")), "=", "?"),
                " Do the same with the second part.")),
        steps=(works_out(linear("x", factor * inner), _front(factor), "×", a.terms((inner, "x")),
                         shown=a.terms((factor * inner, "x"))),
               works_out(Fraction(factor * rest), factor, "×", rest, shown=factor * rest),
               works_out(answer, _with_bracket(parts), shown=a.terms((factor * inner, "x"), (factor * rest, "")))),
        distractors=wrongs(answer, ("E3.first_term_only", linear("x", factor * inner, rest)),
                           ("E3.sign_lost", linear("x", factor * inner, -factor * rest)),
                           ("E3.adds_the_factor", linear("x", inner + factor, rest + factor))),
        units=("$",),
        features=(("below_zero", (factor < 0) + (rest < 0)),),
    )  # fmt: skip


def _front(factor: int) -> Expression:
    return a.value(factor)


def _with_bracket(parts: tuple[int, int, int]) -> Expression:
    factor, inner, rest = parts
    inside = a.bracket(a.terms((inner, "x"), (rest, "")))
    return a.negative(inside) if factor == -1 else a.times(factor, inside)


def _multiply_out(random: Random) -> Problem:
    factor = random.choice((-1, nonzero(random, -9, -2), random.randint(2, 9), random.randint(2, 9)))
    parts = (factor, random.randint(1, 6), nonzero(random, -9, 9))
    return _expand(("Write without brackets: ", _with_bracket(parts)), parts)


def _rectangle(random: Random) -> Problem:
    factor, inner, rest = random.randint(2, 9), random.randint(1, 5), random.randint(1, 12)
    long = "x" if inner == 1 else f"{inner}x"
    figure = split_rectangle(str(factor), (long, str(rest)))
    asked = "What is the area of the whole rectangle? Write it with x and without brackets. "
    return _expand((asked, figure), (factor, inner, rest))


def _each_pays(random: Random) -> Problem:
    factor, rest = random.randint(2, 12), random.randint(2, 15)
    group, first, second = random.choice((
        ("children", "a ticket for x dollars", "a snack"), ("friends", "a bus ride for x dollars", "an ice cream"),
        ("players", "a shirt for x dollars", "a cap")))  # fmt: skip
    told = (f"{factor} {group} each buy {first} and {second} for ${rest}. "
            "What do they pay together, in dollars? Write it with x and without brackets.")  # fmt: skip
    simple = f"{factor} {group}. Each pays x dollars and ${rest}. Write what all pay, with x and without brackets."
    return _expand((told,), (factor, 1, rest), simple=(simple,))


def _multiply_claim(random: Random) -> Claim:
    factor = random.choice((-1, nonzero(random, -6, -2), random.randint(2, 9)))
    parts = (factor, random.randint(1, 5), nonzero(random, -9, 9))
    _, inner, rest = parts
    rule, second = ("E3.sign_lost", -factor * rest) if factor < 0 else ("E3.first_term_only", rest)
    shown = _with_bracket(parts)
    right, false = (a.terms((factor * inner, "x"), (last, "")) for last in (factor * rest, second))
    advice = "The minus sign turns both signs in the bracket." if factor < 0 else "Each part is multiplied."
    check = works_out(linear("x", factor * inner, factor * rest), shown, shown=right)
    return Claim((a.row(shown, "=", right),), (a.row(shown, "=", false),), rule, advice, check)


def _multiply_mistake(random: Random) -> Problem:
    strategy = "Put in a number for x: both sides have to give the same."
    return three_claims(random, "E3", _multiply_claim, intro="Three children multiply out.", strategy=strategy)
