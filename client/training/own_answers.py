"""What this school itself answered in a round: from the masking record, or from replies kept without masking."""

from collections.abc import Callable

from client.records.replies import StoredReply, reply_in
from client.records.store import Store
from client.training.masked_round import vector_name
from client.training.masking_store import Answered, MaskingStore
from common.envelope import MAX_MESSAGE_BYTES, peek_sender
from common.exchange import open_reply
from common.plan import CampaignPlan


def own_answers(
    school: str, store: Store, masking: MaskingStore
) -> Callable[[CampaignPlan, int], Answered | None]:
    """A function from a campaign and a round to the school's own answer; None if it gave none."""

    def answered(campaign: CampaignPlan, number: int) -> Answered | None:
        if campaign.secure_aggregation:
            record = masking.read(campaign.digest)
            answers = record.answers if record else ()
            return next((one for one in answers if one.round == number), None)
        with store.read() as connection:
            kept = reply_in(connection, campaign.digest, number)
        return None if kept is None else _of_reply(kept, campaign, school=school)

    return answered


def _of_reply(kept: StoredReply, campaign: CampaignPlan, *, school: str) -> Answered:
    reply = open_reply(kept.reply, school=school, school_key=peek_sender(kept.reply), max_bytes=MAX_MESSAGE_BYTES)
    return Answered(kept.round, kept.ctx, vector_name(reply.update or b"", campaign, round=kept.round))
