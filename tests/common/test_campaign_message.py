"""A campaign plan comes back equal from its signed message, and only from the coordinator's."""

import pytest

from common.campaign_message import open_campaign, seal_campaign
from common.errors import Corrupt, Refused
from common.exchange import RoundReply, seal_reply
from common.signing import new_identity
from tests.support.plans import campaign_plan


def test_a_plan_comes_back_equal() -> None:
    """The administrator approves the very digest that the coordinator signed."""
    identity = new_identity()
    plan = campaign_plan(coordinator_key=identity.public_key)
    opened = open_campaign(seal_campaign(identity, plan), coordinator_key=identity.public_key)
    assert opened == plan
    assert opened.digest == plan.digest


def test_another_coordinator_is_refused() -> None:
    """Only the coordinator that the school enrolled with can propose."""
    identity, other = new_identity(), new_identity()
    with pytest.raises(Refused):
        open_campaign(
            seal_campaign(other, campaign_plan(coordinator_key=other.public_key)),
            coordinator_key=identity.public_key,
        )


def test_a_plan_that_names_another_key_is_refused() -> None:
    """The plan's own key and the signature's must be one."""
    identity = new_identity()
    foreign = campaign_plan(coordinator_key=new_identity().public_key)
    with pytest.raises(Corrupt, match="another coordinator"):
        open_campaign(seal_campaign(identity, foreign), coordinator_key=identity.public_key)


def test_another_kind_of_message_is_refused() -> None:
    """A round's reply isn't a campaign."""
    identity = new_identity()
    reply = seal_reply(identity, RoundReply("Alder", "00" * 32, update=b""))
    with pytest.raises(Refused):
        open_campaign(reply, coordinator_key=identity.public_key)
