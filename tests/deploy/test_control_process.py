"""The control as a process of its own: what it trained comes back whole, and its log tells how far it is."""

from pathlib import Path

import pytest

from common.errors import RetryLater
from common.whole_file import write_whole
from deploy.demo.comparison import Trained
from deploy.demo.control_process import RESULT, as_text, trained_from, wait_for_control
from deploy.demo.copies import twin_folder
from deploy.demo.processes import Processes
from deploy.demo.settings import DemoSettings, read_settings
from tests.support.judging import masked_campaign
from tests.support.plans import NEWTON, campaign_plan, logistic_model

TRAINED = Trained(
    [campaign_plan(model=logistic_model(), optimiser=NEWTON), masked_campaign()],
    {"auc_logistic": 0.7, "auc_model": 0.69, "auc_shared": 0.7123456789},
)


@pytest.fixture
def settings(tmp_path: Path) -> DemoSettings:
    """A demo in a temporary folder."""
    return read_settings({"DEMO_FOLDER": str(tmp_path / "demo"), "DEMO_REPORT": str(tmp_path / "report.json")})


def test_what_it_trained_comes_back_whole() -> None:
    """Plans to the byte, figures to the last digit."""
    found = trained_from(as_text(TRAINED))
    assert [plan.digest for plan in found.plans] == [plan.digest for plan in TRAINED.plans]
    assert found.pooled == TRAINED.pooled


def test_it_is_waited_for_and_its_progress_is_told(settings: DemoSettings) -> None:
    """One line for each time that schools were asked."""
    told: list[int] = []
    with Processes(settings.folder / "logs") as processes:
        (settings.folder / "logs" / "control.log").write_text("first campaign: asked 1 times\n" * 3)
        write_whole(twin_folder(settings) / RESULT, as_text(TRAINED).encode())
        assert wait_for_control(settings, processes, told.append).pooled == TRAINED.pooled
    assert told == [3]


def test_a_control_that_fails_is_named_with_its_last_words(settings: DemoSettings) -> None:
    """The demo doesn't report half of a comparison."""
    with Processes(settings.folder / "logs") as processes:
        processes.start("control", ("/bin/sh", "-c", "echo The control run ended stopped.; exit 2"), may_end=True)
        with pytest.raises(RetryLater, match=r"(?s)control.*ended stopped"):
            wait_for_control(settings, processes, lambda asked: None)
