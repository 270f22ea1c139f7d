"""Vault: students' names sealed under one data key per student, which the school's key file wraps.

AES-256-GCM throughout. The school's key is a file and never in the database, so a stolen database holds no
name; a student's wrapped key is one row, so destroying it makes that name unreadable wherever it was copied.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from client.settings import load_school_key
from common.errors import ErrorCode, FixSettings

_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Vault:
    """Holds the school's key. What it seals is bound to the student, so that no value passes as another's."""

    _school_key: bytes = field(repr=False)

    def new_wrapped_key(self, student: str) -> bytes:
        """A fresh data key for a student, wrapped by the school's key."""
        return _encrypt(self._school_key, AESGCM.generate_key(bit_length=256), f"data-key/{student}")

    def seal(self, student: str, wrapped_key: bytes, text: str, *, what: str = "name") -> bytes:
        """Nonce, ciphertext and tag. what: so that no value of one kind passes as one of another."""
        return _encrypt(self._data_key(student, wrapped_key), text.encode(), f"{what}/{student}")

    def unseal(self, student: str, wrapped_key: bytes, sealed: bytes, *, what: str = "name") -> str:
        """FixSettings unless the same vault sealed it for the same student, as the same kind of value."""
        return _decrypt(self._data_key(student, wrapped_key), sealed, f"{what}/{student}").decode()

    def mac(self, student: str, purpose: str, text: str) -> bytes:
        """32 bytes that prove the same text later, and that say nothing without the school's key.

        For secrets that are too short for a hash: who has the database alone can't try them out.
        """
        key = hmac.digest(self._school_key, _bound(f"mac-key/{purpose}"), hashlib.sha256)
        return hmac.digest(key, _bound(f"{student}/{text}"), hashlib.sha256)

    def _data_key(self, student: str, wrapped_key: bytes) -> bytes:
        return _decrypt(self._school_key, wrapped_key, f"data-key/{student}")


def load_vault(path: Path) -> Vault:
    """The vault of a school's `vault.key`; FixSettings if the file is missing or cut short."""
    return Vault(load_school_key(path))


def _encrypt(key: bytes, data: bytes, what: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, _bound(what))


def _decrypt(key: bytes, sealed: bytes, what: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(what))
    except (InvalidTag, ValueError) as error:
        raise FixSettings(
            ErrorCode.VAULT_SEALED,
            "The vault key doesn't open the names in this database. Restore the vault.key that belongs to it.",
        ) from error


def _bound(what: str) -> bytes:
    return f"homeroom/vault/1/{what}".encode()
