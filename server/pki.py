"""The consortium's certificates: one CA (EC P-256), one certificate for the gate and one for the SuperLink."""

import ipaddress
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from common.errors import Corrupt, ErrorCode
from common.signing import write_private_file
from server.settings import CoordinatorFolder

CA_DAYS, LEAF_DAYS, RENEW_BELOW_DAYS = 3650, 90, 30
# A school's clock may be a little behind ours.
_BACKDATED = timedelta(hours=1)
_ALWAYS = ("localhost", "127.0.0.1")


def create_ca(folder: CoordinatorFolder, consortium: str, *, now: datetime) -> None:
    """Makes the CA's key and certificate; FileExistsError if there is one."""
    folder.pki.mkdir(parents=True, exist_ok=True, mode=0o700)
    key, name = generate_private_key(SECP256R1()), _name(f"{consortium} CA")
    only_leaves = x509.BasicConstraints(ca=True, path_length=0)
    certificate = (
        _builder(name, key, now=now, days=CA_DAYS)
        .issuer_name(name)
        .add_extension(only_leaves, critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    write_private_file(key_of(folder.ca_certificate), _key_pem(key))
    folder.ca_certificate.write_bytes(certificate.public_bytes(Encoding.PEM))


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
    ca_certificate, ca_key = _load_ca(folder)
    key = generate_private_key(SECP256R1())
    certificate = (
        _builder(_name(names[-1]), key, now=now, days=LEAF_DAYS)
        .issuer_name(ca_certificate.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general_name(n) for n in names]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    # The key first: a kill in between leaves a pair that doesn't match, which the next start replaces.
    path.unlink(missing_ok=True)
    key_of(path).unlink(missing_ok=True)
    write_private_file(key_of(path), _key_pem(key))
    draft = path.with_suffix(".draft")
    draft.write_bytes(certificate.public_bytes(Encoding.PEM))
    os.replace(draft, path)


def _builder(
    name: x509.Name, key: EllipticCurvePrivateKey, *, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _is_close_to_its_end(path: Path, now: datetime) -> bool:
    if not path.exists() or not key_of(path).exists():
        return True
    end = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    return end - now < timedelta(days=RENEW_BELOW_DAYS)


def _load_ca(folder: CoordinatorFolder) -> tuple[x509.Certificate, EllipticCurvePrivateKey]:
    key = load_pem_private_key(key_of(folder.ca_certificate).read_bytes(), None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise Corrupt(ErrorCode.BAD_SETTINGS, "The consortium's CA key isn't one that this program made.")
    return x509.load_pem_x509_certificate(folder.ca_certificate.read_bytes()), key


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _key_pem(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
