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
from server.dealing import ASKED_AGAIN_BELOW, deal_parts, keep_deals_of, refill_parts, short_of_deals
from server.deals_store import JoinRow, dealt_rounds, keep_join, read_joins
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
    """Keeps deals in stock, so that a school may be away for some rounds.

    Most members' deals run out at the same time: all deal again together. Where the round needs members that have
    no deals for it, as after a long absence, they are waited for and deal first.
    """
    members = partners(running)
    _catch_up(running, members, round_number)
    low = short_of_deals(running, members, round_number, ahead=ASKED_AGAIN_BELOW)
    if 2 * len(low) > len(members):
        _refill(running, low & running.transport.available(), round_number)


def _catch_up(running: Running, members: frozenset[str], round_number: int) -> None:
    """Has members deal without whom the round can't be; after a long absence that takes more than one refill."""
    dealt_before = -1
    while True:
        lacking = short_of_deals(running, members, round_number)
        needed = running.campaign.minimum_cohort - len(members - lacking)
        dealt = _deals_of(running, lacking)
        if needed <= 0 or dealt == dealt_before:
            return
        dealt_before = dealt
        _refill(running, wait_for(running, lacking, enough=needed), round_number)


def _deals_of(running: Running, schools: frozenset[str]) -> int:
    """How many rounds these schools have dealt for, taken together."""
    with running.coordinator.store.read() as connection:
        dealt = dealt_rounds(connection, running.campaign.digest)
    return sum(len(dealt.get(school, ())) for school in schools)


def _refill(running: Running, schools: frozenset[str], round_number: int) -> None:
    """Asks for deals, without waiting long for the last ones; schools that never dealt get the box keys too."""
    never = schools - _dealt(running)
    first = deal_parts(running) if never else {}
    again = refill_parts(running, schools - never, round_number)
    for trip, parts in ((Trip.DEAL, dict.fromkeys(sorted(never), first)), (Trip.REFILL, again)):
        if parts:
            enough = max(1, len(parts) - secagg_terms(running.campaign).max_dropped)
            ask(running, trip, parts, use=keep_deals_of(running), enough=enough)


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
        return frozenset(dealt_rounds(connection, running.campaign.digest))


def _missing(what: str, schools: frozenset[str], answers: Mapping[str, Answer]) -> str:
    names = ", ".join(sorted(schools))
    why = what_is_missing([answers[school] for school in sorted(schools & answers.keys())])
    sentence = f"Masking is set up with every school, and not every one has {what}: {names} is missing."
    return f"{sentence} {why}. Start the campaign again when that is mended." if why else sentence
