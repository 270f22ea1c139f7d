"""P3 to P6: each constant of a plan has a bound, and the model is the one that this school computed itself."""

from typing import Any

import pytest

from client.settings import PolicySettings
from common.arrays import to_bytes
from common.canonical import sha256_hex
from common.models.dkt_shapes import zero_arrays
from common.plan import MetricTerms
from common.refusals import RefusalCode
from tests.support.judging import (
    MODEL,
    FakeLog,
    member,
    must_permit,
    must_refuse,
    request_for,
    sound_campaign,
    state,
)


def test_p5_a_plan_for_another_version() -> None:
    """The code that computes is the code that was approved."""
    request = request_for(sound_campaign(package_version="9.9"))
    assert must_refuse(request).code is RefusalCode.WRONG_VERSION


@pytest.mark.parametrize("delta", [2e-5, 9e-4])
def test_p3_delta_above_the_schools_limit(delta: float) -> None:
    """1e-5 unless the consortium is large."""
    request = request_for(sound_campaign(privacy={"delta": delta}))
    assert must_refuse(request).code is RefusalCode.DELTA_TOO_LARGE


def test_p3_delta_shrinks_with_the_number_of_students() -> None:
    """A million students: the limit is 1e6^-1.1 = 2.5e-7."""
    members = (member("east", "1"), member("north", "2", students=999_800), member("west", "3"))
    request = request_for(sound_campaign(members=members, privacy={"delta": 3e-7}))
    assert must_refuse(request).code is RefusalCode.DELTA_TOO_LARGE
    must_permit(request_for(sound_campaign(members=members, privacy={"delta": 2.4e-7, "modulus_bits": 32})))


@pytest.mark.parametrize(
    ("privacy", "word"),
    [
        ({"clip_norm": 11.0}, "clip_norm"),
        ({"noise_multiplier": 0.4}, "noise_multiplier"),
        ({"rho": 0.0}, "rho"),
        ({"batch_cap_sd": 5.0}, "batch_cap_sd"),
        ({"modulus_bits": 16, "share_std_units": 2000.0}, "overflow"),
    ],
)
def test_p4_each_constant_has_its_bound(privacy: dict[str, Any], word: str) -> None:
    """The sentence names the constant."""
    refusal = must_refuse(request_for(sound_campaign(privacy=privacy)))
    assert refusal.code is RefusalCode.TERMS_OUT_OF_BOUNDS
    assert word in refusal.sentence


def test_p4_an_extreme_plan_within_the_bounds_is_allowed() -> None:
    """A bound is a bound, not a taste."""
    privacy = {"modulus_bits": 32, "share_std_units": 65536.0, "noise_multiplier": 0.5}
    must_permit(request_for(sound_campaign(privacy=privacy)))


@pytest.mark.parametrize(
    ("metrics", "word"), [({"noise_multiplier": 0.4}, "noise_multiplier"), ({"modulus_bits": 16}, "overflow")]
)
def test_p4_the_measuring_round_has_bounds_too(metrics: dict[str, Any], word: str) -> None:
    """It is a look at the students like any other."""
    terms: dict[str, Any] = {"bins": 10, "noise_multiplier": 9.0, "modulus_bits": 24}
    must_permit(request_for(sound_campaign(metrics=MetricTerms(**terms), privacy={"share_std_units": 2000.0})))
    bad = sound_campaign(metrics=MetricTerms(**(terms | metrics)), privacy={"share_std_units": 2000.0})
    refusal = must_refuse(request_for(bad))
    assert refusal.code is RefusalCode.TERMS_OUT_OF_BOUNDS
    assert word in refusal.sentence


def test_p4_bounds_are_the_schools_own() -> None:
    """A stricter school refuses what another accepts."""
    request = request_for(sound_campaign())
    for strict in (
        PolicySettings(sampling_rate_max=0.2),
        PolicySettings(share_std_units_min=20.0),
        PolicySettings(rounds_max=2),
    ):
        assert must_refuse(request, policy=strict).code is RefusalCode.TERMS_OUT_OF_BOUNDS


@pytest.mark.parametrize(
    "model", [to_bytes(zero_arrays(3, 16)), to_bytes(zero_arrays(4, 8)), b"", b"HRA1 and then nothing"]
)
def test_p6_a_model_of_another_shape_or_none(model: bytes) -> None:
    """Also when the plan names these very bytes, and a later round hides the start."""
    request = request_for(sound_campaign(), model=model, round=2)
    own = state(recomputed_digest=sha256_hex(model))
    assert must_refuse(request, own).code is RefusalCode.WRONG_MODEL


def test_p6_bytes_that_the_plan_does_not_name() -> None:
    """One bit is enough."""
    request = request_for(sound_campaign(), model_digest=sha256_hex(MODEL + b"x"))
    assert must_refuse(request).code is RefusalCode.WRONG_MODEL


def test_p6_a_first_round_from_another_start() -> None:
    """The administrator approved the start's hash; crafted weights have no way in."""
    crafted = zero_arrays(3, 8)
    crafted["b_out"] += 1
    request = request_for(sound_campaign(), model=to_bytes(crafted))
    assert must_refuse(request).code is RefusalCode.WRONG_MODEL


@pytest.mark.parametrize("own", [None, "f" * 64], ids=["none computed", "another computed"])
def test_p6_a_later_model_that_this_school_did_not_compute_itself(own: str | None) -> None:
    """The plan names these bytes and signs for them: that isn't enough."""
    request = request_for(sound_campaign(), round=2)
    must_permit(request)
    refusal = must_refuse(request, state(recomputed_digest=own, log=FakeLog()))
    assert refusal.code is RefusalCode.WRONG_MODEL
    assert "comput" in refusal.sentence


def test_p6_the_first_model_is_the_approved_one_whether_or_not_it_was_computed() -> None:
    """Unless this school computed something else."""
    request = request_for(sound_campaign())
    must_permit(request, state(recomputed_digest=None))
    assert must_refuse(request, state(recomputed_digest="f" * 64)).code is RefusalCode.WRONG_MODEL
