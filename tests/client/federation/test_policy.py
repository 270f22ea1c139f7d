"""One test per rule: a sound plan with one thing wrong is refused by that rule, in words for the administrator."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.federation.policy import decide
from client.federation.school_state import SchoolState
from client.settings import PolicySettings
from common.arrays import to_bytes
from common.canonical import sha256_hex
from common.exchange import RoundRequest
from common.models.dkt_shapes import zero_arrays
from common.privacy.accounting import epsilon_of
from common.refusals import Refusal, RefusalCode
from tests.support.judging import (
    MODEL,
    charge,
    linear_epsilon,
    member,
    request_for,
    sound_campaign,
    state,
)
from tests.support.stores import NOW

POLICY = PolicySettings()
COST = 0.25 / 1.5  # one round of the sound plan under linear_epsilon


def refused(request: RoundRequest, own: SchoolState | None = None, policy: PolicySettings = POLICY) -> Refusal:
    """The refusal, which must be there and be written for a person."""
    refusal = decide(request, own or state(), policy)
    assert refusal is not None
    assert refusal.sentence.endswith(".")
    assert refusal.sentence[0].isupper()
    return refusal


def test_a_sound_plan_is_accepted() -> None:
    """Every test below breaks one thing of this plan."""
    assert decide(request_for(sound_campaign()), state(), POLICY) is None


class TestWho:
    """P8, P9, P11, P13."""

    @pytest.mark.parametrize(
        "members",
        [
            (member("east", "9"), member("north", "2"), member("west", "3")),
            (member("north", "2"), member("west", "3"), member("south", "4")),
            (member("east", "1"), member("north", "2"), member("north", "3")),
            (member("east", "1"), member("north", "2"), member("west", "2")),
            (member("east", "1"), member("north", "2"), member("west", "1")),
            (member("east", "1", students=500), member("north", "2"), member("west", "3")),
        ],
        ids=["own key wrong", "absent", "doubled name", "doubled key", "own key twice", "own number wrong"],
    )
    def test_p9_a_roster_that_pads_or_misnames(self, members: Any) -> None:
        """A padded roster would pretend that more schools hide this one."""
        request = request_for(sound_campaign(members=members))
        assert refused(request).code is RefusalCode.NOT_IN_ROSTER

    @pytest.mark.parametrize(
        "cohort", [("east", "east", "west"), ("east", "north", "other"), ("north", "west", "north")]
    )
    def test_p9_a_cohort_that_is_not_from_the_roster(self, cohort: tuple[str, ...]) -> None:
        """Doubled, unknown, or without this school."""
        assert refused(request_for(sound_campaign(), cohort=cohort)).code is RefusalCode.NOT_IN_ROSTER

    def test_p11_a_campaign_that_nobody_here_approved(self) -> None:
        """The coordinator's signature isn't enough."""
        refusal = refused(request_for(sound_campaign()), state(approved=False))
        assert refusal.code is RefusalCode.PLAN_NOT_APPROVED

    def test_p11_a_round_of_another_campaign(self) -> None:
        """A round plan names the campaign that it belongs to."""
        request = request_for(sound_campaign(), campaign_digest="f" * 64)
        assert refused(request).code is RefusalCode.PLAN_NOT_APPROVED

    @pytest.mark.parametrize(("last", "asked"), [(2, 1), (2, 2), (0, 4)])
    def test_p11_an_older_round_or_one_too_many(self, last: int, asked: int) -> None:
        """A second answer to an answered round would be a second look at the same students."""
        request = request_for(sound_campaign(), round=asked)
        assert refused(request, state(last_round=last)).code is RefusalCode.ROUND_OUT_OF_ORDER

    def test_p11_a_missed_round_is_fine(self) -> None:
        """A school that was away goes on with the next round."""
        assert decide(request_for(sound_campaign(), round=3), state(last_round=1), POLICY) is None

    @pytest.mark.parametrize(("own", "campaigns"), [(4, 1), (1, 4)])
    def test_p8_too_few_schools_for_the_school_or_for_the_campaign(self, own: int, campaigns: int) -> None:
        """The larger of the two minima counts."""
        request = request_for(sound_campaign(minimum_cohort=campaigns))
        policy = PolicySettings(minimum_cohort=own)
        assert refused(request, policy=policy).code is RefusalCode.COHORT_TOO_SMALL

    def test_p13_too_few_consenting_students(self) -> None:
        """The code says nothing about students; the number stays in the local reason."""
        refusal = refused(request_for(sound_campaign()), state(consenting=19))
        assert refusal.code is RefusalCode.NOT_TAKING_PART
        assert "19" not in refusal.sentence
        assert "19" in refusal.local_reason

    def test_p15_another_purpose(self) -> None:
        """The wire type allows one purpose; a plan that got past it is refused all the same."""
        campaign = sound_campaign().model_copy(update={"purpose": "advertising"})
        request = request_for(sound_campaign())
        odd = RoundRequest(campaign, request.plan, MODEL)
        assert refused(odd).code is RefusalCode.PURPOSE_NOT_ALLOWED


class TestTerms:
    """P3, P4, P5, P6."""

    def test_p5_a_plan_for_another_version(self) -> None:
        """The code that computes is the code that was approved."""
        request = request_for(sound_campaign(package_version="9.9"))
        assert refused(request).code is RefusalCode.WRONG_VERSION

    @pytest.mark.parametrize("delta", [2e-5, 9e-4])
    def test_p3_delta_above_the_schools_limit(self, delta: float) -> None:
        """1e-5 unless the consortium is large."""
        request = request_for(sound_campaign(privacy={"delta": delta}))
        assert refused(request).code is RefusalCode.DELTA_TOO_LARGE

    def test_p3_delta_shrinks_with_the_number_of_students(self) -> None:
        """A million students: the limit is 1e6^-1.1 = 2.5e-7."""
        members = (member("east", "1"), member("north", "2", students=999_800), member("west", "3"))
        request = request_for(sound_campaign(members=members, privacy={"delta": 3e-7}))
        assert refused(request).code is RefusalCode.DELTA_TOO_LARGE
        fine = sound_campaign(members=members, privacy={"delta": 2.4e-7, "modulus_bits": 32})
        assert decide(request_for(fine), state(), POLICY) is None

    @pytest.mark.parametrize(
        ("privacy", "word"),
        [
            ({"honest_schools": 2}, "masking"),
            ({"clip_norm": 11.0}, "clip_norm"),
            ({"noise_multiplier": 0.4}, "noise_multiplier"),
            ({"rho": 0.0}, "rho"),
            ({"batch_cap_sd": 5.0}, "batch_cap_sd"),
            ({"modulus_bits": 16, "share_std_units": 2000.0}, "overflow"),
            ({"modulus_bits": 32, "share_std_units": 65536.0, "noise_multiplier": 0.5}, ""),
        ],
    )
    def test_p4_each_constant_has_its_bound(self, privacy: dict[str, Any], word: str) -> None:
        """The sentence names the constant; the last case is extreme and allowed."""
        refusal = decide(request_for(sound_campaign(privacy=privacy)), state(), POLICY)
        if not word:
            assert refusal is None
            return
        assert refusal is not None
        assert refusal.code is RefusalCode.TERMS_OUT_OF_BOUNDS
        assert word in refusal.sentence

    def test_p4_bounds_are_the_schools_own(self) -> None:
        """A stricter school refuses what another accepts."""
        request = request_for(sound_campaign())
        for strict in (
            PolicySettings(sampling_rate_max=0.2),
            PolicySettings(share_std_units_min=20.0),
            PolicySettings(rounds_max=2),
        ):
            assert refused(request, policy=strict).code is RefusalCode.TERMS_OUT_OF_BOUNDS

    @pytest.mark.parametrize(
        "model", [to_bytes(zero_arrays(3, 16)), to_bytes(zero_arrays(4, 8)), b"", b"HRA1 and then nothing"]
    )
    def test_p6_a_model_of_another_shape_or_none(self, model: bytes) -> None:
        """Also when the plan names these very bytes, and a later round hides the start."""
        request = request_for(sound_campaign(), model=model, round=2)
        assert refused(request).code is RefusalCode.WRONG_MODEL

    def test_p6_bytes_that_the_plan_does_not_name(self) -> None:
        """One bit is enough."""
        request = request_for(sound_campaign(), model_digest=sha256_hex(MODEL + b"x"))
        assert refused(request).code is RefusalCode.WRONG_MODEL

    def test_p6_a_first_round_from_another_start(self) -> None:
        """The administrator approved the start's hash; crafted weights have no way in."""
        crafted = zero_arrays(3, 8)
        crafted["b_out"] += 1
        request = request_for(sound_campaign(), model=to_bytes(crafted))
        assert refused(request).code is RefusalCode.WRONG_MODEL


class TestBudget:
    """P1 and P2."""

    def test_p2_a_round_that_costs_too_much_by_itself(self) -> None:
        """One round costs 1/6 here."""
        policy = PolicySettings(epsilon_round=COST * 0.99)
        assert refused(request_for(sound_campaign()), policy=policy).code is RefusalCode.BUDGET_ROUND

    @pytest.mark.parametrize("factor", [0.9, 1.1])
    @pytest.mark.parametrize("field", ["epsilon", "epsilon_alone"])
    def test_p2_a_campaign_that_prints_another_figure(self, field: str, factor: float) -> None:
        """Too low would deceive, too high shows that the two sides compute differently."""
        changes: dict[str, Any] = {field: 3 * COST * factor}
        request = request_for(sound_campaign(**changes))
        assert refused(request).code is RefusalCode.FIGURES_DIFFER

    def test_p2_a_round_that_prints_another_figure(self) -> None:
        """The figure after each round is compared as well."""
        request = request_for(sound_campaign(), round=2, epsilon_after=COST)
        assert refused(request).code is RefusalCode.FIGURES_DIFFER

    def test_p1_the_lifetime_cap_counts_every_charge_ever(self) -> None:
        """Five old rounds and this one come to 6 x 1/6 = 1."""
        old = tuple(charge(at=NOW - timedelta(days=900)) for _ in range(5))
        request = request_for(sound_campaign())
        enough, short = PolicySettings(epsilon_lifetime=1.001), PolicySettings(epsilon_lifetime=0.999)
        assert decide(request, state(charges=old), enough) is None
        assert refused(request, state(charges=old), short).code is RefusalCode.BUDGET_LIFETIME

    def test_p1_the_yearly_cap_counts_the_last_365_days(self) -> None:
        """Charges a day older than a year have left it."""
        policy = PolicySettings(epsilon_year=0.5)
        request = request_for(sound_campaign())
        for days, expected in ((364, RefusalCode.BUDGET_YEAR), (366, None)):
            old = tuple(charge(at=NOW - timedelta(days=days)) for _ in range(5))
            refusal = decide(request, state(charges=old), policy)
            assert (refusal.code if refusal else None) is expected

    @pytest.mark.parametrize("cap", ["epsilon_alone_year", "epsilon_alone_lifetime"])
    def test_p1_the_figure_if_all_others_collude_has_caps_of_its_own(self, cap: str) -> None:
        """With h = 1 both figures agree, so the smaller cap decides."""
        policy = PolicySettings.model_validate({cap: COST / 2})
        code = RefusalCode.BUDGET_YEAR if "year" in cap else RefusalCode.BUDGET_LIFETIME
        assert refused(request_for(sound_campaign()), policy=policy).code is code

    @pytest.mark.parametrize("odd", [float("nan"), float("inf")])
    def test_p1_a_figure_that_is_not_a_number_never_passes(self, odd: float) -> None:
        """An accountant in trouble must not open the door."""

        def broken(events: Any, delta: float) -> float:
            total = linear_epsilon(events, delta)
            return odd if total > 2 else total

        old = tuple(charge() for _ in range(20))
        refusal = refused(request_for(sound_campaign()), state(charges=old, epsilon_of=broken))
        assert refusal.code is RefusalCode.BUDGET_YEAR

    @settings(max_examples=150, deadline=None)
    @given(
        noise_multiplier=st.floats(0.3, 20),
        sampling_rate=st.floats(0.01, 1),
        rounds=st.integers(1, 60),
        asked=st.integers(1, 60),
        spent=st.lists(st.floats(0.3, 5), max_size=30),
        cap=st.floats(0.1, 5),
    )
    def test_no_accepted_plan_exceeds_a_cap(
        self,
        *,
        noise_multiplier: float,
        sampling_rate: float,
        rounds: int,
        asked: int,
        spent: list[float],
        cap: float,
    ) -> None:
        """Whatever the plan and the past, a yes means that all charges and this round are within the caps."""
        privacy = {"noise_multiplier": noise_multiplier, "sampling_rate": sampling_rate}
        campaign = sound_campaign(privacy=privacy, rounds=rounds)
        policy = PolicySettings(epsilon_lifetime=cap, epsilon_year=cap, epsilon_alone_lifetime=cap)
        charges = tuple(charge(noise_multiplier=z) for z in spent)
        if decide(request_for(campaign, round=asked), state(charges=charges), policy) is None:
            events = [*(row.event for row in charges), campaign.privacy.mechanism.event()]
            assert linear_epsilon(events, 1e-5) <= cap
            assert noise_multiplier >= policy.noise_multiplier_min

    def test_the_real_accountant_accepts_its_own_figures(self) -> None:
        """Epsilon 3 over 80 rounds at noise multiplier 3.306 (dp_accounting), with 79 rounds spent."""
        mechanism = sound_campaign(privacy={"noise_multiplier": 3.306}).privacy.mechanism
        figure = epsilon_of([mechanism.event(80)], 1e-5)
        assert 2.99 < figure < 3.01
        campaign = sound_campaign(
            privacy={"noise_multiplier": 3.306}, rounds=80, epsilon=figure, epsilon_alone=figure
        )
        request = request_for(campaign, round=80, epsilon_after=figure)
        spent = tuple(charge(noise_multiplier=3.306) for _ in range(79))
        own = state(charges=spent, last_round=79, epsilon_of=epsilon_of)
        assert decide(request, own, PolicySettings(epsilon_lifetime=3.01)) is None
        tight = PolicySettings(epsilon_lifetime=2.98)
        assert refused(request, own, tight).code is RefusalCode.BUDGET_LIFETIME
