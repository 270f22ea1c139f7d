"""A release is a whole file with a row, or no release at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from common.arrays import to_bytes
from common.errors import Corrupt, FixSettings
from common.models.release import read_release
from common.plan import CampaignPlan
from server import registry
from server.campaign_records import CampaignState, find_campaign
from server.coordinator import Coordinator
from server.evaluate import Evaluation
from server.registry import (
    ReleaseState,
    find_release,
    list_releases,
    read_release_file,
    register_release,
    release_file,
    withdraw_release,
)
from tests.support.coordinators import add_test_campaign, new_coordinator, start_arrays, three_schools

MODEL = to_bytes(start_arrays(3, 8))
EVALUATION = Evaluation({"simulated_auc": 0.7})


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """A coordinator that was just set up."""
    made = new_coordinator(tmp_path)
    yield made
    made.close()


@pytest.fixture
def campaign(coordinator: Coordinator) -> CampaignPlan:
    """A campaign in its database."""
    return add_test_campaign(coordinator, three_schools(coordinator))


def _register(coordinator: Coordinator, campaign: CampaignPlan) -> str:
    return register_release(coordinator, campaign, model=MODEL, evaluation=EVALUATION)


def test_the_card_says_what_the_plan_promised(coordinator: Coordinator, campaign: CampaignPlan) -> None:
    """Cost, unit, relation, assumption, and where the figures come from."""
    data = read_release_file(coordinator, _register(coordinator, campaign))
    card = read_release(data, coordinator.identity.public_key).card
    assert (card.epsilon, card.delta, card.rounds) == (campaign.epsilon, campaign.privacy.delta, 3)
    assert (card.unit, card.relation) == ("student", "add or remove one student")
    assert card.evaluation == {"simulated_auc": 0.7}
    assert "whatever the coordinator and the other schools do" in card.assumption
    assert "anonym" not in card.model_dump_json()


def test_a_kill_between_file_and_row_leaves_no_release(
    coordinator: Coordinator, campaign: CampaignPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Doing it again registers one, and the campaign ends with it."""

    class Killed(BaseException):
        """Stands for kill -9."""

    def killed(*arguments: object, **more: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(registry, "set_state", killed)
        with pytest.raises(Killed):
            _register(coordinator, campaign)
    with coordinator.store.read() as connection:
        assert list_releases(connection) == []
    digest = _register(coordinator, campaign)
    with coordinator.store.read() as connection:
        assert [record.digest for record in list_releases(connection)] == [digest]
        assert find_campaign(connection, campaign.digest).state == CampaignState.RELEASED


def test_a_withdrawn_release_stays_on_record(coordinator: Coordinator, campaign: CampaignPlan) -> None:
    """Its file too: whoever installed it can still be told what it was."""
    digest = _register(coordinator, campaign)
    assert withdraw_release(coordinator, digest, reason="weak").state == ReleaseState.WITHDRAWN
    assert read_release_file(coordinator, digest)


@pytest.mark.parametrize("digits", [7, 8, 64])
def test_a_release_is_named_by_eight_digits_or_more(
    coordinator: Coordinator, campaign: CampaignPlan, digits: int
) -> None:
    """Fewer could be an accident."""
    digest = _register(coordinator, campaign)
    with coordinator.store.read() as connection:
        if digits < 8:
            with pytest.raises(FixSettings):
                find_release(connection, digest[:digits])
        else:
            assert find_release(connection, digest[:digits]).digest == digest


def test_a_missing_or_changed_file_is_said(coordinator: Coordinator, campaign: CampaignPlan) -> None:
    """Never handed out."""
    digest = _register(coordinator, campaign)
    path = release_file(coordinator, digest)
    data = path.read_bytes()
    path.write_bytes(data[:-1])
    with pytest.raises(Corrupt, match="was changed"):
        read_release_file(coordinator, digest)
    path.unlink()
    with pytest.raises(FixSettings, match="is missing"):
        read_release_file(coordinator, digest)
