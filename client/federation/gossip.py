"""What this school makes of the public log when it can't be reached, and of what other schools know of it."""

from collections.abc import Callable

from client.federation.log_follower import LogFollower, LogView
from common.errors import Corrupt, Refused, RetryLater
from common.refusals import Refusal, RefusalCode
from common.signed_head import open_head, unpack_heads


def seen_log(follower: LogFollower) -> Callable[[], LogView | None]:
    """The log as far as it can be read now; what was read before if it can't; None if it never could."""

    def seen() -> LogView | None:
        try:
            return follower.follow()
        except RetryLater:
            known = follower.known()
            return known if known.size else None

    return seen


def heard_heads(follower: LogFollower) -> Callable[[bytes], Refusal | None]:
    """Compares what the other schools know with what this one has read.

    What the coordinator didn't sign proves nothing against it, so that no school can stop a campaign with noise.
    """

    def hear(packed: bytes) -> Refusal | None:
        try:
            return follower.hear([head for head in unpack_heads(packed) if _is_signed(head, follower)])
        except Corrupt as error:
            return Refusal(RefusalCode.BAD_MESSAGE, error.sentence)
        except RetryLater as error:
            sentence = "The public log can't be read now, so it can't be compared with what other schools know."
            return Refusal(RefusalCode.LOG_INCONSISTENT, sentence, local_reason=error.sentence)

    return hear


def _is_signed(head: bytes, follower: LogFollower) -> bool:
    try:
        open_head(head, coordinator_key=follower.coordinator_key)
    except (Corrupt, Refused):
        return False
    return True
