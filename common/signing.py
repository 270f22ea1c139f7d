"""Ed25519 identities, signed bytes, and signed requests.

A key's id is the hexadecimal public key itself (64 digits): short enough to read aloud in eight groups.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from common.errors import ErrorCode, FixSettings, Refused

SIGNATURE_BYTES = 64


@dataclass(frozen=True)
class Identity:
    """A private signing key. It is made where it is used and never leaves."""

    _private: Ed25519PrivateKey

    @property
    def public_key(self) -> str:
        """The raw public key, 64 hexadecimal digits."""
        return self._private.public_key().public_bytes_raw().hex()

    def sign(self, purpose: str, data: bytes) -> bytes:
        """64-byte signature of `data` under a purpose, so that one message can't pass as another kind."""
        return self._private.sign(_bound(purpose, data))


def new_identity() -> Identity:
    """A fresh key from the operating system's generator."""
    return Identity(Ed25519PrivateKey.generate())


def save_identity(identity: Identity, path: Path) -> None:
    """PKCS8 PEM, readable by the owner only, never overwritten."""
    pem = identity._private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_private_file(path, pem)


def load_identity(path: Path) -> Identity:
    """Reads `save_identity`'s file."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError as error:
        raise FixSettings(ErrorCode.FILE_MISSING, f"The key file {path} is missing.") from error
    except ValueError as error:
        raise FixSettings(ErrorCode.BAD_SETTINGS, f"{path} doesn't hold a key.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise FixSettings(ErrorCode.BAD_SETTINGS, f"{path} doesn't hold an Ed25519 key.")
    return Identity(key)


def verify(public_key: str, purpose: str, data: bytes, *, signature: bytes) -> None:
    """Refused unless `signature` is `public_key`'s over (purpose, data)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(signature, _bound(purpose, data))
    except (InvalidSignature, ValueError) as error:
        raise Refused(ErrorCode.BAD_SIGNATURE, f"The signature under a {purpose} is wrong.") from error


def is_signed(public_key: str, purpose: str, data: bytes, *, signature: bytes) -> bool:
    """Whether `verify` would pass."""
    try:
        verify(public_key, purpose, data, signature=signature)
    except Refused:
        return False
    return True


def fingerprint(public_key: str) -> str:
    """The first 32 digits in groups of four, to read over the telephone."""
    return " ".join(public_key[i : i + 4] for i in range(0, 32, 4))


def write_private_file(path: Path, data: bytes) -> None:
    """Creates `path` with mode 0600, flushed to disk; FileExistsError if it is there already."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _bound(purpose: str, data: bytes) -> bytes:
    tag = f"homeroom/{purpose}/1".encode()
    return len(tag).to_bytes(2, "big") + tag + data
