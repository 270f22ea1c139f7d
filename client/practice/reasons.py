"""Why this item: a code with facts, stored with the offer, and one sentence for the child that they make true."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from client.content.bank import ItemBank

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


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its facts: always `skill`; `attempts`, `correct`, `days`, `failures` where the code has them."""

    code: ReasonCode
    facts: Mapping[str, Fact]


def sentence_for_student(reason: Reason, bank: ItemBank) -> str:
    """One sentence or two, true of the facts and without any number that a model made up."""
    name, of = _name(reason, bank, "skill"), _name(reason, bank, "of")
    days, counts = _days(reason.facts), _counts(reason.facts)
    sentences = {
        ReasonCode.START: f"Let's find out what you know about {name}.",
        ReasonCode.GOING_ON: _going_on(reason.facts, name),
        ReasonCode.ANOTHER_DAY: f"You got {name} right on an earlier day. Let's see that it is still there today.",
        ReasonCode.WARM_UP: "The last ones were hard, so here is one that you can probably do.",
        ReasonCode.RE_CHECK: f"You mastered {name}, and the last one is {days} ago. Do you still know it?",
        ReasonCode.COMES_BACK: f"You had a break of {days} from {name}. Here is a fresh start.",
        ReasonCode.KEEP_FRESH: f"This one keeps {name} fresh.",
        ReasonCode.REPAIR: f"{_capital(name)} is needed for {of}. Let's look at it first.",
        ReasonCode.EARLY: f"Nothing else is open just now, so here is a first look at {name}.",
        ReasonCode.CHOSEN: f"You chose {name}.",
        ReasonCode.DIAGNOSTIC: "This helps to find out where to begin. It is fine not to know it.",
        ReasonCode.WEAK_SPOT: f"You have {counts} right in {name}. A little more practice can change that.",
        ReasonCode.CHALLENGE: f"You have what {name} needs. Do you dare?",
        ReasonCode.EXPLORE: f"{_capital(name)} is new to you. Have a look around.",
        ReasonCode.SIMPLER: f"A simpler one, about {name}. You can go back to {of} afterwards.",
        ReasonCode.NEEDED: f"You asked for what {of} rests on: {name}.",
    }
    return sentences[reason.code]


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
        ReasonCode.NEEDED: f"The student asked for what {of} rests on.",
    }
    return sentences[reason.code]


def _going_on(facts: Mapping[str, Fact], name: str) -> str:
    attempts, correct = int(facts.get("attempts", 0)), int(facts.get("correct", 0))
    tried = "once" if attempts == 1 else f"{attempts} times"
    if correct == 0:
        return f"You have tried {name} {tried}. Here is another one to learn from."
    return f"You have tried {name} {tried} and got {correct} right by yourself. Here is the next one."


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
