"""`verify`: redo whole campaigns from the public record, line by line, and name the first thing that differs."""

import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.progress import Progress

from client.commands.opened import folder_of, opened_store
from client.federation.coordinator_api import CoordinatorApi, fetch_offers, fetch_release, open_api
from client.federation.log_state import load_log_state
from client.federation.public_record import HttpsRecord
from client.federation.verification import (
    Check,
    ReadLog,
    Verifier,
    read_whole_log,
    verify_campaign,
    verify_release,
)
from client.records.approvals import campaign_decisions
from client.records.store import Store
from client.settings import SchoolFolder
from client.training.masking_store import MaskingStore
from client.training.own_answers import own_answers
from client.training.recomputed_model import begin, follow_round
from client.training.replay_round import Witness
from common.clock import SystemClock
from common.errors import ErrorCode, FixSettings, RetryLater
from common.models.release import read_release
from common.opened_round import OpenedRound
from common.plan import CampaignPlan
from common.privacy.randomness import SystemRandomness
from common.refusals import Refusal

DIFFERS = 2


def verify(given: Namespace) -> int:
    """0 if everything that is published is what this school computes itself, 2 after naming what differs."""
    folder, clock = folder_of(given), SystemClock()
    api = open_api(folder, clock)
    console = Console(stderr=True)
    with opened_store(folder) as store, Progress(console=console, transient=True) as bar:
        task = bar.add_task("Verifying", total=None)
        faults = 0
        for check in _checks(given, store, folder, api=api):
            bar.advance(task)
            print(f"{'DIFFERS' if check.fault else 'ok':8}{check.what}: {check.said}", flush=True)
            if check.fault:
                faults += 1
                print(f"        {check.fault}", file=sys.stderr)
    print(
        "Nothing differs." if not faults else f"{faults} differ: this must be explained before training goes on."
    )
    return DIFFERS if faults else 0


def _checks(given: Namespace, store: Store, folder: SchoolFolder, *, api: CoordinatorApi) -> Iterator[Check]:
    enrolment, record = api.enrolment, HttpsRecord(api)
    known = load_log_state(folder.public_log, enrolment.school)
    log, check = read_whole_log(record, known, enrolment.coordinator_key)
    yield check
    if check.fault:
        return
    masking = MaskingStore(folder.masking)
    verifier = Verifier(
        school=enrolment.school,
        record=record,
        answered=own_answers(enrolment.school, store, masking),
        witness=Witness(record, masking, SystemRandomness()),
    )
    campaigns = _campaigns(store, given.campaign)
    for campaign in campaigns:
        yield from verify_campaign(campaign, log, verifier)
    yield from _releases(api, campaigns, log, verifier=verifier)


def _campaigns(store: Store, wanted: str | None) -> list[CampaignPlan]:
    with store.read() as connection:
        plans = [CampaignPlan.from_bytes(one.plan) for one in campaign_decisions(connection)]
    chosen = [plan for plan in plans if wanted in {None, plan.campaign, plan.digest}]
    if wanted is not None and not chosen:
        raise FixSettings(ErrorCode.NOT_FOUND, f"No campaign called {wanted} has reached this school.")
    return chosen


def _releases(
    api: CoordinatorApi, campaigns: Iterable[CampaignPlan], log: ReadLog, *, verifier: Verifier
) -> Iterator[Check]:
    """Every release on offer that comes out of one of these campaigns."""
    by_digest = {campaign.digest: campaign for campaign in campaigns}
    key = api.enrolment.coordinator_key
    for digest in fetch_offers(api).releases:
        data = fetch_release(api, digest)
        campaign = by_digest.get(read_release(data, key).card.campaign_digest)
        model = _final_model(campaign, verifier) if campaign else None
        if model is not None:
            yield verify_release(data, digest, log=log, known_model=model, coordinator_key=key)


def _final_model(campaign: CampaignPlan, verifier: Verifier) -> bytes | None:
    """The model after all rounds, as computed here; None if that can't be done."""
    known = begin(campaign, verifier.record.start(campaign.digest))
    while not isinstance(known, Refusal) and known.round < campaign.total_rounds:
        try:
            data = verifier.record.opened_round(campaign.digest, known.round + 1)
        except RetryLater:
            return None
        known = follow_round(known, OpenedRound.from_bytes(data))
    return None if isinstance(known, Refusal) else known.model
