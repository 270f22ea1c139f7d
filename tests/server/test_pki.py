"""Certificates that a strict TLS peer accepts, and that renew themselves."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from server.pki import LEAF_DAYS, create_ca, key_of, renew_certificates
from server.settings import CoordinatorFolder
from tests.support.handshake import check_handshake


@pytest.fixture
def folder(tmp_path: Path) -> CoordinatorFolder:
    """A folder with a CA that was made now."""
    made = CoordinatorFolder(tmp_path)
    create_ca(made, "Valley schools", now=datetime.now(UTC))
    return made


def _check_handshake(folder: CoordinatorFolder, certificate: Path, name: str, ca: Path | None = None) -> None:
    """As a school does it."""
    check_handshake(certificate, name, ca=ca or folder.ca_certificate)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "hub.example"])
def test_schools_accept_the_gate_under_each_of_its_names(folder: CoordinatorFolder, name: str) -> None:
    """With strict checking of the chain."""
    renew_certificates(folder, "hub.example", now=datetime.now(UTC))
    _check_handshake(folder, folder.gate_certificate, name)


def test_a_public_address_may_be_a_number(folder: CoordinatorFolder) -> None:
    """A consortium without a name in the DNS."""
    renew_certificates(folder, "10.1.2.3", now=datetime.now(UTC))
    _check_handshake(folder, folder.gate_certificate, "10.1.2.3")


def test_another_name_or_another_ca_is_refused(folder: CoordinatorFolder, tmp_path: Path) -> None:
    """What the certificate doesn't say isn't believed."""
    renew_certificates(folder, "hub.example", now=datetime.now(UTC))
    with pytest.raises(ssl.SSLCertVerificationError):
        _check_handshake(folder, folder.gate_certificate, "other.example")
    stranger = CoordinatorFolder(tmp_path / "stranger")
    create_ca(stranger, "Valley schools", now=datetime.now(UTC))
    with pytest.raises(ssl.SSLCertVerificationError):
        _check_handshake(folder, folder.gate_certificate, "hub.example", ca=stranger.ca_certificate)


def test_the_superlink_has_its_own_certificate_for_loopback(folder: CoordinatorFolder) -> None:
    """It isn't the public one, and doesn't name the public address."""
    renew_certificates(folder, "hub.example", now=datetime.now(UTC))
    _check_handshake(folder, folder.superlink_certificate, "127.0.0.1")
    with pytest.raises(ssl.SSLCertVerificationError):
        _check_handshake(folder, folder.superlink_certificate, "hub.example")


def test_certificates_renew_in_their_last_month(folder: CoordinatorFolder) -> None:
    """Both at first, none while they are fresh, both when 30 days are left; the CA stays."""
    now = datetime.now(UTC)
    both = (folder.gate_certificate, folder.superlink_certificate)
    ca = folder.ca_certificate.read_bytes()
    assert renew_certificates(folder, "hub.example", now=now) == both
    assert renew_certificates(folder, "hub.example", now=now + timedelta(days=LEAF_DAYS - 31)) == ()
    assert renew_certificates(folder, "hub.example", now=now + timedelta(days=LEAF_DAYS - 29)) == both
    assert folder.ca_certificate.read_bytes() == ca


def test_keys_are_private_and_on_p256(folder: CoordinatorFolder) -> None:
    """Readable by the owner only; the curve that Flower's documents use."""
    renew_certificates(folder, "hub.example", now=datetime.now(UTC))
    for path in (folder.ca_certificate, folder.gate_certificate, folder.superlink_certificate):
        assert key_of(path).stat().st_mode & 0o777 == 0o600
        key = x509.load_pem_x509_certificate(path.read_bytes()).public_key()
        assert isinstance(key, EllipticCurvePublicKey)
        assert isinstance(key.curve, SECP256R1)


def test_a_second_ca_is_never_made(folder: CoordinatorFolder) -> None:
    """It would lock every enrolled school out."""
    with pytest.raises(FileExistsError):
        create_ca(folder, "Valley schools", now=datetime.now(UTC))
