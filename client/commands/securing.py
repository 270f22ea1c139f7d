"""`tls init`, `tls renew` and `tls show`: certificates for the pages, and how devices come to trust them."""

from argparse import Namespace

from client.commands.opened import folder_of
from client.commands.secrets_in import read_secret
from client.school_certificates import (
    authority_fingerprint,
    create_certificates,
    days_left,
    renew_certificate,
    served_host,
)
from client.settings import SchoolFolder, load_settings
from common.clock import SystemClock

_TRUST = """\
Devices trust the school's authority once, and notice no renewal. It can vouch for {domain} and for nothing else.
  file         {file}
  SHA-256      {fingerprint}
  Chromebooks  Admin console > Devices > Networks > Certificates > Add certificate, for HTTPS
  Windows      Group Policy > Windows Settings > Security Settings > Public Key Policies > Trusted Root
  iPad, Mac    a profile of your device management with a certificate payload, then trust it for websites
  Android      Settings > Security > Install a certificate > CA certificate, or your device management
  Linux        copy it to /usr/local/share/ca-certificates/homeroom.crt and run update-ca-certificates
Let {host} lead to this machine in the school's DNS. Compare the SHA-256 before a device trusts the file."""


def init_tls(given: Namespace) -> None:
    """A new authority and certificate; says where the sealed key belongs."""
    folder = folder_of(given)
    school, now = load_settings(folder).school, SystemClock().now()
    passphrase = read_secret("Passphrase for the authority's key: ", given.passphrase_file).encode()
    create_certificates(folder, school=school, host=given.host, passphrase=passphrase, now=now)
    print(_how_to_trust(folder))
    print(
        f"\nMove {folder.authority_key} to a drive in a drawer: only `tls renew` needs it, in a year."
        "\n`serve` uses the certificate from its next start."
    )


def renew_tls(given: Namespace) -> None:
    """A fresh certificate from the same authority."""
    folder, now = folder_of(given), SystemClock().now()
    host = given.host or served_host(folder)
    passphrase = read_secret("Passphrase of the authority's key: ", given.passphrase_file).encode()
    renew_certificate(folder, host=host, passphrase=passphrase, now=now)
    print(f"The certificate of {host} is good for another {days_left(folder, now)} days. Start `serve` anew.")


def show_tls(given: Namespace) -> None:
    """The instructions once more."""
    folder = folder_of(given)
    host = served_host(folder)
    print(_how_to_trust(folder))
    print(f"The certificate of {host} ends in {days_left(folder, SystemClock().now())} days.")


def _how_to_trust(folder: SchoolFolder) -> str:
    host = served_host(folder)
    return _TRUST.format(
        domain=host.partition(".")[2],
        host=host,
        file=folder.authority_certificate,
        fingerprint=authority_fingerprint(folder),
    )
