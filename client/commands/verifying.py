"""`verify`: redo whole campaigns from the public record, line by line, and name the first thing that differs."""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from client.commands.opened import folder_of, opened_store
from client.commands.stating import verify_statement
from client.federation.coordinator_api import (
    CoordinatorApi,
    fetch_campaigns,
    fetch_offers,
    fetch_release,
    open_api,
)
from client.federation.enrolment import load_enrolment
from client.federation.log_state import LogState, load_log_state
from client.federation.public_record import HttpsRecord
from client.federation.release_verification import verify_releases
from client.federation.verification import Verifier, verify_campaign
from client.federation.whole_log import Check, WholeLog, read_whole_log
from client.records.approvals import campaign_decisions
from client.records.store import Store
from client.settings import SchoolFolder
from client.training.masking_store import MaskingStore
from client.training.own_answers import own_answers
from client.training.replay_round import Witness
from common.campaign_message import open_campaign
from common.clock import SystemClock
from common.errors import Corrupt, ErrorCode, FixSettings, Refused
from common.log_entries import Opened, Proposed, Released
from common.plan import CampaignPlan
from common.privacy.randomness import SystemRandomness
from common.signed_head import verify_conflict

DIFFERS = 2


@dataclass(frozen=True, slots=True)
class _Bar:
    """How far it is."""

    progress: Progress = field(repr=False)
    task: TaskID

    def expect(self, steps: int) -> None:
        """How many lines there will be."""
        self.progress.update(self.task, total=steps)


@dataclass(frozen=True, slots=True)
class _Offered:
    """What the coordinator offers; fetched before the log, which therefore has to hold all of it."""

    campaigns: Sequence[bytes] = field(repr=False)
    releases: Sequence[str]


def verify(given: Namespace) -> int:
    """0 if everything that is published is what this school computes itself, 2 after naming what differs."""
    folder = folder_of(given)
    if given.proof is not None:
        return _verify_proof(given.proof, folder)
    if given.statement is not None:
        return verify_statement(given.statement, folder)
    api = open_api(folder, SystemClock())
    faults = 0
    with opened_store(folder) as store, _progress() as progress:
        campaigns = _campaigns(store, given.campaign)
        bar = _Bar(progress, progress.add_task("Verifying", total=None))
        for check in _checks(campaigns, store, folder, api=api, bar=bar):
            progress.advance(bar.task)
            print(f"{'DIFFERS' if check.fault else 'ok':8}{check.what}: {check.said}", flush=True)
            if check.fault:
                faults += 1
                print(f"        {check.fault}", file=sys.stderr)
    if faults:
        print("This has to be explained before training goes on. Keep this school's folder as it is.")
        return DIFFERS
    print("Nothing differs.")
    return 0


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _checks(
    campaigns: Sequence[CampaignPlan], store: Store, folder: SchoolFolder, *, api: CoordinatorApi, bar: _Bar
) -> Iterator[Check]:
    offered = _Offered(fetch_campaigns(api), fetch_offers(api).releases)
    record, key = HttpsRecord(api), api.enrolment.coordinator_key
    known, check = _known(folder, api.enrolment.school)
    if check is not None:
        yield check
    log, check = read_whole_log(record, known, coordinator_key=key)
    bar.expect(_steps(campaigns, log, offered))
    yield check
    if check.fault:
        return
    masking = MaskingStore(folder.masking)
    verifier = Verifier(
        school=api.enrolment.school,
        coordinator_key=key,
        record=record,
        answered=own_answers(api.enrolment.school, store, masking),
        witness=Witness(record, masking, SystemRandomness()),
    )
    yield from _offers(offered, log, coordinator_key=key)
    for campaign in campaigns:
        computed = yield from verify_campaign(campaign, log, verifier)
        if computed is not None:
            yield from verify_releases(computed, log, fetch=partial(fetch_release, api), coordinator_key=key)


def _known(folder: SchoolFolder, school: str) -> tuple[LogState, Check | None]:
    """What this school read before; a check that says so if its file is damaged."""
    try:
        return load_log_state(folder.public_log, school), None
    except Corrupt as error:
        return LogState(school), Check("log", "what this school kept", error.sentence)


def _offers(offered: _Offered, log: WholeLog, *, coordinator_key: str) -> Iterator[Check]:
    """Everything on offer is signed and in the log."""
    for sealed in offered.campaigns:
        try:
            plan = open_campaign(sealed, coordinator_key=coordinator_key)
        except (Corrupt, Refused) as error:
            yield Check("signature", "plan on offer", error.sentence)
            continue
        logged = log.place_of(Proposed(campaign=plan.digest, name=plan.campaign)) is not None
        said = f"plan on offer, campaign {plan.campaign}, {plan.digest[:16]}"
        yield Check("signature", said, "" if logged else "The log doesn't hold this plan.")
    logged_releases = {one.release for one in log.entries if isinstance(one, Released)}
    for digest in offered.releases:
        if digest not in logged_releases:
            yield Check("log entry", f"release {digest[:16]}", "The log doesn't hold this release on offer.")


def _steps(campaigns: Sequence[CampaignPlan], log: WholeLog, offered: _Offered) -> int:
    """How many lines are to be expected: log and offers, each campaign's plan, start, rounds and releases."""
    mine = {campaign.digest for campaign in campaigns}
    about = [one for one in log.entries if isinstance(one, Opened | Released) and one.campaign in mine]
    return 1 + len(offered.campaigns) + 2 * len(campaigns) + len(about)


def _campaigns(store: Store, wanted: str | None) -> list[CampaignPlan]:
    """The plans that have reached this school, whatever was decided about them, or the one that is wanted."""
    with store.read() as connection:
        plans = [CampaignPlan.from_bytes(one.plan) for one in campaign_decisions(connection)]
    chosen = [plan for plan in plans if wanted in {None, plan.campaign, plan.digest}]
    if wanted is not None and not chosen:
        raise FixSettings(ErrorCode.NOT_FOUND, f"No campaign called {wanted} has reached this school.")
    return chosen


def _verify_proof(path: Path, folder: SchoolFolder) -> int:
    """Whether a file proves that the coordinator of this school signed two histories; asks nobody."""
    try:
        proof = path.read_bytes()
    except OSError as error:
        raise FixSettings(ErrorCode.FILE_MISSING, f"{path} can't be read.") from error
    key = load_enrolment(folder.enrolment).coordinator_key
    first, second = verify_conflict(proof, coordinator_key=key)
    print(f"The coordinator with the key {key} has signed two histories of one log:")
    for head in (first, second):
        print(f"  {head.size} entries, root {head.root}, signed {head.at}")
    return DIFFERS
