"""Proofs of blame as bytes: signed messages that show what a school did, to whoever has the campaign's plan."""

from collections.abc import Mapping

from common.errors import Corrupt, ErrorCode
from common.masking import attempt_of, secagg_terms
from common.plan import CampaignPlan, RoundPlan
from common.privacy.secagg.blame import dealt_something_else, wrong_share
from common.privacy.secagg.faults import SecaggFault, SecaggRefused
from common.privacy.secagg.messages import Deal, Survivors, Unmask, pack_deals, unpack_deals
from common.sections import join_sections, split_sections

DealTable = Mapping[tuple[int, int], Deal]

_PARTS = {"fault", "plan", "survivors", "unmasks", "deals"}


def holder_proof(
    campaign: CampaignPlan, plan: RoundPlan, survivors: Survivors, *, unmask: Unmask, deals: DealTable
) -> bytes | None:
    """The holder's signed reply, and the signed deal that one of its shares contradicts; None if none does."""
    for dealer in attempt_of(campaign, plan).cohort:
        deal = deals[dealer, unmask.member]
        proof = _proof(SecaggFault.SHARE_DIFFERS_FROM_COMMITMENT, plan, survivors, unmasks=[unmask], deals=[deal])
        if _verifies(campaign, proof):
            return proof
    return None


def dealer_proof(
    campaign: CampaignPlan,
    plan: RoundPlan,
    survivors: Survivors,
    *,
    dealer: int,
    unmasks: Mapping[int, Unmask],
    deals: DealTable,
) -> bytes | None:
    """The dealer's signed deals and the holders' signed shares of them, which open to something else."""
    chosen = sorted(unmasks)[: secagg_terms(campaign).threshold]
    proof = _proof(
        SecaggFault.SECRET_DIFFERS_FROM_COMMITMENT,
        plan,
        survivors,
        unmasks=[unmasks[holder] for holder in chosen],
        deals=[deals[dealer, holder] for holder in chosen],
    )
    return proof if _verifies(campaign, proof) else None


def guilty_by(campaign: CampaignPlan, proof: bytes) -> str:
    """The school that these bytes prove guilty. SecaggRefused(bad-proof) or Corrupt if they prove nothing."""
    parts = split_sections(proof)
    if set(parts) != _PARTS:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A proof of blame lacks a part.")
    terms, attempt = secagg_terms(campaign), attempt_of(campaign, RoundPlan.from_bytes(parts["plan"]))
    survivors = Survivors.from_bytes(parts["survivors"])
    unmasks = [Unmask.from_bytes(data) for data in split_sections(parts["unmasks"]).values()]
    deals = unpack_deals(parts["deals"])
    if parts["fault"].decode(errors="replace") == SecaggFault.SECRET_DIFFERS_FROM_COMMITMENT:
        by_holder = {deal.holder: deal for deal in deals}
        guilty = dealt_something_else(terms, attempt, survivors, unmasks=unmasks, deals=by_holder)
    elif len(unmasks) == len(deals) == 1:
        guilty = wrong_share(terms, attempt, survivors, unmask=unmasks[0], deal=deals[0])
    else:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A proof of blame holds another number of messages than it needs.")
    return campaign.members[guilty].school


def _verifies(campaign: CampaignPlan, proof: bytes) -> bool:
    try:
        guilty_by(campaign, proof)
    except SecaggRefused:
        return False
    return True


def _proof(
    fault: SecaggFault, plan: RoundPlan, survivors: Survivors, *, unmasks: list[Unmask], deals: list[Deal]
) -> bytes:
    return join_sections(
        {
            "fault": str(fault).encode(),
            "plan": plan.to_bytes(),
            "survivors": survivors.to_bytes(),
            "unmasks": join_sections({f"{one.member:04d}": one.to_bytes() for one in unmasks}),
            "deals": pack_deals(deals),
        }
    )
