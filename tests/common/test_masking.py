"""Plans and masks agree on who is who and on how long a vector is."""

import pytest

from common.errors import FixSettings
from common.masking import attempt_of, position, secagg_terms, survivor_vectors
from common.plan import MetricTerms, SecaggPlan
from common.privacy.secagg.messages import Survivors
from tests.support.plans import campaign_plan, round_plan

MASKED = campaign_plan(
    secagg=SecaggPlan(corrupt=0, threshold=2, max_dropped=1, min_margin=1),
    metrics=MetricTerms(bins=10, noise_multiplier=9.0, modulus_bits=16),
)


def test_terms_are_the_plan_s() -> None:
    """Keys in the members' order; the campaign is named by its digest."""
    terms = secagg_terms(MASKED)
    assert terms.camp.hex() == MASKED.digest
    assert terms.keys == ("1" * 64, "2" * 64, "3" * 64)
    assert (terms.corrupt, terms.threshold, terms.minimum_cohort, terms.max_dropped) == (0, 2, 3, 1)
    assert terms.fault() is None


def test_a_round_s_vector_has_the_length_of_its_kind() -> None:
    """507 weights of the small model, or four blocks of ten bins."""
    plan = round_plan(MASKED, round=2, cohort=("east", "west"))
    attempt = attempt_of(MASKED, plan)
    assert (attempt.number, attempt.ctx.hex(), attempt.cohort) == (2, plan.digest, (0, 2))
    assert (attempt.dimensions, attempt.bits) == (507, 24)
    measuring = attempt_of(MASKED, round_plan(MASKED, round=4, kind="evaluate"))
    assert (measuring.dimensions, measuring.bits) == (40, 16)


def test_what_isn_t_masked_has_no_terms() -> None:
    """Neither has a school from elsewhere a place."""
    with pytest.raises(FixSettings, match="aren't masked"):
        secagg_terms(campaign_plan())
    with pytest.raises(FixSettings, match="stranger isn't a member"):
        position(MASKED, "stranger")


def test_survivors_are_named_by_school() -> None:
    """By their places among the members, sorted by name."""
    survivors = Survivors(bytes(32), ((2, b"w" * 32), (0, b"e" * 32)), bytes(64))
    assert survivor_vectors(MASKED, survivors) == (("east", (b"e" * 32).hex()), ("west", (b"w" * 32).hex()))
