"""Where a school stands in a round, in words that an operator can act on."""

from collections.abc import Sequence

from common.errors import ErrorCode
from common.refusals import RefusalCode
from server.admission import NOT_A_MEMBER, WRONG_LENGTH, WRONG_ROUND, Answer, AnswerState

_STATES = {
    AnswerState.INVITED: "was asked and hasn't answered yet",
    AnswerState.ANSWERED: "sent its update",
    AnswerState.SURVIVED: "sent its masked update, which is in the sum, but didn't help to open it",
    AnswerState.HELPED: "sent its masked update and helped to open the sum",
    AnswerState.LATE: "didn't answer before the deadline",
    AnswerState.LOST: "lost its connection",
}
_REFUSALS = {
    RefusalCode.BUDGET_YEAR: "refused: its privacy budget for this year is spent",
    RefusalCode.BUDGET_LIFETIME: "refused: its privacy budget for good is spent",
    RefusalCode.BUDGET_ROUND: "refused: one round would cost more than it allows",
    RefusalCode.FIGURES_DIFFER: "refused: it computes other privacy figures than the plan",
    RefusalCode.DELTA_TOO_LARGE: "refused: the plan's delta is too large",
    RefusalCode.TERMS_OUT_OF_BOUNDS: "refused: the plan's privacy settings leave its bounds",
    RefusalCode.BUNDLE_NOT_APPROVED: "refused: it hasn't approved this Flower bundle",
    RefusalCode.WRONG_VERSION: "refused: it runs another version of Homeroom",
    RefusalCode.WRONG_MODEL: "refused: the model isn't the one it expected",
    RefusalCode.BAD_PLAN_SIGNATURE: "refused: the plan isn't signed by its coordinator",
    RefusalCode.COHORT_TOO_SMALL: "refused: too few schools take part in this round",
    RefusalCode.NOT_IN_ROSTER: "refused: it isn't in the plan's roster",
    RefusalCode.MASKING_UNSAFE: "refused: the plan's masking isn't safe enough for it",
    RefusalCode.LOG_INCONSISTENT: "refused: the public log doesn't continue what it saw before",
    RefusalCode.LEDGER_BEHIND: "refused: an old copy of its ledger was restored there",
    RefusalCode.OUTSIDE_TRAINING_HOURS: "refused: it trains at other hours",
    RefusalCode.CLOCK_DIFFERS: "refused: its clock and the coordinator's differ",
    RefusalCode.MASKING_REFUSED: "refused: a check of the masking failed",
    RefusalCode.NOT_REPLAYED: "refused: what was published isn't what it computes itself",
    RefusalCode.PLAN_NOT_APPROVED: "refused: its administrator hasn't approved the plan yet",
    RefusalCode.ROUND_OUT_OF_ORDER: "refused: it missed or already finished this round",
    RefusalCode.NOT_TAKING_PART: "isn't taking part today",
    RefusalCode.PURPOSE_NOT_ALLOWED: "refused: it doesn't allow this purpose",
    RefusalCode.LEDGER_UNWRITABLE: "refused: it can't write its privacy ledger",
    RefusalCode.BAD_MESSAGE: "refused: it couldn't read the request",
    RefusalCode.FAILED_AT_SCHOOL: "failed: its own log says why",
}
_REJECTIONS = {
    NOT_A_MEMBER: "was left out: it isn't in this round's cohort",
    WRONG_ROUND: "was left out: it answered for another round",
    WRONG_LENGTH: "was left out: its update has the wrong length",
    ErrorCode.BAD_MESSAGE: "was left out: its reply is malformed or too long",
    ErrorCode.BAD_SIGNATURE: "was left out: its reply isn't signed with its key",
}


def in_words(answer: Answer) -> str:
    """The rest of a sentence that begins with the school's name."""
    if answer.state == AnswerState.REFUSED and answer.code in set(RefusalCode):
        return _REFUSALS[RefusalCode(answer.code)]
    if answer.state == AnswerState.REJECTED:
        return _REJECTIONS.get(answer.code, "was left out: its reply can't be used")
    if answer.state == AnswerState.LOST and answer.code in set(RefusalCode):
        return _REFUSALS[RefusalCode(answer.code)]
    return _STATES.get(answer.state, "refused")


def what_is_missing(answers: Sequence[Answer]) -> str:
    """ "East lost its connection; West ..." for every school without an update; empty when all sent one."""
    return "; ".join(f"{a.school} {in_words(a)}" for a in answers if not a.is_good)
