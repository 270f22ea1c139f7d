"""A malicious coordinator: other plans, other lists, a dropout too many; test_split_view has its best attack."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from scipy.stats import chisquare

from common.privacy.secagg import holder, masks
from common.privacy.secagg.faults import SecaggFault, SecaggRefused
from common.privacy.secagg.masks import masks_left, sum_and_unmask
from common.privacy.secagg.messages import Survivors
from tests.support.secagg_world import BITS, SecaggWorld, secagg_world


def _told(world: SecaggWorld, survivors: Survivors, gone: set[int]) -> Survivors:
    """Another list of the same round, signed by the coordinator."""
    entries = tuple(entry for entry in survivors.entries if entry[0] not in gone)
    unsigned = replace(survivors, entries=entries)
    return replace(unsigned, signature=world.coordinator.sign("secagg", unsigned.signed))


def test_a_holder_answers_one_list() -> None:
    """The second answer for one round is what a split view would need, and it is refused."""
    world = secagg_world(5)
    attempt = world.attempt(1)
    masked = {m: world.mask(attempt, m) for m in world.everybody}
    survivors = world.survivors(attempt, masked)
    world.unmask(survivors, 0)
    with pytest.raises(SecaggRefused) as caught:
        world.unmask(_told(world, survivors, {3}), 0)
    assert caught.value.fault is SecaggFault.TWO_SURVIVOR_SETS


def _residue(world: SecaggWorld, *, victim_plan: str) -> np.ndarray:
    """What opens when one school was shown another plan; everybody's secrets are given to the coordinator."""
    honest, other = world.attempt(1), world.attempt(1, plan=victim_plan)
    secrets = [world.states[m].secrets[0] for m in world.everybody]
    masked = {m: world.mask(other if m == 0 else honest, m) for m in world.everybody}
    seeds = {m: secrets[m].seed for m in world.everybody}
    left = masks_left(honest.ctx, seeds, {}, public={m: world.deals[1][m, m].key for m in world.everybody})
    # The victim's self mask is under its own ctx, and the coordinator may know that too.
    left[0] = masks_left(other.ctx, {0: seeds[0]}, {}, public={0: world.deals[1][0, 0].key})[0]
    vectors = [masked[m].y for m in world.everybody]
    total = sum_and_unmask(vectors, left, count=world.dimensions, bits=BITS)
    expected = world.plain_sum(1, world.everybody)
    return (total - expected) % (1 << BITS)


def test_another_plan_for_one_school_opens_uniform_noise() -> None:
    """Pair masks are salted with the plan: what is left is as good as random; with one plan nothing is left."""
    world = secagg_world(5, dimensions=40_000)
    assert not _residue(world, victim_plan="plan").any()
    left = _residue(secagg_world(5, dimensions=40_000), victim_plan="another")
    counts = np.bincount(left >> (BITS - 8), minlength=256)
    assert chisquare(counts).pvalue > 1e-4


def test_seeds_without_the_plan_would_open_a_targeted_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutation that the test above has to catch: seeds that aren't salted with ctx cancel across plans."""
    unsalted = partial(masks.derive, salt=b"")
    monkeypatch.setattr(masks, "derive", lambda secret, salt, info: unsalted(secret, info=info))
    assert not _residue(secagg_world(5, dimensions=400), victim_plan="another").any()


def test_a_masked_vector_of_zeros_looks_uniform() -> None:
    """Its top bytes, over the ring; unmasked zeros don't."""
    world = secagg_world(3, dimensions=60_000)
    world.values[0, 1] = np.zeros(60_000, np.int64)
    y = np.frombuffer(world.mask(world.attempt(1), 0).y, np.uint8).reshape(-1, 3)
    for place in range(3):
        assert chisquare(np.bincount(y[:, place], minlength=256)).pvalue > 1e-4
    assert chisquare(np.bincount(np.zeros(60_000, np.int64), minlength=256)).pvalue < 1e-12


def test_a_holder_without_its_dropout_budget_would_open_single_schools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutation: if a school helped to drop any number, the coordinator could leave one honest school alone."""
    world = secagg_world(5)
    attempt = world.attempt(1)
    masked = {m: world.mask(attempt, m) for m in world.everybody}
    survivors = world.survivors(attempt, masked)
    few = _told(world, survivors, {2, 3, 4})
    with pytest.raises(SecaggRefused) as caught:
        world.unmask(few, 0)
    assert caught.value.fault is SecaggFault.TOO_MANY_DROPPED
    world.terms = replace(world.terms, max_dropped=4)
    assert world.unmask(few, 0, needed=1)[0].member == 0


def test_evidence_is_what_finds_a_split_view_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """One school was told that another was gone; the next round's evidence gives the lie away."""
    world = secagg_world(5)
    attempt = world.attempt(1)
    masked = {m: world.mask(attempt, m) for m in world.everybody}
    survivors = world.survivors(attempt, masked)
    unmasks = {}
    for member in world.everybody:
        told = _told(world, survivors, {4}) if member == 0 else survivors
        unmasks[member], deals = world.unmask(told, member)
        world.take_deals(deals)
    world.open(attempt, masked, {m: unmasks[m] for m in (1, 2, 3, 4)})
    with pytest.raises(SecaggRefused) as caught:
        world.mask(world.attempt(2), 0)
    assert caught.value.fault is SecaggFault.EVIDENCE_WRONG
    # The mutation: a school that skips the check goes on as if nothing had happened.
    monkeypatch.setattr(holder, "_check_reply", lambda *args, **keywords: None)
    assert world.mask(world.attempt(2), 0).member == 0
