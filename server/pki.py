"""The consortium's certificates: one CA, one certificate for the gate and one for the SuperLink."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from common.certificates import Certified, new_authority, new_server, read_certified, time_left
from common.signing import write_private_file
from server.settings import CoordinatorFolder

CA_DAYS, LEAF_DAYS, RENEW_BELOW_DAYS = 3650, 90, 30
_ALWAYS = ("localhost", "127.0.0.1")


def create_ca(folder: CoordinatorFolder, consortium: str, *, now: datetime) -> None:
    """Makes the CA's key and certificate; FileExistsError if there is one."""
    folder.pki.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = new_authority(f"{consortium} CA", now=now, days=CA_DAYS)
    write_private_file(key_of(folder.ca_certificate), made.key_pem())
    folder.ca_certificate.write_bytes(made.certificate_pem)


def renew_certificates(folder: CoordinatorFolder, public_name: str, *, now: datetime) -> tuple[Path, ...]:
    """Issues the gate's and the SuperLink's certificate if missing or close to their end; which ones it wrote.

    Both name localhost, 127.0.0.1 and `public_name`. The CA stays, so schools notice nothing.
    """
    wanted = {folder.gate_certificate: (*_ALWAYS, public_name), folder.superlink_certificate: _ALWAYS}
    written = []
    for path, names in wanted.items():
        if _is_close_to_its_end(path, now):
            _issue(folder, path, names=tuple(dict.fromkeys(names)), now=now)
            written.append(path)
    return tuple(written)


def key_of(certificate: Path) -> Path:
    """Where the key of a certificate lies."""
    return certificate.with_suffix(".key")


def _issue(folder: CoordinatorFolder, path: Path, *, names: Sequence[str], now: datetime) -> None:
    made = new_server(_load_ca(folder), names, now=now, days=LEAF_DAYS)
    # The key first: a kill in between leaves a pair that doesn't match, which the next start replaces.
    path.unlink(missing_ok=True)
    key_of(path).unlink(missing_ok=True)
    write_private_file(key_of(path), made.key_pem())
    draft = path.with_suffix(".draft")
    draft.write_bytes(made.certificate_pem)
    os.replace(draft, path)


def _is_close_to_its_end(path: Path, now: datetime) -> bool:
    if not path.exists() or not key_of(path).exists():
        return True
    return time_left(path.read_bytes(), now) < timedelta(days=RENEW_BELOW_DAYS)


def _load_ca(folder: CoordinatorFolder) -> Certified:
    return read_certified(folder.ca_certificate.read_bytes(), key_of(folder.ca_certificate).read_bytes())
