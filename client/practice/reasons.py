"""Why this item: a code with facts, stored with the offer, and one sentence for the child that they make true."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from client.content.bank import ItemBank
from client.content.phrases import Phrase, mark

Fact = str | int


class ReasonCode(StrEnum):
    """Why an item is offered; `client.practice.next_item`, `choices` and `help_moves` say when."""

    START = "start"
    GOING_ON = "going-on"
    ANOTHER_DAY = "another-day"
    WARM_UP = "warm-up"
    RE_CHECK = "re-check"
    COMES_BACK = "comes-back"
    KEEP_FRESH = "keep-fresh"
    REPAIR = "repair"
    EARLY = "early"
    CHOSEN = "chosen"
    DIAGNOSTIC = "diagnostic"
    WEAK_SPOT = "weak-spot"
    CHALLENGE = "challenge"
    EXPLORE = "explore"
    SIMPLER = "simpler"
    NEEDED = "needed"
    TEST_OUT = "test-out"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its facts: always `skill`; `attempts`, `correct`, `days`, `failures` where the code has them."""

    code: ReasonCode
    facts: Mapping[str, Fact]


# Without any number that a model made up. Where a fact is 1, _ONE has another wording.
_FOR_STUDENT: Mapping[ReasonCode, str] = {
    ReasonCode.START: mark("Let's find out what you know about %(name)s."),
    ReasonCode.GOING_ON: mark(
        "You have tried %(name)s %(attempts)s times and got %(correct)s right by yourself. Here is the next one."
    ),
    ReasonCode.ANOTHER_DAY: mark(
        "You got %(name)s right on an earlier day. Let's see that it is still there today."
    ),
    ReasonCode.WARM_UP: mark("The last ones were hard, so here is one that you can probably do."),
    ReasonCode.RE_CHECK: mark(
        "You mastered %(name)s, and the last one is %(days)s days ago. Do you still know it?"
    ),
    ReasonCode.COMES_BACK: mark("You had a break of %(days)s days from %(name)s. Here is a fresh start."),
    ReasonCode.KEEP_FRESH: mark("This one keeps %(name)s fresh."),
    ReasonCode.REPAIR: mark("%(Name)s is needed for %(of)s. Let's look at it first."),
    ReasonCode.EARLY: mark("Nothing else is open just now, so here is a first look at %(name)s."),
    ReasonCode.CHOSEN: mark("You chose %(name)s."),
    ReasonCode.DIAGNOSTIC: mark("This helps to find out where to begin. It is fine not to know it."),
    ReasonCode.WEAK_SPOT: mark(
        "You have %(correct)s of %(attempts)s right in %(name)s. A little more practice can change that."
    ),
    ReasonCode.CHALLENGE: mark("You have what %(name)s needs. Do you dare?"),
    ReasonCode.EXPLORE: mark("%(Name)s is new to you. Have a look around."),
    ReasonCode.SIMPLER: mark("A simpler one, about %(name)s. You can go back to %(of)s afterwards."),
    ReasonCode.NEEDED: mark("You asked for what %(of)s rests on: %(name)s."),
    ReasonCode.TEST_OUT: mark("Five questions without hints. Four right, and you can go past %(name)s."),
}
_NONE_RIGHT = mark("You have tried %(name)s %(attempts)s times. Here is another one to learn from.")
_TRIED_ONCE = mark("You have tried %(name)s once and got it right by yourself. Here is the next one.")
_TRIED_ONCE_IN_VAIN = mark("You have tried %(name)s once. Here is another one to learn from.")
_ONE_DAY = {
    ReasonCode.RE_CHECK: mark("You mastered %(name)s, and the last one is 1 day ago. Do you still know it?"),
    ReasonCode.COMES_BACK: mark("You had a break of 1 day from %(name)s. Here is a fresh start."),
}


def phrase_for_student(reason: Reason, bank: ItemBank) -> Phrase:
    """One sentence or two that the facts make true, for the pages to say in the student's language."""
    name, of = _name(reason, bank, "skill"), _name(reason, bank, "of")
    counts = {fact: reason.facts.get(fact, 0) for fact in ("attempts", "correct", "days")}
    return Phrase(_text(reason), {"name": name, "Name": _capital(name), "of": of, **counts})


def sentence_for_student(reason: Reason, bank: ItemBank) -> str:
    """The same in English."""
    return str(phrase_for_student(reason, bank))


def skill_name(reason: Reason, bank: ItemBank) -> str:
    """The skill that it is about, in words."""
    return _name(reason, bank, "skill")


def sentence_for_teacher(reason: Reason, bank: ItemBank) -> str:
    """The same for staff: the rule and its facts."""
    name, of = _name(reason, bank, "skill"), _name(reason, bank, "of")
    days, counts = _days(reason.facts), _counts(reason.facts)
    sentences = {
        ReasonCode.START: f"First item on {name}: everything it needs is there.",
        ReasonCode.GOING_ON: f"In work: {counts} right without help in {name}.",
        ReasonCode.ANOTHER_DAY: f"Shown on an earlier day; {name} counts as mastered only over several days.",
        ReasonCode.WARM_UP: f"{reason.facts.get('failures', 0)} failures running, so one likely success: {name}.",
        ReasonCode.RE_CHECK: f"Re-check of {name}, {days} after the last answer.",
        ReasonCode.COMES_BACK: f"Back to {name} after {days} without it; before, it was tried for long in vain.",
        ReasonCode.KEEP_FRESH: f"Nothing is open; {name} was left alone longest.",
        ReasonCode.REPAIR: f"Failures at {of} point to {name}, which it needs and which wasn't shown lately.",
        ReasonCode.EARLY: f"Nothing is open; {name} comes before all it needs is there.",
        ReasonCode.CHOSEN: f"The student chose {name}.",
        ReasonCode.DIAGNOSTIC: f"Diagnostic: the answer on {name} says most about what is known.",
        ReasonCode.WEAK_SPOT: f"{_capital(name)} is the weakest of what is open: {counts} right without help.",
        ReasonCode.CHALLENGE: f"{_capital(name)} is the furthest that is open, and new.",
        ReasonCode.EXPLORE: f"{_capital(name)} was never tried; free choice.",
        ReasonCode.SIMPLER: f"The student asked for something simpler than {of}.",
        ReasonCode.TEST_OUT: f"A test of five items without hints; four right open what needs {name}.",
        ReasonCode.NEEDED: f"The student asked for what {of} rests on.",
    }
    return sentences[reason.code]


def _text(reason: Reason) -> str:
    facts = reason.facts
    if reason.code is ReasonCode.GOING_ON and facts.get("correct", 0) == 0:
        return _TRIED_ONCE_IN_VAIN if facts.get("attempts") == 1 else _NONE_RIGHT
    if reason.code is ReasonCode.GOING_ON and facts.get("attempts") == 1:
        return _TRIED_ONCE
    if facts.get("days") == 1 and reason.code in _ONE_DAY:
        return _ONE_DAY[reason.code]
    return _FOR_STUDENT[reason.code]


def _name(reason: Reason, bank: ItemBank, fact: str) -> str:
    skill_id = str(reason.facts.get(fact, "this"))
    skill = bank.skill(skill_id)
    return skill.name if skill is not None else skill_id


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _counts(facts: Mapping[str, Fact]) -> str:
    return f"{facts.get('correct', 0)} of {facts.get('attempts', 0)}"


def _days(facts: Mapping[str, Fact]) -> str:
    days = int(facts.get("days", 0))
    return "1 day" if days == 1 else f"{days} days"
