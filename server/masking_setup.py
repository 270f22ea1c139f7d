"""Setting masks up before the first round: every member's box key, then every member's first deals.

Both are kept as they come, and asked for again only where they are missing: a coordinator that was killed goes on
where it was.
"""

from collections.abc import Mapping

from common.masking import position, secagg_terms
from common.privacy.secagg.messages import Join
from common.privacy.secagg.relay import admit_join
from common.trips import Trip
from server.admission import Answer
from server.answer_words import what_is_missing
from server.asking import ask
from server.cohort import partners, wait_for
from server.dealing import deal_parts, keep_deals_of, refill_parts, short_of_deals
from server.deals_store import JoinRow, dealt_upto, keep_join, read_joins
from server.journal import JournalEntry, write_journal
from server.running import Running


def set_up_masks(running: Running) -> str:
    """Goes through what is left of the set-up; a sentence that names who is missing if it can't be finished."""
    members = frozenset(member.school for member in running.campaign.members)
    uninvited = members - _joined(running)
    if uninvited:
        answers = _invite(running, uninvited)
        if members - _joined(running):
            return _missing("sent its box key", members - _joined(running), answers)
    undealt = members - _dealt(running)
    if undealt:
        wait_for(running, undealt, enough=len(undealt))
        parts = deal_parts(running)
        answers = ask(
            running, Trip.DEAL, {school: parts for school in sorted(undealt)}, use=keep_deals_of(running)
        )
        if len(_dealt(running)) < running.campaign.minimum_cohort:
            return _missing("dealt", members - _dealt(running), answers)
    return ""


def deal_again(running: Running, round_number: int) -> None:
    """Has members deal that are there and have no deals for this round, as after an absence.

    Where too few others have deals, those members are waited for first.
    """
    members = partners(running)
    lacking = frozenset(short_of_deals(running, members, upto=round_number))
    if not lacking:
        return
    needed = running.campaign.minimum_cohort - len(members - lacking)
    here = wait_for(running, lacking, enough=max(0, needed))
    never = lacking - _dealt(running)
    for trip, schools in ((Trip.DEAL, here & never), (Trip.REFILL, here - never)):
        if schools:
            parts = deal_parts(running) if trip is Trip.DEAL else refill_parts(running, round_number)
            ask(running, trip, dict.fromkeys(sorted(schools), parts), use=keep_deals_of(running))


def _invite(running: Running, schools: frozenset[str]) -> dict[str, Answer]:
    """Asks for box keys."""
    terms, coordinator = secagg_terms(running.campaign), running.coordinator

    def use(school: str, parts: Mapping[str, bytes]) -> None:
        join = Join.from_bytes(parts.get("join", b""))
        admit_join(terms, position(running.campaign, school), join)
        with coordinator.store.write() as connection:
            row = JoinRow(parts["join"], parts.get("head", b""))
            keep_join(connection, running.campaign.digest, school, row=row)
            entry = JournalEntry("school-joined", running.campaign.digest, school=school)
            write_journal(connection, entry, at=coordinator.clock.now())

    wait_for(running, schools, enough=len(schools))
    return ask(running, Trip.INVITE, {school: {} for school in sorted(schools)}, use=use)


def _joined(running: Running) -> frozenset[str]:
    with running.coordinator.store.read() as connection:
        return frozenset(read_joins(connection, running.campaign.digest))


def _dealt(running: Running) -> frozenset[str]:
    with running.coordinator.store.read() as connection:
        return frozenset(dealt_upto(connection, running.campaign.digest))


def _missing(what: str, schools: frozenset[str], answers: Mapping[str, Answer]) -> str:
    names = ", ".join(sorted(schools))
    why = what_is_missing([answers[school] for school in sorted(schools & answers.keys())])
    sentence = f"Masking is set up with every school, and not every one has {what}: {names} is missing."
    return f"{sentence} {why}. Start the campaign again when that is mended." if why else sentence
