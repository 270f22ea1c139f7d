"""Who takes part in the next round: waiting until enough schools are there, and choosing among them."""

from dataclasses import dataclass

from server.blames import guilty_dealers
from server.deals_store import dealers
from server.running import Running
from server.schools import revoked_schools


@dataclass(frozen=True, slots=True)
class Cohort:
    """schools: sorted; empty when there are too few, with a sentence that names who is missing."""

    schools: tuple[str, ...] = ()
    problem: str = ""


def next_cohort(
    running: Running, round_number: int, *, for_all: bool, there: frozenset[str] | None = None
) -> Cohort:
    """The schools of a new round, after waiting at most the start deadline for them.

    for_all: wait for every school, as at the start; otherwise only for as many as the round needs. A masked round
    takes schools that have dealt for it; where too few of them are there, absent ones fill the cohort up to its
    minimum: their deals are here, and they count as dropped. there: who answered a roll call just now; None
    where nobody was called.
    """
    able = _able(running, round_number)
    needed = running.campaign.minimum_cohort
    absent_allowed = running.campaign.secagg.max_dropped if running.campaign.secagg else 0
    if there is None:
        present = wait_for(running, able, enough=len(able) if for_all else needed - absent_allowed)
    else:
        present = able & there
    absent = sorted(able - present)[: max(0, needed - len(present))]
    if len(present) + len(absent) < needed or len(absent) > absent_allowed:
        return Cohort(problem=_too_few(running, able, present))
    return Cohort(tuple(sorted([*present, *absent])))


def wait_for(running: Running, wanted: frozenset[str], *, enough: int) -> frozenset[str]:
    """Those of the wanted schools that are there, once `enough` are or the start deadline is over."""
    present: frozenset[str] = frozenset()

    def enough_are_there() -> bool:
        nonlocal present
        present = running.transport.available() & wanted
        return len(present) >= enough

    running.pace.until(enough_are_there, running.coordinator.settings.start_deadline_seconds)
    return present


def partners(running: Running) -> frozenset[str]:
    """Members that aren't revoked and weren't proven to have dealt wrongly."""
    with running.coordinator.store.read() as connection:
        left_out = revoked_schools(connection) | guilty_dealers(connection, running.campaign.digest)
    return frozenset(member.school for member in running.campaign.members) - left_out


def _able(running: Running, round_number: int) -> frozenset[str]:
    able = partners(running)
    if not running.campaign.secure_aggregation:
        return able
    with running.coordinator.store.read() as connection:
        return able & dealers(connection, running.campaign.digest, round_number)


def _too_few(running: Running, able: frozenset[str], present: frozenset[str]) -> str:
    members = {member.school for member in running.campaign.members}
    away = ", ".join(sorted(able - present))
    unable = ", ".join(sorted(members - able))
    waited = running.coordinator.settings.start_deadline_seconds
    sentence = (
        f"{len(present)} of the {running.campaign.minimum_cohort} schools that a round needs were connected after "
        f"{waited:.0f} seconds."
    )
    if away:
        sentence += f" Not connected: {away}."
    if unable:
        sentence += f" Left out, revoked or without deals for this round: {unable}."
    return sentence + " Start the campaign again when their links run."
