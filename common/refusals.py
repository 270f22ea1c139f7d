"""Refusals are values: a typed code, a sentence for a person, and whether the code may leave the school."""

from dataclasses import dataclass
from enum import StrEnum


class RefusalCode(StrEnum):
    """Why a school doesn't take part; the comment names the rule of the school's policy."""

    BUDGET_YEAR = "budget-year"  # P1
    BUDGET_LIFETIME = "budget-lifetime"  # P1
    BUDGET_ROUND = "budget-round"  # P2
    FIGURES_DIFFER = "figures-differ"  # P2
    DELTA_TOO_LARGE = "delta-too-large"  # P3
    TERMS_OUT_OF_BOUNDS = "terms-out-of-bounds"  # P4
    BUNDLE_NOT_APPROVED = "bundle-not-approved"  # P5
    WRONG_VERSION = "wrong-version"  # P5
    WRONG_MODEL = "wrong-model"  # P6
    BAD_PLAN_SIGNATURE = "bad-plan-signature"  # P7
    COHORT_TOO_SMALL = "cohort-too-small"  # P8
    NOT_IN_ROSTER = "not-in-roster"  # P9
    MASKING_UNSAFE = "masking-unsafe"  # P10
    PLAN_NOT_APPROVED = "plan-not-approved"  # P11
    ROUND_OUT_OF_ORDER = "round-out-of-order"  # P11
    LOG_INCONSISTENT = "log-inconsistent"  # P12
    LEDGER_BEHIND = "ledger-behind"  # P12
    NOT_TAKING_PART = "not-taking-part"  # P13, P16, overdraw, paused: the reason stays at the school
    OUTSIDE_TRAINING_HOURS = "outside-training-hours"  # P14
    CLOCK_DIFFERS = "clock-differs"  # P14
    PURPOSE_NOT_ALLOWED = "purpose-not-allowed"  # P15
    LEDGER_UNWRITABLE = "ledger-unwritable"  # P17
    MASKING_REFUSED = "masking-refused"  # a check of the masking itself failed; which one is a fixed detail
    NOT_REPLAYED = "not-replayed"  # a published sum, model or record differs from this school's own
    BAD_MESSAGE = "bad-message"
    FAILED_AT_SCHOOL = "failed-at-school"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A school's "no". `code` may leave the school; `sentence` and `local_reason` stay there."""

    code: RefusalCode
    sentence: str
    local_reason: str = ""
