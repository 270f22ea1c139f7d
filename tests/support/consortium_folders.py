"""A coordinator's folder and its schools' folders, enrolled and approved, that scenarios copy and run on.

Keys, students and plans are made once. A copy gets a port of its own, which no signed plan names; so every
scenario trains the same campaign, and with seeded schools it ends with the same bits.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from client.cli import parser
from client.commands.filling import simulate_students
from client.commands.opened import opened_store, written
from client.content.simulated_course import course_skill_map
from client.federation.approvals import approve, note_offered
from client.federation.enrolment import Enrolment, load_enrolment, save_enrolment
from client.federation.join import public_number
from client.settings import SchoolFolder, create_folder
from common.arrays import to_bytes
from common.clock import SystemClock
from common.plan import CampaignPlan
from common.signing import new_identity, save_identity, write_private_file
from server.bundle import build_bundle
from server.campaign_records import list_campaigns
from server.coordinator import Coordinator
from server.init_coordinator import init_coordinator
from server.plan import CampaignDraft
from server.propose_campaign import propose_campaign
from server.schools import Enrolment as Keys
from server.schools import enrol, invite
from server.settings import CoordinatorFolder, Settings, read_settings, write_settings
from tests.support.coordinators import start_arrays
from tests.support.ports import free_port

CONSORTIUM, HOST = "Valley schools", "127.0.0.1"
STUDENTS = {"east": 44, "north": 48, "west": 52}
HIDDEN = 8
# patient: a school that is slow on a busy machine is still waited for, so that all three answer every round.
# hasty: for scenarios in which a school never answers, which cost a whole deadline.
PATIENT = CampaignDraft(
    "patient",
    1.2,
    6,
    hidden=HIDDEN,
    learning_rate=0.05,
    minimum_cohort=2,
    round_deadline_seconds=90.0,
    secure_aggregation=False,
    measured=False,
)
HASTY = replace(PATIENT, campaign="hasty", rounds=3, round_deadline_seconds=8.0)
# Five schools that share noise and mask; a school that was killed costs a whole deadline in each trip.
MASKED_STUDENTS = {"ash": 44, "birch": 48, "cedar": 52, "elm": 44, "fir": 46}
MASKED = CampaignDraft("masked", 1.2, 3, hidden=HIDDEN, learning_rate=0.05, round_deadline_seconds=15.0)


@dataclass(frozen=True, slots=True)
class ConsortiumFolders:
    """Where everything of one consortium lies. plans: the campaigns by name, approved by every school."""

    root: Path
    plans: dict[str, CampaignPlan]
    schools: tuple[str, ...] = tuple(STUDENTS)

    @property
    def coordinator(self) -> CoordinatorFolder:
        """The coordinator's folder."""
        return CoordinatorFolder(self.root / "coordinator")

    def school(self, name: str) -> SchoolFolder:
        """A school's folder."""
        return SchoolFolder(self.root / name)

    @property
    def coordinator_address(self) -> str:
        """Host and port that schools reach."""
        return f"{HOST}:{read_settings(self.coordinator).port}"

    def copy(self, root: Path, *, start_deadline_seconds: float = 60.0) -> "ConsortiumFolders":
        """The same consortium in a new folder, on a free port."""
        shutil.copytree(self.root, root)
        copied = replace(self, root=root)
        port = free_port()
        url = f"https://{HOST}:{port}"
        changes = {"port": port, "public_url": url, "start_deadline_seconds": start_deadline_seconds}
        settings = read_settings(copied.coordinator).model_copy(update=changes)
        copied.coordinator.settings_file.unlink()
        write_settings(copied.coordinator, settings)
        for name in self.schools:
            path = copied.school(name).enrolment
            moved = replace(load_enrolment(path), url=url)
            path.unlink()
            save_enrolment(moved, path)
        return copied


def build_consortium(
    root: Path, students: Mapping[str, int] = STUDENTS, drafts: Sequence[CampaignDraft] = (PATIENT, HASTY)
) -> ConsortiumFolders:
    """Everything up to the schools' approvals, by the product's own functions; nothing is served."""
    folder = CoordinatorFolder(root / "coordinator")
    url = f"https://{HOST}:{free_port()}"
    coordinator = init_coordinator(folder, Settings(consortium=CONSORTIUM, public_url=url), SystemClock())
    try:
        for seed, name in enumerate(sorted(students)):
            _add_school(coordinator, create_folder(root / name, school=name), seed=seed, students=students[name])
        bundle = build_bundle().digest
        plans = {draft.campaign: _propose(coordinator, draft, bundle) for draft in drafts}
        for name in students:
            _approve_everything(coordinator, SchoolFolder(root / name))
    finally:
        coordinator.close()
    return ConsortiumFolders(root, plans, tuple(sorted(students)))


def _add_school(coordinator: Coordinator, folder: SchoolFolder, *, seed: int, students: int) -> None:
    """Simulated students, keys and enrolment, with the same files as `init`, `simulate` and `join` leave."""
    name = folder.path.name
    # Two schools go on without the third: the administrators allow it.
    text = folder.settings.read_text().replace("[policy]\n", "[policy]\nminimum_cohort = 2\n")
    folder.settings.write_text(text)
    with opened_store(folder):
        pass  # opening applies the migrations
    line = ["simulate", "--folder", folder.path, "--students", students, "--answers", 30, "--seed", seed]
    simulate_students(parser().parse_args([*map(str, line), "--model", "growth"]))
    invitation, identity = invite(coordinator, name), new_identity()
    save_identity(identity, folder.identity_key)
    public = public_number(students)
    enrol(coordinator, invitation.token, Keys(identity.public_key, _new_node_key(folder), public))
    enrolment = Enrolment(
        consortium=invitation.consortium,
        school=name,
        url=invitation.url,
        ca_pem=invitation.ca_pem,
        coordinator_key=invitation.coordinator_key,
        students=public,
        joined_at=coordinator.clock.now().isoformat(timespec="seconds"),
    )
    save_enrolment(enrolment, folder.enrolment)


def _new_node_key(folder: SchoolFolder) -> str:
    key = ec.generate_private_key(ec.SECP384R1())
    write_private_file(folder.node_key, key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def _propose(coordinator: Coordinator, draft: CampaignDraft, bundle: str) -> CampaignPlan:
    skill_map = course_skill_map()
    return propose_campaign(
        coordinator,
        draft,
        skill_map=skill_map,
        # Made by hand and better than chance, so that the candidate is released whatever the keys and the noise.
        start_model=to_bytes(start_arrays(skill_map.rows, HIDDEN)),
        bundle_digest=bundle,
    )


def _approve_everything(coordinator: Coordinator, folder: SchoolFolder) -> None:
    with coordinator.store.read() as connection:
        records = list_campaigns(connection)
    now, key = coordinator.clock.now(), coordinator.identity.public_key
    with opened_store(folder) as store:
        sealed = [record.envelope for record in records]
        written(store, lambda connection: note_offered(connection, sealed, coordinator_key=key, now=now))
        for record in records:
            written(store, partial(approve, digest=record.digest, by="Mr Abe", now=now))
