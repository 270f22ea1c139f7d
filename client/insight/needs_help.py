"""Who needs the teacher today: at most five cards, each with who, what, why in one sentence, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from sqlalchemy import Connection

from client.content.bank import ItemBank
from client.records.mastery import SkillMastery, class_mastery

MOST_CARDS = 5
STUCK_ATTEMPTS, STUCK_P = 12, 0.5
FALTERING_ATTEMPTS, FALTERING_P = 5, 0.3
AWAY_DAYS = 7
READY_SKILLS, READY_DAYS = 3, 7
DOUBT_ATTEMPTS, DOUBT_FROM, DOUBT_TO = 8, 0.4, 0.7


class Urgency(IntEnum):
    """Order of the cards, the most urgent first."""

    STUCK = 0
    FALTERING = 1
    AWAY = 2
    UNSURE = 3
    READY = 4


@dataclass(frozen=True, slots=True)
class Card:
    """student: a random id; the page puts the name. what, why and do hold no probability and no name."""

    student: str
    what: str
    why: str
    do: str
    urgency: Urgency
    skill: str = ""


def needs_help(connection: Connection, class_id: str, *, bank: ItemBank, now: datetime) -> list[Card]:
    """At most five cards, one a student, the most urgent first; among equals whoever was seen longest ago."""
    found: list[tuple[Urgency, datetime, Card]] = []
    for student, states in class_mastery(connection, class_id).items():
        card = _card(student, list(states.values()), bank=bank, now=now)
        if card is not None:
            found.append((card.urgency, _last_seen(states.values(), now), card))
    found.sort(key=lambda one: (one[0], one[1], one[2].student))
    return [card for _, _, card in found[:MOST_CARDS]]


def _card(student: str, states: list[SkillMastery], *, bank: ItemBank, now: datetime) -> Card | None:
    """The student's most urgent card. Whoever has not begun yet is no card: the class may be new."""
    open_ = [state for state in states if state.mastered_at is None]
    stuck = [s for s in open_ if s.attempts >= STUCK_ATTEMPTS and s.p_known < STUCK_P]
    if stuck:
        return _stuck(student, max(stuck, key=lambda s: s.attempts), bank)
    faltering = [s for s in open_ if s.attempts >= FALTERING_ATTEMPTS and s.p_known < FALTERING_P]
    if faltering:
        return _faltering(student, min(faltering, key=lambda s: s.p_known), bank)
    if states and now - _last_seen(states, now) >= timedelta(days=AWAY_DAYS):
        return _away(student, days=(now - _last_seen(states, now)).days)
    unsure = [s for s in open_ if s.attempts >= DOUBT_ATTEMPTS and DOUBT_FROM <= s.p_known < DOUBT_TO]
    if unsure:
        return _unsure(student, max(unsure, key=lambda s: s.attempts), bank)
    gained = [s for s in states if s.mastered_at is not None and now - s.mastered_at < timedelta(days=READY_DAYS)]
    return _ready(student, len(gained)) if len(gained) >= READY_SKILLS else None


def _stuck(student: str, state: SkillMastery, bank: ItemBank) -> Card:
    name = _name(state, bank)
    why = f"{state.attempts} tries at {name}, {state.correct_unaided} right without help, and no progress yet."
    do = "Sit down together for one item, or go back to what it builds on."
    return Card(student, f"Help now: {name}", why, do, Urgency.STUCK, state.skill)


def _faltering(student: str, state: SkillMastery, bank: ItemBank) -> Card:
    name = _name(state, bank)
    why = f"{state.correct_unaided} of {state.attempts} tries at {name} were right without help."
    return Card(
        student, f"Help soon: {name}", why, "Ask how the last one was done.", Urgency.FALTERING, state.skill
    )


def _away(student: str, *, days: int) -> Card:
    return Card(
        student,
        "Not practising",
        f"The last answer is {days} days ago.",
        "Find out what is in the way.",
        Urgency.AWAY,
    )


def _unsure(student: str, state: SkillMastery, bank: ItemBank) -> Card:
    name = _name(state, bank)
    why = f"After {state.attempts} tries at {name} the answers still point both ways."
    do = "Ask two short items aloud and listen to the reasons."
    return Card(student, f"Unsure, ask them: {name}", why, do, Urgency.UNSURE, state.skill)


def _ready(student: str, skills: int) -> Card:
    why = f"{skills} skills mastered within a week."
    return Card(
        student, "Ready for more", why, "Offer a harder problem, or let them explain to others.", Urgency.READY
    )


def _name(state: SkillMastery, bank: ItemBank) -> str:
    skill = bank.skill(state.skill)
    return skill.name if skill is not None else state.skill


def _last_seen(states: Iterable[SkillMastery], now: datetime) -> datetime:
    return max((state.last_at for state in states), default=now)
