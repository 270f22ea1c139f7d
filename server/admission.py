"""Admission: what a school's reply is worth, decided before anything of it is used; a bad one drops one school."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from common.errors import Corrupt, Refused
from common.exchange import RoundRequest, open_reply
from common.federated_step import dimensions
from common.plan import CampaignPlan, RoundKind

# What a reply holds beside its update: magic, header and signature.
_ENVELOPE_BYTES = 4096
WRONG_ROUND, WRONG_LENGTH, NOT_A_MEMBER = "wrong-round", "wrong-length", "not-a-member"


class AnswerState(StrEnum):
    """Where a school stands in a round, or in another trip.

    With masks: answered, its masked vector is here; survived, it is in the sum; helped, it opened the sum.
    """

    INVITED = "invited"
    ANSWERED = "answered"
    SURVIVED = "survived"
    HELPED = "helped"
    REFUSED = "refused"
    REJECTED = "rejected"
    LATE = "late"
    LOST = "lost"


# The states of a school whose update is here.
_GOOD = {AnswerState.ANSWERED, AnswerState.SURVIVED, AnswerState.HELPED}


@dataclass(frozen=True, slots=True)
class Answer:
    """One school in one round. code: why there is no update. share: the noised integers, if there are any.

    parts: what came with them, by name.
    """

    school: str
    state: AnswerState
    code: str = ""
    share: bytes | None = field(default=None, repr=False)
    parts: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def is_good(self) -> bool:
        """Whether the school sent what it was asked for."""
        return self.state in _GOOD


def share_bytes(campaign: CampaignPlan, kind: RoundKind = "train") -> int:
    """The exact length of every school's update in a round of this kind."""
    return dimensions(campaign, kind) * (campaign.mechanism(kind).modulus_bits // 8)


def admit(reply: bytes, school: str, request: RoundRequest) -> Answer:
    """Checks size, signature by the roster's key, school, round and length, in this order."""
    member = request.campaign.member(school)
    if member is None or school not in request.plan.cohort:
        return Answer(school, AnswerState.REJECTED, NOT_A_MEMBER)
    expected = share_bytes(request.campaign, request.plan.kind)
    try:
        opened = open_reply(
            reply, school=school, school_key=member.identity_key, max_bytes=expected + _ENVELOPE_BYTES
        )
    except (Corrupt, Refused) as error:
        return Answer(school, AnswerState.REJECTED, str(error.code))
    if opened.ctx != request.plan.digest:
        return Answer(school, AnswerState.REJECTED, WRONG_ROUND)
    if opened.refusal is not None:
        return Answer(school, AnswerState.REFUSED, str(opened.refusal))
    if opened.update is None or len(opened.update) != expected:
        return Answer(school, AnswerState.REJECTED, WRONG_LENGTH)
    return Answer(school, AnswerState.ANSWERED, share=opened.update, parts=opened.parts)
