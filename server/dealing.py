"""Deals as they come and go: kept when a school deals, handed out with a round, asked for where they run out."""

from collections.abc import Collection, Mapping

from common.masking import position, secagg_terms
from common.plan import RoundPlan
from common.privacy.secagg.dealing import check_signature
from common.privacy.secagg.holder import MOST_AHEAD
from common.privacy.secagg.messages import Deal, Join, pack_deals, pack_joins, unpack_deals
from common.privacy.secagg.relay import admit_deals
from common.signed_head import pack_heads
from server.asking import Use
from server.deals_store import DealRow, dealt_rounds, keep_deals, read_deals, read_joins
from server.running import Running

# A school that goes away is missed for as many rounds as it has dealt ahead; then a cohort of everybody ends.
STOCK, ASKED_AGAIN_BELOW = MOST_AHEAD, MOST_AHEAD // 2


def keep_deals_of(running: Running) -> Use:
    """What uses a reply that holds deals: checks them, keeps them; Corrupt or Refused for bad ones."""

    def use(school: str, parts: Mapping[str, bytes]) -> None:
        deals = admitted_deals(running, school, parts.get("deals", b""))
        with running.coordinator.store.write() as connection:
            keep_deals(connection, running.campaign.digest, deals)

    return use


def admitted_deals(running: Running, school: str, data: bytes) -> list[DealRow]:
    """Whole rounds of deals by this very school, signed; nothing is kept yet."""
    terms, deals = secagg_terms(running.campaign), unpack_deals(data)
    admit_deals(terms, position(running.campaign, school), deals)
    for deal in deals:
        check_signature(terms, deal)
    by_round: dict[int, list[Deal]] = {}
    for deal in sorted(deals, key=lambda one: (one.number, one.holder)):
        by_round.setdefault(deal.number, []).append(deal)
    return [DealRow(number, school, pack_deals(dealt)) for number, dealt in by_round.items()]


def deal_parts(running: Running) -> dict[str, bytes]:
    """What DEAL holds: everybody's box key, and what heads of the public log they know."""
    with running.coordinator.store.read() as connection:
        rows = read_joins(connection, running.campaign.digest)
    joins = pack_joins(Join.from_bytes(rows[member.school].join) for member in running.campaign.members)
    return {"joins": joins, "heads": pack_heads(row.head for row in rows.values() if row.head)}


def round_deals(running: Running, plan: RoundPlan) -> dict[tuple[int, int], Deal]:
    """What the cohort dealt for a round, by dealer and holder."""
    with running.coordinator.store.read() as connection:
        packed = read_deals(connection, plan.campaign_digest, plan.round)
    deals = [deal for school in plan.cohort for deal in unpack_deals(packed.get(school, b""))]
    return {(deal.dealer, deal.holder): deal for deal in deals}


def deals_for(running: Running, plan: RoundPlan) -> dict[str, bytes]:
    """For each school of the cohort: the deals that the cohort made for it, packed by dealer."""
    deals = round_deals(running, plan)
    places = {school: position(running.campaign, school) for school in plan.cohort}
    return {
        school: pack_deals(deals[dealer, holder] for dealer in places.values())
        for school, holder in places.items()
    }


def refill_parts(running: Running, schools: Collection[str], round_number: int) -> dict[str, dict[str, bytes]]:
    """What REFILL holds for each school before or beside this round: as far ahead as it may be asked to deal."""
    with running.coordinator.store.read() as connection:
        dealt = dealt_rounds(connection, running.campaign.digest)
    wanted = min(running.campaign.total_rounds, round_number - 1 + STOCK)
    upto = {school: min(wanted, max(dealt.get(school, ()), default=0) + MOST_AHEAD) for school in sorted(schools)}
    return {school: {"upto": number.to_bytes(8, "big")} for school, number in upto.items()}


def short_of_deals(
    running: Running, schools: Collection[str], round_number: int, *, ahead: int = 0
) -> frozenset[str]:
    """Those of the schools that haven't dealt for this round or for one of the `ahead` rounds after it."""
    last = min(round_number + ahead, running.campaign.total_rounds)
    wanted = set(range(round_number, last + 1))
    with running.coordinator.store.read() as connection:
        dealt = dealt_rounds(connection, running.campaign.digest)
    return frozenset(school for school in schools if not wanted <= dealt.get(school, frozenset()))
