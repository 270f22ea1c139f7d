"""The real ClientApp under Flower's own SuperNode: a school may run that in place of our link."""

from pathlib import Path

import pytest

from deploy.demo.processes import call
from tests.support.campaign_endings import CampaignRecords
from tests.support.consortium_folders import ConsortiumFolders
from tests.support.running_consortium import RunningConsortium

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("flower")]


def test_a_stock_supernode_answers_a_round_with_the_real_app(
    consortium: ConsortiumFolders, tmp_path: Path
) -> None:
    """Through the gate, with the school's own node key; its update is admitted and charged."""
    folders = consortium.copy(tmp_path / "consortium")
    with RunningConsortium(folders) as running, CampaignRecords(folders, "patient") as records:
        running.serve()
        running.must_become(lambda: "The console is at" in running.log("coordinator"))
        running.stock_node("west")
        running.links("east", "north")
        call("server.cli", "--folder", folders.coordinator.root, "campaign", "start", "patient")
        running.must_become(lambda: records.rounds_done() >= 1, within_seconds=150.0)
        assert records.answers()[1] == {"east": "answered", "north": "answered", "west": "answered"}
        assert records.charges()["west"][0] == 1
