"""E9, inequalities: four families."""

from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import AnswerKind, Distractor, Family, Form, Line, Problem
from client.content.line_figures import solutions_on_line
from client.content.mathml import Expression
from client.content.normal_forms import Interval, half_line
from client.content.packs.asking import asks, nonzero, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims

_TURNED = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}
_OTHER_END = {"<": "≤", "≤": "<", ">": "≥", "≥": ">"}
_STRATEGY = "Test a number on each side of the bound."


def families() -> tuple[Family, ...]:
    """E9."""
    return four_families("E9", "6–8", _solve, _picture, _limit, _inequality_mistake, effort=1.6)


@dataclass(frozen=True, slots=True)
class _Task:
    """factor × letter + rest `relation` number, with a whole bound."""

    factor: int
    rest: int
    relation: str
    number: int
    letter: str = "x"

    @property
    def shown(self) -> Expression:
        """As it is written."""
        return a.row(a.terms((self.factor, self.letter), (self.rest, "")), self.relation, self.number)

    @property
    def bound(self) -> int:
        """Where the solutions end."""
        return (self.number - self.rest) // self.factor

    @property
    def solved(self) -> str:
        """The relation between the letter and the bound."""
        return self.relation if self.factor > 0 else _TURNED[self.relation]

    @property
    def middle(self) -> Expression:
        """The line before the last."""
        return a.row(a.term(self.factor, self.letter), self.relation, self.number - self.rest)

    @property
    def solution(self) -> Expression:
        """The letter alone."""
        return a.row(self.letter, self.solved, self.bound)

    def ending(self, relation: str, bound: Fraction | int | None = None) -> Interval:
        """letter `relation` bound, by default the right bound."""
        return half_line(self.letter, relation, self.bound if bound is None else bound)


def _slips(task: _Task) -> tuple[Distractor, ...]:
    key = task.ending(task.solved)
    turned = _TURNED[task.solved]
    rule = "E9.sign_not_flipped" if task.factor < 0 else "E9.flips_without_reason"
    kept = [(rule, task.ending(turned)), ("E9.end_kind", task.ending(_OTHER_END[task.solved])),
            (rule, task.ending(_OTHER_END[turned]))]  # fmt: skip
    if task.rest:
        kept.append(("E9.sign_lost", task.ending(task.solved, Fraction(task.number + task.rest, task.factor))))
    return wrongs(key, *kept)


def _problem(stem: Line, task: _Task, *, simple: Line = ()) -> Problem:
    key = task.ending(task.solved)
    undo = f"Take away {task.rest} on both sides." if task.rest > 0 else f"Add {-task.rest} on both sides."
    flips = "Dividing by a number below 0 turns the sign around." if task.factor < 0 else "The sign stays."
    first: Line = (undo, " ", task.middle) if task.rest else ("One step is enough: ", task.middle)
    return Problem(
        stem=stem,
        simple=simple,
        answer=key,
        kind=AnswerKind.INEQUALITY,
        form=Form.SOLVED,
        letters=(task.letter,),
        hints=((f"What was done to {task.letter}, in which order?",),
               ("Undo it as in an equation. When you multiply or divide by a number below 0, turn the sign.",),
               (*first, ". What comes next?")),
        steps=(asks("What is on the right side when only the part with the letter is left?",
                    Fraction(task.number - task.rest), *first, "."),
               asks((task.middle, f". Solve for {task.letter}."), key, f"{flips} ", task.solution)),
        distractors=_slips(task),
        units=("$", "kg", "cm"),
        features=(("turns", int(task.factor < 0)),),
    )  # fmt: skip


def _drawn(random: Random) -> _Task:
    factor = random.choice((1, 2, 3, 4, 5, -1, -2, -3, -4, -5))
    rest = nonzero(random, -12, 15) if factor == 1 or random.random() < 0.75 else 0
    bound = nonzero(random, -9, 9)
    return _Task(factor, rest, random.choice("<>≤≥"), factor * bound + rest)


def _solve(random: Random) -> Problem:
    task = _drawn(random)
    return _problem(("Solve for x: ", task.shown, ". Write it as x, a sign and a number."), task)


def _picture(random: Random) -> Problem:
    bound, relation = random.randint(-6, 6), random.choice("<>≤≥")
    letter = random.choice(("x", "n", "a"))
    closed, upwards = relation in "≤≥", relation in ">≥"
    task = _Task(1, 0, relation, bound, letter)
    figure = solutions_on_line(-8, 8, end=bound, closed=closed, upwards=upwards)
    rule = "E9.direction_swapped"
    key = task.ending(relation)
    end = "The dot is filled, so the end belongs." if closed else "The dot is open, so the end does not belong."
    way = "greater" if upwards else "less"
    return replace(
        _problem((f"Which inequality does the picture show? Write it with {letter}. ", figure), task),
        hints=(("Where does the thick line start, and which way does it go?",),
               ("A filled dot: the end belongs. An open dot: it does not.",),
               (f"{end} Are the numbers on the thick line less or greater than the end?",)),
        steps=(asks("At which number does the thick line start?", Fraction(bound),
                    "It starts at ", a.value(bound), f". {end}"),
               asks("Which inequality is it?", key, f"All numbers on it are {way}: ", task.solution)),
        distractors=wrongs(key, ("E9.end_kind", task.ending(_OTHER_END[relation])),
                           (rule, task.ending(_TURNED[relation])),
                           (rule, task.ending(_OTHER_END[_TURNED[relation]]))),
    )  # fmt: skip


def _limit(random: Random) -> Problem:
    (name,) = names(random, 1)
    factor, rest, bound = random.randint(2, 12), random.randint(2, 40), random.randint(3, 15)
    total = factor * bound + rest
    told, simple, relation = random.choice((
        (f"A lift carries at most {total} kg. {name} weighs {rest} kg and takes n boxes of {factor} kg each.",
         f"At most {total} kg. {name}: {rest} kg. n boxes: {factor} kg each.", "≤"),
        (f"{name} has ${rest} and saves ${factor} each week for n weeks. The bike costs at least ${total}.",
         f"{name} has ${rest}. ${factor} more each week, n weeks. At least ${total} is needed.", "≥"),
        (f"A jar holds {rest} g. {name} adds n spoons of {factor} g each. In the end it must be less "
         f"than {total} g.",
         f"First {rest} g. n spoons of {factor} g each. It must be less than {total} g.", "<"),
        (f"A plant is {rest} cm high and grows {factor} cm each week for n weeks. It shall be higher "
         f"than {total} cm.",
         f"First {rest} cm. {factor} cm more each week, n weeks. It shall be more than {total} cm.", ">"),
    ))  # fmt: skip
    task = _Task(factor, rest, relation, total, "n")
    asked = " Which n are right? Write n, a sign and a number."
    return _problem((told + asked,), task, simple=(simple + asked,))


def _claim(random: Random) -> Claim:
    task = _drawn(random)
    rule, wrong = "E9.end_kind", _OTHER_END[task.solved]
    advice = "The end belongs exactly when it solves the inequality."
    if task.factor < 0:
        rule, wrong, advice = "E9.sign_not_flipped", task.relation, "Dividing by a number below 0 turns the sign."
    right, false = ((task.shown, ", so ", a.row("x", sign, task.bound)) for sign in (task.solved, wrong))
    check = asks(("Solve it: ", task.shown), task.ending(task.solved), task.middle, ", so ", task.solution)
    return Claim(right, false, rule, advice, check)


def _inequality_mistake(random: Random) -> Problem:
    return three_claims(random, "E9", _claim, intro="Three children solve inequalities.", strategy=_STRATEGY)
