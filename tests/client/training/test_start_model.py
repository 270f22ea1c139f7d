"""The start of a campaign, kept at the school for a later comparison."""

from pathlib import Path

import numpy as np
import pytest

from client.training.start_model import keep_start, kept_start
from common.arrays import from_bytes
from common.exchange import RoundRequest
from common.signing import new_identity
from tests.support.plans import round_plan
from tests.support.schools import approve_in, consortium_of, start_model
from tests.support.stores import in_reader, sqlite_store


@pytest.fixture(params=[1, 2], ids=["first round", "second round"])
def round_number(request: pytest.FixtureRequest) -> int:
    """Which round the school hears of first."""
    return int(request.param)


def test_only_the_approved_start_is_kept(tmp_path: Path, round_number: int) -> None:
    """A school that joins at the second round has no start to compare with."""
    consortium = consortium_of(new_identity().public_key)
    model = start_model() if round_number == 1 else start_model(seed=6)
    digest = {} if round_number == 1 else {"model_digest": "d" * 64}
    request = RoundRequest(
        consortium.campaign, round_plan(consortium.campaign, round=round_number, **digest), model
    )
    keep_start(request, tmp_path)
    store = sqlite_store(tmp_path)
    try:
        approve_in(store, consortium.campaign)
        kept = in_reader(store, lambda c: kept_start(c, consortium.campaign.digest, tmp_path))
        assert in_reader(store, lambda c: kept_start(c, "e" * 64, tmp_path)) is None
        if round_number == 2:
            assert kept is None
            return
        assert kept is not None
        np.testing.assert_array_equal(kept["W_hh"], from_bytes(start_model())["W_hh"])
        file = next(tmp_path.glob("*.start"))
        file.write_bytes(file.read_bytes()[:-1])
        assert in_reader(store, lambda c: kept_start(c, consortium.campaign.digest, tmp_path)) is None
    finally:
        store.close()
