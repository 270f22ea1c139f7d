"""Help at once: besides hints a simpler item, what the item rests on, or another explanation."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from client.content.items import Line
from client.practice.desk import PracticeDesk
from client.practice.exploring import outcomes_in_order, pick
from client.practice.next_item import REVIEW_CODES, UNAIDED_CODES, NextItem, family_for, situation_of
from client.practice.offers import Offer, current_offer, first_seed, newest_of, open_chosen, standing_of
from client.practice.policy import needs_met
from client.practice.reasons import Reason, ReasonCode
from client.records.explanation_trials import ExplanationTrial, add_trial, outcomes_of
from client.records.offers import StoredOffer, count_hint, open_offer
from client.records.paused_items import paused_items


@dataclass(frozen=True, slots=True)
class HelpMoves:
    """What can be asked for now. Another item may come only after a first try, else easy ones could be picked."""

    hint: bool
    another_explanation: bool
    simpler_item: bool
    needed_item: bool


def help_moves(desk: PracticeDesk, offer: Offer) -> HelpMoves:
    """For the open item; a diagnostic's and a test's have none."""
    if offer.reason_code in UNAIDED_CODES:
        return HelpMoves(False, False, False, False)
    skill = offer.item.skills[0]
    return HelpMoves(
        hint=offer.hints_left > 0,
        another_explanation=len(desk.tables.families[desk.tables.index[skill]]) > 1,
        simpler_item=offer.answered,
        needed_item=offer.answered and bool(desk.tables.needs_of(skill)),
    )


def another_explanation(connection: Connection, desk: PracticeDesk, student: str) -> tuple[Line, ...]:
    """A worked example of another family of the same skill: the same idea shown another way. Empty if it has none.

    It solves another item; before the first try it counts as a hint. Call it in the writer.
    """
    stored = open_offer(connection, student)
    family = None if stored is None else desk.bank.family(stored.item)
    if stored is None or family is None or stored.reason_code in UNAIDED_CODES:
        return ()
    paused = paused_items(connection)
    families = desk.tables.families[desk.tables.index[family.skills[0]]]
    others = [one for one in families if one.id != family.id and one.id not in paused]
    if not others:
        return ()
    if not current_offer(connection, desk, student).answered:
        count_hint(connection, student, at=desk.clock.now())
    shown = _picked(connection, desk, stored, skill=family.skills[0], among=[one.id for one in others])
    item = desk.bank.generate(shown, stored.item_seed)
    return (item.stem, *item.solution)


def _picked(
    connection: Connection, desk: PracticeDesk, stored: StoredOffer, *, skill: str, among: list[str]
) -> str:
    """The family whose worked example is shown, kept with its chance; in reviews nothing is tried out."""
    families = [family.id for family in desk.tables.families[desk.tables.index[skill]]]
    newest = newest_of(connection, stored.student)
    seq = newest.seq if newest else 0
    chosen = pick(
        outcomes_in_order(outcomes_of(connection, skill, families), among),
        stored.hints_used % len(among),
        seed=first_seed(stored.student, f"{skill}|{seq}|{stored.hints_used}"),
        explores=stored.reason_code not in REVIEW_CODES,
    )
    shown = among[chosen.place]
    trial = ExplanationTrial(stored.student, seq, skill, shown, chosen.propensity, desk.clock.now())
    add_trial(connection, trial)
    return shown


def simpler_item(connection: Connection, desk: PracticeDesk, student: str) -> Offer:
    """The likeliest success among the skills that are ready; before a first try the open item stays."""
    offer = current_offer(connection, desk, student)
    if not offer.answered:
        return offer
    standing, version = standing_of(connection, desk, student)
    situation = situation_of(desk.tables, standing)
    ready = needs_met(desk.tables.needs, situation)[0] & ~situation.resting[0]
    row = int(np.where(ready, standing.chance, -1.0).argmax())
    reason = Reason(ReasonCode.SIMPLER, {"skill": desk.tables.skills[row], "of": offer.item.skills[0]})
    chosen = NextItem(family_for(desk.tables, standing, row), reason)
    return open_chosen(connection, desk, student, chosen=chosen, placed=(standing, version))


def needed_item(connection: Connection, desk: PracticeDesk, student: str) -> Offer:
    """An item of the least known skill that the open one needs; it stays without one or before a first try."""
    offer = current_offer(connection, desk, student)
    needed = _needed(connection, desk, student, skill=offer.item.skills[0]) if offer.answered else ""
    if not needed:
        return offer
    standing, version = standing_of(connection, desk, student)
    reason = Reason(ReasonCode.NEEDED, {"skill": needed, "of": offer.item.skills[0]})
    chosen = NextItem(family_for(desk.tables, standing, desk.tables.index[needed]), reason)
    return open_chosen(connection, desk, student, chosen=chosen, placed=(standing, version))


def _needed(connection: Connection, desk: PracticeDesk, student: str, *, skill: str) -> str:
    standing, _ = standing_of(connection, desk, student)
    needs = desk.tables.needs_of(skill)
    return min(needs, key=lambda one: standing.known[desk.tables.index[one]], default="")
