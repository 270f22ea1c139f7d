"""What becomes of a round without a sum."""

from common.exchange import RoundRequest
from common.opened_round import OpenedRound
from server.admission import Answer
from server.round_records import RoundState
from server.run_round import RoundOutcome


def aborted(request: RoundRequest, answers: tuple[Answer, ...], reason: str) -> RoundOutcome:
    """A training round without a sum is void: it cost its charge and moves nothing.

    The measuring round has no other to stand in for it: it fails, and the same bytes may be sent again.
    """
    state = RoundState.VOID if request.plan.kind == "train" else RoundState.FAILED
    return RoundOutcome(state, answers, OpenedRound(request.plan, "aborted"), reason)
