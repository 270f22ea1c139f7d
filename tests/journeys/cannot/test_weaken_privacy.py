"""The coordinator can't weaken clip, noise or budget: real schools refuse, also a plan that somebody had approved.

A consortium's folders, the coordinator's own campaign loop and whole schools with their databases, ledgers and
policies, in one process.
"""

from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from client.federation.school_link import open_school
from client.training.answer_message import answer_message
from common.privacy.ledger import charges_of
from common.refusals import RefusalCode
from server.campaign import run_campaign
from server.campaign_records import CampaignState, want_campaign
from server.plan import CampaignDraft
from tests.support.campaign_endings import CampaignRecords
from tests.support.consortium_folders import HASTY, STUDENTS, build_consortium
from tests.support.direct_record import DirectRecord
from tests.support.memory_transport import MemoryTransport, SteppedTime

# What a coordinator might propose to see more, and what every school answers.
WEAK: dict[str, tuple[CampaignDraft, RefusalCode]] = {
    "hardly any noise": (replace(HASTY, campaign="loud", epsilon=200.0), RefusalCode.TERMS_OUT_OF_BOUNDS),
    "more budget than a round may take": (replace(HASTY, campaign="dear", epsilon=7.0), RefusalCode.BUDGET_ROUND),
    "a clip that hardly clips": (replace(HASTY, campaign="wide", clip_norm=50.0), RefusalCode.TERMS_OUT_OF_BOUNDS),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", WEAK)
def test_every_school_refuses_and_pays_nothing(what: str, tmp_path: Path) -> None:
    """The campaign ends without a round, no ledger holds a charge, and each school says why by name."""
    draft, code = WEAK[what]
    folders = build_consortium(tmp_path / "consortium", STUDENTS, (draft,))
    with ExitStack() as stack:
        records = stack.enter_context(CampaignRecords(folders, draft.campaign))
        coordinator, record = records.coordinator, DirectRecord(records.coordinator)
        schools = {
            name: stack.enter_context(open_school(folders.school(name), record=record)).training
            for name in folders.schools
        }
        with coordinator.store.write() as connection:
            want_campaign(
                connection, folders.plans[draft.campaign].digest, wanted=True, at=coordinator.clock.now()
            )
        transport = MemoryTransport({n: partial(answer_message, school=s) for n, s in schools.items()})
        ended = run_campaign(
            transport, coordinator, folders.plans[draft.campaign].digest, pace=SteppedTime().pace()
        )
        assert ended.state == CampaignState.STOPPED, ended.reason
        assert records.answers()[1] == dict.fromkeys(STUDENTS, f"refused {code}")
        assert all(charges_of(school.ledger.rows()) == [] for school in schools.values())
