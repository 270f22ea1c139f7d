"""The school's own certificates: an authority for its domain alone, and the one that its pages show.

Devices trust the authority once. It can vouch for nothing outside the school's domain, and its key lies sealed
by a passphrase, so that whoever takes the server can't make certificates with it.
"""

import re
from datetime import datetime

from client.settings import SchoolFolder
from common.certificates import (
    Certified,
    domain_of,
    fingerprint_of,
    host_of,
    new_authority,
    new_server,
    read_certified,
    time_left,
)
from common.errors import ErrorCode, FixSettings
from common.signing import write_private_file

AUTHORITY_DAYS = 3650
# Apple's devices refuse a server certificate of more than 825 days, also from an authority of one's own.
SERVER_DAYS, RENEW_BELOW_DAYS = 397, 30
SHORTEST_PASSPHRASE = 12
_DOMAIN = re.compile(r"^(?=.{4,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$")


def create_certificates(folder: SchoolFolder, *, school: str, host: str, passphrase: bytes, now: datetime) -> None:
    """An authority for the domain of `host`, and the certificate of `host`.

    host: at least three parts, such as homeroom.north.example; the authority's domain is all but the first.
    FixSettings for a host or passphrase that won't do, or if there are certificates already.
    """
    domain = _domain_of(host)
    _check_passphrase(passphrase)
    if folder.authority_certificate.exists():
        raise FixSettings(
            ErrorCode.BAD_SETTINGS,
            f"{folder.certificates} holds certificates already. Devices trust them: use `tls renew`.",
        )
    folder.certificates.mkdir(mode=0o700, exist_ok=True)
    authority = new_authority(f"{school} Homeroom CA", now=now, days=AUTHORITY_DAYS, domain=domain)
    folder.authority_key.unlink(missing_ok=True)  # left by an attempt that was cut off before its last line
    write_private_file(folder.authority_key, authority.key_pem(passphrase))
    _issue(folder, authority, host=host, now=now)
    # Last, since its presence says that everything is there.
    write_private_file(folder.authority_certificate, authority.certificate_pem)


def renew_certificate(folder: SchoolFolder, *, host: str, passphrase: bytes, now: datetime) -> None:
    """A fresh certificate of `host` from the same authority, so that no device has to be touched.

    FixSettings if there is no authority, the passphrase is wrong, or the host lies outside its domain.
    """
    if not folder.authority_certificate.exists():
        raise FixSettings(ErrorCode.FILE_MISSING, "There is no authority yet. Run `tls init` first.")
    if not folder.authority_key.exists():
        raise FixSettings(
            ErrorCode.FILE_MISSING, f"{folder.authority_key} is missing. Bring it back from where it is kept."
        )
    sealed = folder.authority_key.read_bytes()
    authority = read_certified(folder.authority_certificate.read_bytes(), sealed, passphrase)
    _check_vouches(authority, host)
    _issue(folder, authority, host=host, now=now)


def days_left(folder: SchoolFolder, now: datetime) -> int | None:
    """Whole days until the pages' certificate ends; None where there is none."""
    if not folder.server_certificate.exists():
        return None
    return time_left(folder.server_certificate.read_bytes(), now).days


def served_host(folder: SchoolFolder) -> str:
    """The name that the pages' certificate is for; FixSettings where there is none."""
    if not folder.server_certificate.exists():
        raise FixSettings(ErrorCode.FILE_MISSING, "There is no certificate yet. Run `tls init` first.")
    return host_of(folder.server_certificate.read_bytes())


def authority_fingerprint(folder: SchoolFolder) -> str:
    """SHA-256 of the authority's certificate, as devices show it."""
    return fingerprint_of(folder.authority_certificate.read_bytes())


def _issue(folder: SchoolFolder, authority: Certified, *, host: str, now: datetime) -> None:
    made = new_server(authority, [host], now=now, days=SERVER_DAYS)
    folder.server_certificate.unlink(missing_ok=True)
    folder.server_key.unlink(missing_ok=True)
    write_private_file(folder.server_key, made.key_pem())
    write_private_file(folder.server_certificate, made.certificate_pem)


def _domain_of(host: str) -> str:
    domain = host.partition(".")[2]
    if not _DOMAIN.match(host) or not _DOMAIN.match(domain):
        raise FixSettings(
            ErrorCode.BAD_SETTINGS,
            f"{host!r} can't be the pages' name. It needs small letters and three parts, such as "
            "homeroom.north.example, so that the authority is bound to the last two.",
        )
    return domain


def _check_passphrase(passphrase: bytes) -> None:
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise FixSettings(ErrorCode.BAD_SETTINGS, f"The passphrase needs at least {SHORTEST_PASSPHRASE} letters.")


def _check_vouches(authority: Certified, host: str) -> None:
    domain = domain_of(authority)
    if not host.endswith(f".{domain}") or not _DOMAIN.match(host):
        raise FixSettings(
            ErrorCode.BAD_SETTINGS,
            f"This school's authority vouches for hosts of {domain} only, not for {host!r}.",
        )
