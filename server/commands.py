"""What each command of homeroom-coordinator does, from parsed arguments to printed lines."""

import re
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from getpass import getpass
from importlib import import_module
from pathlib import Path

from pydantic import ValidationError
from rich.progress import Progress

from common.clock import SystemClock
from common.errors import ErrorCode, FixSettings
from common.invitation import write_invitation
from common.models.logistic_start import logistic_start
from common.models.simulated_students import SimulatedItem
from common.signing import fingerprint, write_private_file
from common.skills import SkillMap
from server import bundle, operators, registry, superlink
from server import schools as school_verbs
from server import serve as serving
from server.answer_words import in_words
from server.campaign_records import find_campaign, list_campaigns
from server.campaign_records import want_campaign as want
from server.coordinator import Coordinator, open_coordinator
from server.foundation import EarlierCampaign, earlier_campaign
from server.init_coordinator import init_coordinator
from server.item_families import read_families
from server.plan import CampaignDraft
from server.plan_models import DEFAULTS, logistic_terms
from server.plan_words import plan_in_words
from server.propose_campaign import propose_campaign
from server.round_records import read_rounds
from server.settings import CoordinatorFolder, Settings


def init(chosen: Namespace) -> None:
    """Sets up a new coordinator."""
    try:
        settings = Settings(
            consortium=chosen.consortium, public_url=chosen.url, host=chosen.host, port=chosen.port
        )
    except ValidationError as error:
        first = error.errors()[0]
        sentence = f"The {first['loc'][0]} can't be used: {first['msg']}."
        raise FixSettings(ErrorCode.BAD_SETTINGS, sentence) from error
    coordinator = init_coordinator(CoordinatorFolder(chosen.folder.resolve()), settings, SystemClock())
    print(f"The coordinator of {settings.consortium} is in {chosen.folder}.")
    print(f"Its key begins {fingerprint(coordinator.identity.public_key)}: read it aloud when a school enrols.")
    coordinator.close()


def add_operator(chosen: Namespace) -> None:
    """Adds an account for the console."""
    with _opened(chosen) as coordinator:
        operators.add_operator(coordinator, chosen.name, _password(chosen.password_file))
    print(f"{chosen.name} can sign in to the console.")


def serve(chosen: Namespace) -> None:
    """Runs until it is told to end."""
    with _opened(chosen) as coordinator:
        url = coordinator.settings.public_url
        serving.serve(
            coordinator,
            superlink.FlowerProcesses(coordinator.folder),
            on_ready=lambda: print(f"The console is at {url}/", flush=True),
        )


def invite(chosen: Namespace) -> None:
    """Writes an invitation file."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", chosen.school).strip("-") or "school"
    path = chosen.out or Path(f"invitation-{name}.json")
    if path.exists():
        raise FixSettings(ErrorCode.BAD_SETTINGS, f"{path} exists already; choose another file with --out.")
    with _opened(chosen) as coordinator:
        invitation = school_verbs.invite(coordinator, chosen.school)
    write_private_file(path, write_invitation(invitation))
    print(f"{path} lets {chosen.school} enrol once, until {invitation.expires_at:%Y-%m-%d %H:%M} UTC.")


def schools(chosen: Namespace) -> None:
    """Lists the roster."""
    with _opened(chosen) as coordinator, coordinator.store.read() as connection:
        for school in school_verbs.roster(connection):
            key = fingerprint(school.member.identity_key)
            print(f"{school.member.school}\t{school.member.students} students\t{key}")


def revoke(chosen: Namespace) -> None:
    """Ends a membership."""
    with _opened(chosen) as coordinator:
        school_verbs.revoke(coordinator, chosen.school)
    print(f"{chosen.school} is no longer a member.")


def draft_plan(chosen: Namespace) -> None:
    """Drafts and signs a campaign plan."""
    skill_map = SkillMap.from_bytes(_read(chosen.skills).strip())
    items = read_families(_read(chosen.families)) if chosen.families else ()
    with _opened(chosen) as coordinator:
        earlier = earlier_campaign(coordinator, chosen.after) if chosen.after else None
        draft = _draft(chosen, tuple(item.item for item in items), earlier)
        start = (
            _read(chosen.start_model) if chosen.start_model else _start(chosen, skill_map, items, earlier=earlier)
        )
        plan = propose_campaign(
            coordinator,
            draft,
            skill_map=skill_map,
            start_model=start,
            bundle_digest=chosen.bundle_digest or bundle.build_bundle().digest,
        )
    print("\n".join(plan_in_words(plan)))


def _draft(chosen: Namespace, families: tuple[str, ...], earlier: EarlierCampaign | None) -> CampaignDraft:
    return CampaignDraft(
        campaign=chosen.name,
        kind=chosen.model,
        families=families,
        foundation=earlier.foundation if earlier else None,
        rounds=chosen.rounds,
        epsilon=chosen.epsilon,
        delta=chosen.delta,
        sampling_rate=chosen.sampling_rate,
        clip_norm=chosen.clip_norm,
        hidden=chosen.hidden,
        learning_rate=chosen.learning_rate,
        minimum_cohort=chosen.minimum_cohort,
        round_deadline_seconds=chosen.deadline_seconds,
        secure_aggregation=chosen.secure_aggregation,
        corrupt=chosen.corrupt,
        max_dropped=chosen.max_dropped,
        honest_schools=chosen.honest_schools,
        measured=chosen.measured,
    )


def want_campaign(chosen: Namespace) -> None:
    """Writes down that a campaign should run, or stop."""
    with _opened(chosen) as coordinator, coordinator.store.write() as connection:
        digest = find_campaign(connection, chosen.name).digest
        want(connection, digest, wanted=chosen.wanted, at=coordinator.clock.now())
    what = "starts as soon as `serve` runs" if chosen.wanted else "stops after the round under way"
    print(f"{chosen.name} {what}.")


def status(chosen: Namespace) -> None:
    """Says where campaigns stand."""
    with _opened(chosen) as coordinator, coordinator.store.read() as connection:
        one = [find_campaign(connection, chosen.name)] if chosen.name else []
        for record in one or list_campaigns(connection):
            rounds = read_rounds(connection, record.digest)
            reason = f" {record.reason}" if record.reason else ""
            where = f"round {len(rounds)} of {record.plan.total_rounds}"
            print(f"{record.plan.campaign}: {record.state}, {where}.{reason}")
            for answer in rounds[-1].answers if rounds else ():
                print(f"  {answer.school} {in_words(answer)}")


def list_all_releases(chosen: Namespace) -> None:
    """Lists releases."""
    with _opened(chosen) as coordinator, coordinator.store.read() as connection:
        for record in registry.list_releases(connection):
            name = registry.campaign_name(connection, record)
            print(f"{record.digest}\t{name}\t{record.state}\t{record.released_at:%Y-%m-%d}")


def export_release(chosen: Namespace) -> None:
    """Writes a release's file."""
    with _opened(chosen) as coordinator:
        data = registry.read_release_file(coordinator, chosen.digest)
    if chosen.out.exists():
        raise FixSettings(ErrorCode.BAD_SETTINGS, f"{chosen.out} exists already.")
    chosen.out.write_bytes(data)
    print(f"{chosen.out}: {len(data)} bytes.")


def withdraw(chosen: Namespace) -> None:
    """Withdraws a release."""
    with _opened(chosen) as coordinator:
        record = registry.withdraw_release(coordinator, chosen.digest, reason=chosen.reason)
    print(f"{record.digest} is withdrawn.")


@contextmanager
def _opened(chosen: Namespace) -> Iterator[Coordinator]:
    coordinator = open_coordinator(CoordinatorFolder(chosen.folder.resolve()))
    try:
        yield coordinator
    finally:
        coordinator.close()


def _start(
    chosen: Namespace, skill_map: SkillMap, items: Sequence[SimulatedItem], *, earlier: EarlierCampaign | None
) -> bytes:
    """The campaign's first model, from simulated students and what was released before."""
    if chosen.model == "logistic":
        terms = logistic_terms(tuple(item.item for item in items), skill_map)
        clip_norm = chosen.clip_norm or DEFAULTS["logistic"].clip_norm
        return logistic_start(terms, clip_norm, seed=chosen.seed, items=items)
    # torch takes seconds to load, and only this command needs it.
    warm_start = import_module("server.warm_start")
    with Progress(transient=True) as bar:
        task = bar.add_task("Training on simulated students", total=1.0)
        wishes = {"hidden": chosen.hidden, "seed": chosen.seed}
        made: bytes = (
            warm_start.start_model(skill_map, **wishes, progress=lambda share: bar.update(task, completed=share))
            if earlier is None
            else warm_start.start_after(
                earlier, skill_map, **wishes, progress=lambda share: bar.update(task, completed=share)
            )
        )
    return made


def _password(path: Path | None) -> str:
    if path is not None:
        return _read(path).decode().splitlines()[0]
    first, again = getpass("Password: "), getpass("Once more: ")
    if first != again:
        raise FixSettings(ErrorCode.BAD_PARAMETER, "The two passwords differ; nothing was changed.")
    return first


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FixSettings(ErrorCode.FILE_MISSING, f"{path} can't be read.") from error
