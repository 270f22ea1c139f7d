"""`doctor`: checks this installation and says in a sentence what to mend."""

import importlib.util
import stat
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from client.commands.opened import folder_of, opened_store
from client.content.school_bank import school_content
from client.federation.coordinator_api import fetch_offers, open_api
from client.records.audit_trail import first_broken
from client.school_certificates import RENEW_BELOW_DAYS, days_left, served_host
from client.settings import SchoolFolder, load_settings
from common.clock import SystemClock
from common.errors import HomeroomError
from common.privacy.ledger_rows import charges_of, read_rows

PACKAGES = ("common", "client", "server", "local_app")
SICK = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. `sentence` says what was found, or what is wrong."""

    name: str
    well: bool
    sentence: str


def doctor(given: Namespace) -> int:
    """Prints every finding; the exit code is 1 if something has to be mended."""
    folder = folder_of(given)
    findings = [_checked(name, check, folder) for name, check in CHECKS.items()]
    for one in findings:
        print(f"{'ok  ' if one.well else 'MEND'}  {one.name}: {one.sentence}")
    return 0 if all(one.well for one in findings) else SICK


def _checked(name: str, check: Callable[[SchoolFolder], str], folder: SchoolFolder) -> Finding:
    try:
        return Finding(name, True, check(folder))
    except HomeroomError as error:
        return Finding(name, False, f"{error.sentence} {error.remedy}")
    except _Wrong as error:
        return Finding(name, False, str(error))


class _Wrong(Exception):
    """A check found something to mend."""


def _settings(folder: SchoolFolder) -> str:
    return f"{load_settings(folder).school}, settings are valid"


def _private_files(folder: SchoolFolder) -> str:
    secret = (
        *(folder.vault_key, folder.split_key, folder.identity_key, folder.node_key, folder.enrolment),
        *(folder.authority_key, folder.server_key),
    )
    open_to_others = [path.name for path in secret if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    if stat.S_IMODE(folder.path.stat().st_mode) & 0o077:
        open_to_others.append("the folder itself")
    if open_to_others:
        raise _Wrong(f"other accounts may read {', '.join(open_to_others)}; run chmod go= on it")
    return "keys are readable by their owner only"


def _code(folder: SchoolFolder) -> str:
    """A bundle or folder that shadows our packages would run in their place."""
    home = Path(__file__).resolve().parents[2]
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None or Path(spec.origin).resolve().parents[1] != home:
            raise _Wrong(f"the package {name} doesn't come from this installation")
    return "all packages come from this installation"


def _pages(folder: SchoolFolder) -> str:
    left = days_left(folder, SystemClock().now())
    if left is None:
        return "served without TLS: other computers need a proxy or `tls init`, and nothing works offline"
    if left < RENEW_BELOW_DAYS:
        raise _Wrong(f"the certificate ends in {left} days; run tls renew")
    return f"served over TLS as {served_host(folder)}; the certificate ends in {left} days"


def _content(folder: SchoolFolder) -> str:
    found = school_content(folder.content)
    if not found.imported:
        return "the built-in packs are practised, and nothing imported"
    left_out = len(found.without_place)
    return f"{found.imported} imported items are practised; {left_out} imported skills have no place and aren't"


def _training(folder: SchoolFolder) -> str:
    missing = [name for name in ("torch", "flwr", "dp_accounting") if importlib.util.find_spec(name) is None]
    return f"not installed here: {', '.join(missing)}" if missing else "installed"


def _database(folder: SchoolFolder) -> str:
    with opened_store(folder) as store, store.read() as connection:
        broken = first_broken(connection)
    if broken is not None:
        raise _Wrong(f"the audit trail is broken at row {broken}; keep the file and ask for help")
    return "opens, and its audit trail is whole"


def _ledger(folder: SchoolFolder) -> str:
    return f"{len(charges_of(read_rows(folder.ledger)))} charges, the chain is whole"


def _coordinator(folder: SchoolFolder) -> str:
    if not folder.enrolment.exists():
        return "this school hasn't joined a consortium, and needs none to practise"
    offers = fetch_offers(open_api(folder, SystemClock()))
    return f"answers and accepts this school's signature and clock; {len(offers.releases)} releases are on offer"


CHECKS: dict[str, Callable[[SchoolFolder], str]] = {
    "settings": _settings,
    "files": _private_files,
    "code": _code,
    "pages": _pages,
    "content": _content,
    "training": _training,
    "database": _database,
    "ledger": _ledger,
    "coordinator": _coordinator,
}
