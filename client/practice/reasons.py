"""Why this item: a code with facts, stored with the offer, and one sentence for the child that they make true."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from client.content.bank import ItemBank

Fact = str | int


class ReasonCode(StrEnum):
    """The rule of the policy that chose; `client.practice.next_item` says when."""

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


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its facts: always `skill`; `attempts`, `correct`, `days`, `failures` where the code has them."""

    code: ReasonCode
    facts: Mapping[str, Fact]


def sentence_for_student(reason: Reason, bank: ItemBank) -> str:
    """One sentence, true of the facts and without any number that a model made up."""
    facts = dict(reason.facts)
    skill = bank.skill(str(facts["skill"]))
    name = skill.name if skill is not None else str(facts["skill"])
    if reason.code is ReasonCode.GOING_ON:
        return _going_on(name, attempts=int(facts["attempts"]), correct=int(facts["correct"]))
    sentences = {
        ReasonCode.START: f"Let's find out what you know about {name}.",
        ReasonCode.ANOTHER_DAY: f"You got {name} right on an earlier day. Let's see that it is still there today.",
        ReasonCode.WARM_UP: "The last ones were hard, so here is one that you can probably do.",
        ReasonCode.RE_CHECK: f"You mastered {name}, and the last one is {_days(facts)} ago. Do you still know it?",
        ReasonCode.COMES_BACK: f"You had a break of {_days(facts)} from {name}. Here is a fresh start.",
        ReasonCode.KEEP_FRESH: f"This one keeps {name} fresh.",
        ReasonCode.REPAIR: _repair(facts, name, bank),
        ReasonCode.EARLY: f"Nothing else is open just now, so here is a first look at {name}.",
        ReasonCode.CHOSEN: f"You chose {name}.",
    }
    return sentences[reason.code]


def _going_on(name: str, *, attempts: int, correct: int) -> str:
    tried = "once" if attempts == 1 else f"{attempts} times"
    if correct == 0:
        return f"You have tried {name} {tried}. Here is another one to learn from."
    return f"You have tried {name} {tried} and got {correct} right by yourself. Here is the next one."


def _repair(facts: Mapping[str, Fact], name: str, bank: ItemBank) -> str:
    of = bank.skill(str(facts.get("of", "")))
    purpose = of.name if of is not None else "this"
    return f"{name[:1].upper()}{name[1:]} is needed for {purpose}. Let's look at it first."


def _days(facts: Mapping[str, Fact]) -> str:
    days = int(facts.get("days", 0))
    return "1 day" if days == 1 else f"{days} days"
