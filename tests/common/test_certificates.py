"""An authority that is bound to a domain vouches for its hosts, and strict TLS peers hold it to that."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

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
from common.errors import FixSettings
from tests.support.handshake import check_handshake

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority() -> Certified:
    """Of north.example."""
    return new_authority("North CA", now=NOW, days=10, domain="north.example")


def _check_handshake(folder: Path, authority: Certified, name: str) -> None:
    made = new_server(authority, [name], now=NOW, days=5)
    certificate, ca = folder / "server.pem", folder / "ca.pem"
    certificate.write_bytes(made.certificate_pem)
    certificate.with_suffix(".key").write_bytes(made.key_pem())
    ca.write_bytes(authority.certificate_pem)
    check_handshake(certificate, name, ca=ca)


def test_a_host_of_the_domain_is_believed(tmp_path: Path, authority: Certified) -> None:
    """Under strict checking of the chain."""
    _check_handshake(tmp_path, authority, "homeroom.north.example")


@pytest.mark.parametrize("name", ["homeroom.south.example", "bank.example", "10.0.0.1", "127.0.0.1"])
def test_nothing_outside_the_domain_is_believed(tmp_path: Path, authority: Certified, name: str) -> None:
    """Neither another name nor any address, although the authority signed it."""
    with pytest.raises(ssl.SSLCertVerificationError):
        _check_handshake(tmp_path, authority, name)


def test_an_authority_without_a_domain_vouches_for_any_name(tmp_path: Path) -> None:
    """As a consortium needs it, whose coordinator may be an address."""
    free = new_authority("Valley CA", now=NOW, days=10)
    _check_handshake(tmp_path, free, "127.0.0.1")
    assert domain_of(free) == ""


def test_what_a_certificate_says_can_be_read(authority: Certified) -> None:
    """Domain, host, time left and fingerprint."""
    made = new_server(authority, ["homeroom.north.example"], now=NOW, days=5)
    assert domain_of(authority) == "north.example"
    assert host_of(made.certificate_pem) == "homeroom.north.example"
    assert host_of(authority.certificate_pem) == ""
    assert timedelta(days=4) < time_left(made.certificate_pem, NOW) <= timedelta(days=5)
    assert len(fingerprint_of(made.certificate_pem).split(":")) == 32


def test_a_sealed_key_opens_with_its_passphrase_only(authority: Certified) -> None:
    """A wrong one, none, or another certificate's key is refused."""
    sealed = authority.key_pem(b"a long passphrase")
    opened = read_certified(authority.certificate_pem, sealed, b"a long passphrase")
    assert opened.key.private_numbers() == authority.key.private_numbers()
    other = new_authority("Other CA", now=NOW, days=10).key_pem()
    for key, passphrase in ((sealed, b"another"), (sealed, b""), (other, b""), (b"no key", b"")):
        with pytest.raises(FixSettings):
            read_certified(authority.certificate_pem, key, passphrase)
