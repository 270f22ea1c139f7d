"""Unmasked shares add up to one exact sum, whatever their order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Corrupt
from common.federated_step import dimensions, opened_total
from common.privacy.fixed_point import encode
from common.privacy.secagg.commitments import vector_digest
from server.aggregate import opened_without_masks
from tests.support.plans import campaign_plan, round_plan

CAMPAIGN = campaign_plan()
PLAN = round_plan(CAMPAIGN)
VALUES = {
    name: np.random.default_rng(seed).integers(-(2**20), 2**20, dimensions(CAMPAIGN))
    for seed, name in enumerate(("east", "north", "west"))
}
SHARES = {name: encode(values, CAMPAIGN.privacy.modulus_bits) for name, values in VALUES.items()}


@given(st.permutations(sorted(SHARES)))
def test_the_order_of_schools_changes_no_bit(order: list[str]) -> None:
    """Integers are added, so the record is the same bytes."""
    opened = opened_without_masks(CAMPAIGN, PLAN, {name: SHARES[name] for name in order})
    assert opened == opened_without_masks(CAMPAIGN, PLAN, SHARES)
    assert opened_total(CAMPAIGN, opened).tolist() == sum(VALUES.values()).tolist()  # type: ignore[union-attr]


def test_the_record_names_who_is_in_the_sum() -> None:
    """Each with the hash of what it sent, so that it can find itself."""
    opened = opened_without_masks(CAMPAIGN, PLAN, SHARES)
    assert opened.survivors == tuple((name, vector_digest(SHARES[name], 24).hex()) for name in sorted(SHARES))


def test_a_share_of_another_length_is_corrupt() -> None:
    """Admission has dropped such a school before."""
    with pytest.raises(Corrupt):
        opened_without_masks(CAMPAIGN, PLAN, {"east": SHARES["east"][:-1]})
