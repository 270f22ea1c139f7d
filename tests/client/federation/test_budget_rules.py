"""P1 and P2: what a round costs each cohort, by an accountant that adds rate / noise_multiplier."""

import math
from datetime import timedelta
from typing import Any

import pytest

from client.settings import PolicySettings
from common.permission import Permission
from common.plan import CampaignPlan, MetricTerms
from common.privacy.accounting import epsilon_of, noise_multiplier_for
from common.privacy.terms import Event
from common.refusals import RefusalCode
from tests.support.judging import (
    NEWER,
    OLDER,
    charge,
    charges,
    linear_epsilon,
    masked_campaign,
    must_permit,
    must_refuse,
    request_for,
    sound_campaign,
    state,
)
from tests.support.stores import NOW

COST = 0.25 / 1.5  # one round of the sound plan under linear_epsilon
METRICS = MetricTerms(bins=10, noise_multiplier=9.0, modulus_bits=24)


class TestOneRound:
    """P2."""

    def test_p2_a_round_that_costs_too_much_by_itself(self) -> None:
        """One round costs 1/6 here."""
        policy = PolicySettings(epsilon_round=COST * 0.99)
        assert must_refuse(request_for(sound_campaign()), policy=policy).code is RefusalCode.BUDGET_ROUND

    def test_p2_the_figure_alone_is_capped_and_more_noise_of_ones_own_lowers_it(self) -> None:
        """Three honest schools: sqrt(3) / 6 = .289 if all others collude, 1/6 with all the noise of its own."""
        request = request_for(masked_campaign())
        between = {"epsilon_round": 0.2}
        refusal = must_refuse(request, policy=PolicySettings.model_validate(between))
        assert refusal.code is RefusalCode.BUDGET_ROUND
        assert "0.289" in refusal.sentence
        must_permit(request, policy=PolicySettings.model_validate(between | {"own_honest_schools": 1}))

    def test_p2_the_measuring_round_is_priced_as_it_is(self) -> None:
        """Every student takes part: 1 / 9, not a sampled round's 1 / 6."""
        campaign = sound_campaign(metrics=METRICS)
        policy = PolicySettings(epsilon_round=0.12)
        must_permit(request_for(campaign, round=4), policy=policy)
        assert must_refuse(request_for(campaign, round=3), policy=policy).code is RefusalCode.BUDGET_ROUND

    @pytest.mark.parametrize("factor", [0.9, 1.1])
    @pytest.mark.parametrize("field", ["epsilon", "epsilon_alone"])
    @pytest.mark.parametrize("metrics", [None, METRICS], ids=["training only", "measured"])
    def test_p2_a_campaign_that_prints_another_figure(
        self, field: str, factor: float, metrics: MetricTerms | None
    ) -> None:
        """Too low would deceive, too high shows that the two sides compute differently."""
        sound = masked_campaign(metrics=metrics)
        must_permit(request_for(sound))
        odd = sound.model_copy(update={field: getattr(sound, field) * factor})
        assert must_refuse(request_for(odd)).code is RefusalCode.FIGURES_DIFFER

    def test_p2_a_campaign_that_forgets_its_measuring_round(self) -> None:
        """The printed figures are those of all rounds."""
        campaign = sound_campaign(metrics=METRICS, epsilon=3 * COST, epsilon_alone=3 * COST)
        assert must_refuse(request_for(campaign)).code is RefusalCode.FIGURES_DIFFER

    def test_p2_a_round_that_prints_another_figure(self) -> None:
        """The figure after each round is compared as well."""
        request = request_for(sound_campaign(), round=2, epsilon_after=COST)
        assert must_refuse(request).code is RefusalCode.FIGURES_DIFFER


class TestCaps:
    """P1, one cohort."""

    def test_p1_the_lifetime_cap_counts_every_charge_ever(self) -> None:
        """Five old rounds and this one come to 6 x 1/6 = 1."""
        old = charges(5, at=NOW - timedelta(days=900))
        request = request_for(sound_campaign())
        enough, short = PolicySettings(epsilon_lifetime=1.001), PolicySettings(epsilon_lifetime=0.999)
        must_permit(request, state(rows=old), enough)
        assert must_refuse(request, state(rows=old), short).code is RefusalCode.BUDGET_LIFETIME

    def test_p1_the_yearly_cap_counts_the_last_365_days(self) -> None:
        """Charges a day older than a year have left it."""
        policy = PolicySettings(epsilon_year=0.5)
        request = request_for(sound_campaign())
        recent, old = (state(rows=charges(5, at=NOW - timedelta(days=days))) for days in (364, 366))
        refusal = must_refuse(request, recent, policy)
        assert refusal.code is RefusalCode.BUDGET_YEAR
        assert "students of 2026/27: 1.000 (this school allows 0.5)" in refusal.sentence
        must_permit(request, old, policy)

    @pytest.mark.parametrize("cap", ["epsilon_alone_year", "epsilon_alone_lifetime"])
    def test_p1_the_figure_if_all_others_collude_has_caps_of_its_own(self, cap: str) -> None:
        """A round costs .167 under the plan's assumption and .289 alone: only the second is over .2."""
        policy = PolicySettings.model_validate({cap: 0.2})
        code = RefusalCode.BUDGET_YEAR if "year" in cap else RefusalCode.BUDGET_LIFETIME
        refusal = must_refuse(request_for(masked_campaign()), policy=policy)
        assert refusal.code is code
        assert "if every other school colluded" in refusal.sentence

    def test_p1_a_school_that_adds_all_the_noise_is_charged_as_such(self) -> None:
        """The cap that stopped the round above doesn't stop it here."""
        policy = PolicySettings(epsilon_alone_year=0.2, own_honest_schools=1)
        assert must_permit(request_for(masked_campaign()), policy=policy).own_honest_schools == 1

    @pytest.mark.parametrize("odd", [float("nan"), float("inf")])
    def test_p1_a_figure_that_is_not_a_number_never_passes(self, odd: float) -> None:
        """An accountant in trouble must not open the door."""

        def broken(events: Any, delta: float) -> float:
            total = linear_epsilon(events, delta)
            return odd if total > 2 else total

        own = state(rows=charges(20), epsilon_of=broken)
        assert must_refuse(request_for(sound_campaign()), own).code is RefusalCode.BUDGET_LIFETIME


class TestCohorts:
    """P1, several cohorts: who can't pay sits out."""

    POLICY = PolicySettings(epsilon_year=0.5, epsilon_lifetime=1.0)

    def test_a_cohort_that_has_spent_its_year_sits_out_and_the_others_go_on(self) -> None:
        """Three rounds of the older students are .5; the newer ones haven't paid for any."""
        own = state(rows=charges(3, cohorts=(OLDER,)), cohorts={OLDER: 40, NEWER: 20})
        assert must_permit(request_for(sound_campaign()), own, self.POLICY) == Permission(frozenset({NEWER}), 1)

    def test_cohorts_that_can_all_pay_all_take_part(self) -> None:
        """The usual case."""
        own = state(rows=charges(1, cohorts=(OLDER, NEWER)), cohorts={OLDER: 40, NEWER: 20})
        permission = must_permit(request_for(sound_campaign()), own, self.POLICY)
        assert permission.cohorts == frozenset({OLDER, NEWER})

    @pytest.mark.parametrize("newer", [0, 1, 19])
    def test_too_few_students_who_can_pay_are_told_apart_from_nobody_by_nothing(self, newer: int) -> None:
        """The code that leaves is the same with none of them and with nineteen: no student can be seen in it."""
        cohorts = {OLDER: 40} | ({NEWER: newer} if newer else {})
        own = state(rows=charges(3, cohorts=(OLDER,)), cohorts=cohorts)
        assert must_refuse(request_for(sound_campaign()), own, self.POLICY).code is RefusalCode.BUDGET_YEAR

    @pytest.mark.parametrize(
        ("waiting", "code"), [(19, RefusalCode.BUDGET_LIFETIME), (20, RefusalCode.BUDGET_YEAR)]
    )
    def test_the_year_is_to_blame_if_waiting_would_help_enough_students(
        self, waiting: int, code: RefusalCode
    ) -> None:
        """The older students have spent their lifetime, the newer ones only this year."""
        spent = charges(6, cohorts=(OLDER,))
        spent += tuple(charge(seq=seq, cohorts=(NEWER,)) for seq in (7, 8, 9))
        own = state(rows=spent, cohorts={OLDER: 40, NEWER: waiting})
        assert must_refuse(request_for(sound_campaign()), own, self.POLICY).code is code

    def test_charges_from_before_cohorts_were_kept_count_for_all(self) -> None:
        """An upgrade gives nobody a fresh budget."""
        old = charges(3, cohorts=(), round_kind="")
        own = state(rows=old, cohorts={OLDER: 40, NEWER: 40})
        assert must_refuse(request_for(sound_campaign()), own, self.POLICY).code is RefusalCode.BUDGET_YEAR


class TestDefaults:
    """The school's default caps, with the real accountant."""

    @pytest.mark.parametrize("last", [1, 30, 31], ids=["first", "last", "measuring"])
    @pytest.mark.parametrize(("schools", "honest"), [(5, 3), (20, 13)])
    def test_a_plan_of_epsilon_3_passes_them_up_to_its_last_round(
        self, schools: int, honest: int, last: int
    ) -> None:
        """30 rounds at sampling rate .5 and a measuring one: alone 5.9 with h = 3 of 5, 16.2 with h = 13 of 20."""
        own, terms = PolicySettings(), _terms_of_epsilon_3(honest)
        spent = _costs(terms, last)
        assert spent["epsilon"] <= own.epsilon_year
        assert spent["alone"] <= own.epsilon_alone_year
        assert spent["round alone"] <= own.epsilon_round
        if last == 31:
            assert (round(spent["epsilon"], 2), round(spent["alone"], 1)) == (3.0, {3: 5.9, 13: 16.2}[honest])

    def test_one_round_of_thirty_schools_that_share_their_noise_is_too_much_alone(self) -> None:
        """4.07 with h = 20: such a school has to set own_honest_schools, or raise its cap with open eyes."""
        own = PolicySettings()
        assert 4.0 < _costs(_terms_of_epsilon_3(20), 1)["round alone"] < 4.1
        assert own.epsilon_round == 4.0

    def test_the_real_accountant_accepts_its_own_figures(self) -> None:
        """Epsilon 3 over 80 rounds at noise multiplier 3.306 (dp_accounting), with 79 rounds spent."""
        mechanism = sound_campaign(privacy={"noise_multiplier": 3.306}).privacy.mechanism
        figure = epsilon_of([mechanism.event(80)], 1e-5)
        assert 2.99 < figure < 3.01
        terms: dict[str, Any] = {"privacy": {"noise_multiplier": 3.306}, "rounds": 80}
        campaign = sound_campaign(epsilon=figure, epsilon_alone=figure, **terms)
        request = request_for(campaign, round=80, epsilon_after=figure)
        own = state(rows=charges(79, noise_multiplier=3.306), last_round=79, epsilon_of=epsilon_of)
        must_permit(request, own, PolicySettings(epsilon_year=3.01))
        tight = PolicySettings(epsilon_year=3.01, epsilon_lifetime=2.98)
        assert must_refuse(request, own, tight).code is RefusalCode.BUDGET_LIFETIME


def _terms_of_epsilon_3(honest: int) -> CampaignPlan:
    """As the planner finds them: an eighth of epsilon for measuring, the least noise for the rest."""
    measuring = noise_multiplier_for(0.375, 1e-5, sampling_rate=1.0, rounds=1)
    training = noise_multiplier_for(3.0, 1e-5, sampling_rate=0.5, rounds=30, others=[Event(measuring, 1.0)])
    metrics = METRICS.model_copy(update={"noise_multiplier": measuring})
    privacy = {"noise_multiplier": training, "sampling_rate": 0.5, "honest_schools": honest}
    return masked_campaign(privacy=privacy, rounds=30, metrics=metrics)


def _costs(campaign: CampaignPlan, last: int) -> dict[str, float]:
    events, honest = campaign.events(last), campaign.privacy.honest_schools
    newest = campaign.mechanism(campaign.kind_of(last))
    return {
        "epsilon": epsilon_of(events, 1e-5),
        "alone": epsilon_of([event.alone(honest) for event in events], 1e-5),
        "round alone": epsilon_of(
            [Event(newest.noise_multiplier / math.sqrt(honest), newest.sampling_rate)], 1e-5
        ),
    }
