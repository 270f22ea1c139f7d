"""An operator reads both epsilons, who adds the noise and who may see what."""

from common.plan import SecaggPlan
from server.plan_words import plan_in_words
from tests.support.plans import campaign_plan, privacy_terms


def test_a_masked_plan_in_words() -> None:
    """With what the masks survive, and what the figures rely on."""
    plan = campaign_plan(
        secagg=SecaggPlan(corrupt=1, threshold=4, max_dropped=1, min_margin=1),
        privacy=privacy_terms(honest_schools=3),
        epsilon_alone=4.5,
    )
    words = " ".join(plan_in_words(plan))
    assert "epsilon 2.000 at 1e-05" in words
    assert "would be 4.500" in words
    assert "Sums are masked" in words
    assert "as long as at most 1 school helps a malicious coordinator" in words
    assert "at least 3 honest schools" in words
    assert plan.digest in words


def test_an_unmasked_plan_says_so() -> None:
    """The coordinator sees each noised sum, and every school relies on itself."""
    words = " ".join(plan_in_words(campaign_plan()))
    assert "Sums aren't masked" in words
    assert "relies on nobody" in words
