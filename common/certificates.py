"""Certificates on the curve P-256: an authority that signs nothing but servers, and the servers it signs for."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from common.errors import ErrorCode, FixSettings

# Another machine's clock may be a little behind ours.
_BACKDATED = timedelta(hours=1)
_LONGEST_NAME = 64
_EVERY_ADDRESS = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey = field(repr=False)

    @property
    def certificate_pem(self) -> bytes:
        """What may be published."""
        return self.certificate.public_bytes(Encoding.PEM)

    def key_pem(self, passphrase: bytes = b"") -> bytes:
        """The private key, sealed if there is a passphrase."""
        sealing = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealing)


def new_authority(name: str, *, now: datetime, days: int, domain: str = "") -> Certified:
    """A CA for leaves only. domain: the one whose hosts it can vouch for, and no address (RFC 5280, 4.2.1.10).

    An empty `domain` makes one for any name.
    """
    key, subject = generate_private_key(SECP256R1()), _name(name)
    builder = _builder(subject, key, now=now, days=days).issuer_name(subject)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    if domain:
        builder = builder.add_extension(_only(domain), critical=True)
    return Certified(builder.sign(key, hashes.SHA256()), key)


def new_server(authority: Certified, names: Sequence[str], *, now: datetime, days: int) -> Certified:
    """A certificate for a TLS server under all of `names`, host names or addresses; the last one is its title."""
    key = generate_private_key(SECP256R1())
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    builder = (
        _builder(_name(names[-1]), key, now=now, days=days)
        .issuer_name(authority.certificate.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general_name(n) for n in names]), critical=False)
        .add_extension(issuer, critical=False)
    )
    return Certified(builder.sign(authority.key, hashes.SHA256()), key)


def read_certified(certificate_pem: bytes, key_pem: bytes, passphrase: bytes = b"") -> Certified:
    """FixSettings if the passphrase is wrong, or these aren't a certificate and its P-256 key."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem)
        key = load_pem_private_key(key_pem, passphrase or None)
    except (ValueError, TypeError) as error:
        raise FixSettings(
            ErrorCode.BAD_SETTINGS, "The key of the certificates doesn't open. Is the passphrase right?"
        ) from error
    if not isinstance(key, EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise FixSettings(ErrorCode.BAD_SETTINGS, "A certificate and the key beside it don't belong together.")
    return Certified(certificate, key)


def domain_of(authority: Certified) -> str:
    """The domain that an authority is bound to; "" if it isn't."""
    for extension in authority.certificate.extensions:
        if isinstance(extension.value, x509.NameConstraints):
            names = extension.value.permitted_subtrees or ()
            return next((name.value for name in names if isinstance(name, x509.DNSName)), "")
    return ""


def host_of(certificate_pem: bytes) -> str:
    """The host name that a server's certificate is for; "" if it names none."""
    for extension in x509.load_pem_x509_certificate(certificate_pem).extensions:
        if isinstance(extension.value, x509.SubjectAlternativeName):
            return next(iter(extension.value.get_values_for_type(x509.DNSName)), "")
    return ""


def fingerprint_of(certificate_pem: bytes) -> str:
    """SHA-256 of a certificate in pairs of digits, as devices show it."""
    return x509.load_pem_x509_certificate(certificate_pem).fingerprint(hashes.SHA256()).hex(":").upper()


def time_left(certificate_pem: bytes, now: datetime) -> timedelta:
    """Until the certificate ends; negative when it has."""
    return x509.load_pem_x509_certificate(certificate_pem).not_valid_after_utc - now


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


def _only(domain: str) -> x509.NameConstraints:
    """A domain stands for itself and everything below it; without the exclusions any address could be named."""
    addresses = [x509.IPAddress(ipaddress.ip_network(network)) for network in _EVERY_ADDRESS]
    return x509.NameConstraints(permitted_subtrees=[x509.DNSName(domain)], excluded_subtrees=addresses)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:_LONGEST_NAME])])
