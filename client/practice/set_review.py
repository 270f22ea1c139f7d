"""The end of a set: how each item went, one true thing to be glad of, days practised and minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from client.content.bank import ItemBank
from client.content.phrases import Phrase, mark
from client.practice.desk import PracticeDesk
from client.practice.doubt import phrase_of
from client.practice.next_item import Standing
from client.practice.offers import doubt_about
from client.records.interactions import StoredInteraction, history_of, recent
from client.records.mastery import SkillMastery
from client.records.practice_days import practice_days
from client.records.practice_sets import ChosenSet

WEEK_DAYS = 7
# Who stops for so long has had a break.
PAUSE = timedelta(minutes=5)
# More answers than anybody gives without a pause.
_SITTING = 200


class How(StrEnum):
    """How the first try at an item went; what came after it is not kept."""

    ALONE = "alone"
    HELPED = "helped"
    NOT_YET = "not-yet"


@dataclass(frozen=True, slots=True)
class Tried:
    """One item of the set. skill: in words."""

    skill: str
    how: How


@dataclass(frozen=True, slots=True)
class SetReview:
    """glad: one sentence that the answers make true. known: a sentence for each skill of the set.

    days, days_this_week: on which something was practised. sitting_minutes: since the last pause.
    """

    tried: tuple[Tried, ...]
    glad: Phrase
    known: tuple[Phrase, ...]
    days: int
    days_this_week: int
    sitting_minutes: int


def review_of(connection: Connection, desk: PracticeDesk, finished: ChosenSet, *, standing: Standing) -> SetReview:
    """Of a set that is over. standing: the student's now."""
    student, now = finished.student, standing.now
    rows = recent(connection, student, count=max(standing.count - finished.started_seq, 0))[::-1]
    mastery, days = standing.mastery, practice_days(connection, student)
    newest = history_of(connection, student).last(_SITTING).interactions[::-1]
    skills = tuple(dict.fromkeys(skill for row in rows for skill in row.skills))
    since = now.date() - timedelta(days=WEEK_DAYS - 1)
    return SetReview(
        tried=tuple(Tried(_name(row.skills[0], desk.bank), _how(row)) for row in rows),
        glad=_glad(rows, mastery, desk.bank),
        known=tuple(
            phrase_of(doubt_about(connection, desk, standing, skill=skill), _name(skill, desk.bank))
            for skill in skills
        ),
        days=len(days),
        days_this_week=sum(since <= day <= now.date() for day in days),
        sitting_minutes=sitting_minutes([one.at_seconds for one in newest], now),
    )


def sitting_minutes(at_seconds: Sequence[float | None], now: datetime) -> int:
    """Whole minutes of practice without a pause of five. at_seconds: of the answers, newest first."""
    begun = now
    for at in at_seconds:
        when = None if at is None else datetime.fromtimestamp(at, UTC)
        if when is None or begun - when >= PAUSE:
            break
        begun = min(begun, when)
    return int((now - begun).total_seconds() // 60)


def _how(row: StoredInteraction) -> How:
    if row.correct:
        return How.ALONE
    return How.HELPED if row.assisted else How.NOT_YET


def _glad(rows: Sequence[StoredInteraction], mastery: Mapping[str, SkillMastery], bank: ItemBank) -> Phrase:
    """The first of these that is true."""
    for skill in _mastered_in(rows, mastery):
        return Phrase(mark("You have now mastered %(name)s."), {"name": _name(skill, bank)})
    right = sum(row.correct for row in rows)
    if right == len(rows):
        return Phrase(mark("Every one was right at the first try, without help."))
    for skill in _got_better(rows):
        text = mark("%(Name)s: the first one wasn't right yet, and the last one was.")
        return Phrase(text, {"Name": _capital(_name(skill, bank))})
    if right:
        text = mark("Right at the first try and without help: %(right)s of %(all)s.")
        return Phrase(text, {"right": right, "all": len(rows)})
    if any(row.assisted for row in rows):
        return Phrase(mark("You asked for help when it was hard. That is how learning goes."))
    return Phrase(mark("These were hard ones, and you stayed with them to the end."))


def _mastered_in(rows: Sequence[StoredInteraction], mastery: Mapping[str, SkillMastery]) -> list[str]:
    """Skills whose mastery dates from one of these answers."""
    times = {row.at_seconds for row in rows}
    skills = {skill for row in rows for skill in row.skills}
    found = (mastery[skill] for skill in sorted(skills & mastery.keys()))
    return [one.skill for one in found if one.mastered_at and one.mastered_at.timestamp() in times]


def _got_better(rows: Sequence[StoredInteraction]) -> list[str]:
    """Skills whose first item here wasn't right and whose last one was."""
    first: dict[str, bool] = {}
    last: dict[str, bool] = {}
    for row in rows:
        for skill in row.skills:
            first.setdefault(skill, row.correct)
            last[skill] = row.correct
    return [skill for skill in first if not first[skill] and last[skill]]


def _name(skill: str, bank: ItemBank) -> str:
    found = bank.skill(skill)
    return found.name if found is not None else skill


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
