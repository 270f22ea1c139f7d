"""The split view in full: every story to every honest school, all shares of the corrupt ones, real sums."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np
import pytest
from numpy.typing import NDArray

from common.privacy.secagg import holder
from common.privacy.secagg.masks import masks_left, sum_and_unmask
from common.privacy.secagg.messages import Masked
from common.privacy.secagg.shamir import coefficients_at_zero, recover
from common.privacy.secagg.state import HeldShares
from common.privacy.secagg.terms import Attempt
from tests.support.secagg_world import BITS, SecaggWorld, secagg_world

MEMBERS, CORRUPT = 7, (5, 6)
HONEST = tuple(m for m in range(MEMBERS) if m not in CORRUPT)
# For each honest school in turn, who is gone according to the list that it is shown; None for nobody.
Story = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Loot:
    """All that the coordinator and both corrupt schools have after trip 2, whatever it told to whom.

    answers: an honest holder's shares by what it was told. both: a corrupt holder's two shares of each dealer.
    """

    world: SecaggWorld
    attempt: Attempt
    masked: Mapping[int, Masked]
    answers: Mapping[tuple[int, int | None], Mapping[int, bytes]]
    both: Mapping[int, Mapping[int, tuple[bytes, bytes]]]
    corrupt_keys: Mapping[int, bytes]

    def shares(self, story: Story, dealer: int, *, of_key: bool) -> dict[int, bytes]:
        """One kind of share of a dealer's secrets, by holder."""
        honest = {
            h: self.answers[h, told][dealer]
            for h, told in zip(HONEST, story, strict=True)
            if (told == dealer) == of_key
        }
        return honest | {c: self.both[c][dealer][0 if of_key else 1] for c in CORRUPT}

    def opens(self, story: Story, dealer: int, *, of_key: bool) -> bool:
        """Whether there are enough of them."""
        return len(self.shares(story, dealer, of_key=of_key)) >= self.world.terms.threshold

    def secret(self, story: Story, dealer: int, *, of_key: bool) -> bytes:
        """What they open to."""
        shares = self.shares(story, dealer, of_key=of_key)
        holders = sorted(shares)[: self.world.terms.threshold]
        return recover([shares[h] for h in holders], coefficients_at_zero(holders)) or b""

    def sum_over(self, story: Story, body: tuple[int, ...]) -> NDArray[np.int64]:
        """The masked vectors of `body` with every mask taken off that the loot knows."""
        seeds = {m: self.secret(story, m, of_key=False) for m in body}
        gone = [m for m in HONEST if self.opens(story, m, of_key=True)]
        keys = {m: self.secret(story, m, of_key=True) for m in gone} | dict(self.corrupt_keys)
        public = {m: self.world.deals[1][m, m].key for m in body}
        masks = masks_left(self.attempt.ctx, seeds, keys, public=public)
        vectors = [self.masked[m].y for m in body]
        return sum_and_unmask(vectors, masks, count=self.attempt.dimensions, bits=BITS)


@pytest.fixture(scope="module")
def loot() -> Loot:
    """Seven schools, two of them corrupt, one may be called dropped: honest floor 4."""
    world = secagg_world(MEMBERS)
    assert (world.terms.corrupt, world.terms.max_dropped, world.terms.honest_floor()) == (2, 1, 4)
    attempt = world.attempt(1)
    corrupt_keys = {c: world.states[c].secrets[0].key for c in CORRUPT}
    masked = {m: world.mask(attempt, m) for m in world.everybody}
    told = world.survivors(attempt, masked)
    answers = {}
    for me, gone in product(HONEST, (None, *HONEST)):
        if gone == me:
            continue
        unsigned = replace(told, entries=tuple(entry for entry in told.entries if entry[0] != gone))
        signature = world.coordinator.sign("secagg", unsigned.signed)
        _, unmask, _ = holder.unmask(
            world.states[me],  # the state stays: each answer is one that this school could have given
            world.terms,
            replace(unsigned, signature=signature),
            needed=2,
            identity=world.identities[me],
            randomness=world.randomness(me),
        )
        answers[me, gone] = dict(unmask.shares)
    both = {c: {one.member: (one.key_share, one.seed_share) for one in _held(world, c)} for c in CORRUPT}
    return Loot(world, attempt, masked, answers, both, corrupt_keys)


def _held(world: SecaggWorld, member: int) -> tuple[HeldShares, ...]:
    last = world.states[member].last_round
    return last.shares if last else ()


def stories() -> Iterator[Story]:
    """All 3,125: a school is never called gone to itself."""
    return product(*[[gone for gone in (None, *HONEST) if gone != me] for me in HONEST])


def openable_body(loot: Loot, story: Story) -> tuple[int, ...]:
    """The honest schools whose sum opens under a story; nobody if an unknown mask covers everything."""
    body = tuple(m for m in HONEST if not loot.opens(story, m, of_key=True))
    return body if all(loot.opens(story, m, of_key=False) for m in body) else ()


def test_no_story_opens_both_secrets_of_a_school_or_fewer_than_the_floor(loot: Loot) -> None:
    """The counting argument on the shares that the code really gave away."""
    sizes = set()
    for story in stories():
        for dealer in HONEST:
            assert not (loot.opens(story, dealer, of_key=True) and loot.opens(story, dealer, of_key=False))
        sizes.add(len(openable_body(loot, story)))
    assert sizes <= {0, 4, 5}
    assert 4 in sizes


def test_what_opens_is_one_sum_and_no_part_of_it(loot: Loot) -> None:
    """Three schools are told that school 0 is gone: the sum of the other four opens, and no smaller one."""
    story: Story = (None, 0, 0, 0, None)
    body = openable_body(loot, story)
    assert body == (1, 2, 3, 4)
    modulus = (1 << BITS) - 1

    def left(members: tuple[int, ...]) -> NDArray[np.int64]:
        return (loot.sum_over(story, members) - loot.world.plain_sum(1, members)) & modulus

    assert not left(body).any()
    for size in (1, 2, 3):
        for part in combinations(body, size):
            assert np.count_nonzero(left(part)) > loot.attempt.dimensions // 2


def test_a_story_told_to_too_few_opens_no_key(loot: Loot) -> None:
    """Two schools told that school 0 is gone: its seed opens instead, and the sum holds all five."""
    story: Story = (None, 0, 0, None, None)
    assert openable_body(loot, story) == HONEST
    total = loot.sum_over(story, HONEST)
    assert np.array_equal(total, loot.world.plain_sum(1, HONEST) & ((1 << BITS) - 1))
