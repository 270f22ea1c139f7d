"""SecaggRefused: the one way in which secure aggregation says no, with a named reason and a named party."""

from enum import StrEnum

from common.errors import ErrorCode, Refused

COORDINATOR = -1


class SecaggFault(StrEnum):
    """What is wrong. docs/secagg.md says where each is checked."""

    # Terms and set-up
    UNSAFE_TERMS = "unsafe-terms"
    BAD_JOIN = "bad-join"
    JOINS_CHANGED = "joins-changed"
    KEYS_REPEATED = "keys-repeated"
    # A round's plan
    BAD_COHORT = "bad-cohort"
    COHORT_TOO_SMALL = "cohort-too-small"
    ROUND_REPLAYED = "round-replayed"
    TWO_PLANS_FOR_A_ROUND = "two-plans-for-a-round"
    NO_DEALS_FOR_ROUND = "no-deals-for-round"
    DEALT_TOO_FAR_AHEAD = "dealt-too-far-ahead"
    # Deals
    DEAL_MISSING = "deal-missing"
    BAD_DEAL_SIGNATURE = "bad-deal-signature"
    BOX_DOES_NOT_OPEN = "box-does-not-open"
    SHARE_DIFFERS_FROM_COMMITMENT = "share-differs-from-commitment"
    WORTHLESS_KEY = "worthless-key"
    DEALS_DIFFER = "deals-differ"
    # What the schools answered in the last round
    EVIDENCE_WRONG = "evidence-wrong"
    UNPROVEN_TOO_OFTEN = "unproven-too-often"
    # Masked vectors and survivors
    BAD_VALUES = "bad-values"
    BAD_MASKED_VECTOR = "bad-masked-vector"
    NOT_MASKED = "not-masked"
    SURVIVORS_UNSIGNED = "survivors-unsigned"
    TWO_SURVIVOR_SETS = "two-survivor-sets"
    BAD_SURVIVORS = "bad-survivors"
    TOO_MANY_DROPPED = "too-many-dropped"
    TOO_FEW_SURVIVORS = "too-few-survivors"
    # Opening and replay
    BAD_UNMASK_SIGNATURE = "bad-unmask-signature"
    TOO_FEW_SHARES = "too-few-shares"
    SECRET_DIFFERS_FROM_COMMITMENT = "secret-differs-from-commitment"  # noqa: S105 - a fault's name
    REPLAY_DIFFERS = "replay-differs"
    BAD_PROOF = "bad-proof"


class SecaggRefused(Refused):
    """A check failed, and nothing was sent, opened or believed.

    party: the position of the school whose bytes are wrong, COORDINATOR (-1), or None where nobody is to blame.
    """

    def __init__(self, fault: SecaggFault, sentence: str, *, party: int | None = None) -> None:
        super().__init__(ErrorCode.SECAGG_REFUSED, sentence)
        self.fault = fault
        self.party = party
