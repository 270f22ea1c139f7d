"""`statement`: a signed privacy statement of a release, and the check of one that somebody handed over."""

from argparse import Namespace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection

from client.commands.opened import folder_of, opened_store
from client.federation.enrolment import load_enrolment
from client.federation.log_state import load_log_state
from client.federation.privacy_statement import (
    Accountant,
    Statement,
    claimed_school,
    read_statement,
    sign_statement,
)
from client.federation.statement_audit import audit_figures
from client.federation.statement_figures import Calculator, Sources, statement_of
from client.federation.statement_page import markdown_page, statement_view
from client.records.approvals import decision_of
from client.records.releases import InstalledRelease, active_release, installed_releases
from client.settings import SchoolFolder, load_settings
from common.clock import SystemClock
from common.errors import ErrorCode, FixSettings, Refused
from common.models.release import read_release
from common.plan import CampaignPlan
from common.privacy.ledger_rows import Entry, charges_of, read_rows
from common.signing import load_identity
from common.whole_file import write_whole

JSON_FILE, PAGE_FILE = "statement.json", "statement.md"
METHOD = (
    "privacy loss distributions of the Poisson-sampled Gaussian, connect-the-dots, rounded up; rounds composed"
)
DIFFERS = 2


def statement(given: Namespace) -> None:
    """Writes statement.json and statement.md for the release that serves, or for another one."""
    folder = folder_of(given)
    calculator = _calculator()
    identity = load_identity(folder.identity_key)
    sources = _sources(folder, given, identity_key=identity.public_key)
    stated = statement_of(sources, calculator)
    view = statement_view(stated)
    signed = (
        f"{JSON_FILE} holds the same, signed by {stated.subject.school} with the key {identity.public_key}. "
        f"`homeroom-school verify --statement {JSON_FILE}` checks it; `homeroom-school verify` redoes the rounds."
    )
    out = folder.statement if given.out is None else given.out
    out.mkdir(parents=True, exist_ok=True)
    for name, data in (
        (JSON_FILE, sign_statement(stated, identity)),
        (PAGE_FILE, markdown_page(view, signed=signed).encode()),
    ):
        write_whole(out / name, data)
    print(f"{view.headline}\nWritten to {out / JSON_FILE} and {out / PAGE_FILE}.")


def verify_statement(path: Path, folder: SchoolFolder) -> int:
    """Whether the school that a statement names signed exactly these words; asks nobody.

    The key is this school's own, or the one that the public log, as it was read here, holds for the school. This
    school's own statement has to rest on its ledger as well. Returns DIFFERS if it doesn't.
    """
    data = _read(path)
    school = claimed_school(data)
    own = load_settings(folder).school
    key = load_identity(folder.identity_key).public_key if school == own else _logged_key(folder, school)
    stated = read_statement(data, key)
    print(statement_view(stated).headline)
    if school == own and not _in_ledger(stated, read_rows(folder.ledger)):
        print("DIFFERS ledger: this school's ledger doesn't hold the charges that the statement rests on.")
        return DIFFERS
    print(f"Signed by {school} with the key {key}.")
    return 0


def _sources(folder: SchoolFolder, given: Namespace, *, identity_key: str) -> Sources:
    settings, rows = load_settings(folder), read_rows(folder.ledger)
    with opened_store(folder) as store, store.read() as connection:
        release = _chosen_release(connection, given.release)
        campaign = _campaign_of(release, folder) if release else _last_charged(rows)
        plan = _plan(connection, campaign)
    return Sources(
        school=settings.school,
        identity_key=identity_key,
        plan=plan,
        rows=rows,
        policy=settings.policy,
        package_version=version("homeroom"),
        now=SystemClock().now(),
        release=release.digest if release else "",
        audit=None if given.audit is None else audit_figures(_read(given.audit), plan),
    )


def _chosen_release(connection: Connection, beginning: str | None) -> InstalledRelease | None:
    """The one whose digest begins like this; the one that serves, or none, if no beginning is given."""
    if beginning is None:
        return active_release(connection)
    found = [one for one in installed_releases(connection) if one.digest.startswith(beginning)]
    if len(found) != 1 or not beginning:
        how_many = "No installed release has" if not found else "More than one installed release has"
        raise FixSettings(ErrorCode.NOT_FOUND, f"{how_many} a digest that starts with {beginning!r}.")
    return found[0]


def _campaign_of(release: InstalledRelease, folder: SchoolFolder) -> str:
    """The campaign's digest, out of the release's own signed card."""
    key = load_enrolment(folder.enrolment).coordinator_key
    return read_release(_read(release.path), key).card.campaign_digest


def _last_charged(rows: tuple[Entry, ...]) -> str:
    charges = charges_of(rows)
    if not charges:
        raise Refused(ErrorCode.NOT_FOUND, "Nothing has left this school for training, so nothing can be stated.")
    return charges[-1].campaign


def _plan(connection: Connection, digest: str) -> CampaignPlan:
    decision = decision_of(connection, digest)
    if decision is None:
        raise FixSettings(
            ErrorCode.NOT_FOUND, f"The plan of the campaign {digest[:16]} isn't in the database here."
        )
    return CampaignPlan.from_bytes(decision.plan)


def _calculator() -> Calculator:
    """Loaded here, since checking a statement takes no accountant."""
    try:
        accounting = import_module("common.privacy.accounting")
    except ModuleNotFoundError as error:
        sentence = "The accountant isn't installed here; install [train] to make a statement."
        raise FixSettings(ErrorCode.NOT_INSTALLED, sentence) from error
    program = Accountant(name="dp_accounting", version=version("dp-accounting"), method=METHOD)
    return Calculator(accounting.epsilon_of, accounting.RESERVED_SHARE_OF_DELTA, program)


def _logged_key(folder: SchoolFolder, school: str) -> str:
    roster = dict(load_log_state(folder.public_log, load_settings(folder).school).roster)
    if school not in roster:
        sentence = f"The public log, as this school has read it, knows no school called {school}."
        raise FixSettings(ErrorCode.NOT_FOUND, sentence)
    return roster[school]


def _in_ledger(stated: Statement, rows: tuple[Entry, ...]) -> bool:
    row = stated.ledger.newest_charge_row
    return row <= len(rows) and rows[row - 1].hash == stated.ledger.newest_charge_hash


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FixSettings(ErrorCode.FILE_MISSING, f"{path} can't be read.") from error
