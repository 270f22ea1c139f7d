"""A signed message opens whole, from the right sender, as the right kind, or not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.envelope import open_envelope, peek_kind, peek_sender, seal
from common.errors import Corrupt, HomeroomError, Refused
from common.signing import new_identity

IDENTITY = new_identity()
SEALED = seal(IDENTITY, "greeting", {"to": "east", "count": 3}, payload=b"some bytes")


def test_a_sealed_message_opens() -> None:
    """Fields and payload come back."""
    opened = open_envelope(SEALED, kind="greeting", sender=IDENTITY.public_key)
    assert opened.fields == {"to": "east", "count": 3}
    assert opened.payload == b"some bytes"
    assert peek_sender(SEALED) == IDENTITY.public_key
    assert peek_kind(SEALED) == "greeting"


def test_another_kind_or_sender_is_refused() -> None:
    """A message can't pass as another kind, nor under another name."""
    with pytest.raises(Refused):
        open_envelope(SEALED, kind="farewell", sender=IDENTITY.public_key)
    with pytest.raises(Refused):
        open_envelope(SEALED, kind="greeting", sender=new_identity().public_key)


@settings(max_examples=200)
@given(st.integers(0, len(SEALED) - 1), st.integers(0, 7))
def test_every_flipped_bit_is_noticed(position: int, bit: int) -> None:
    """Any bit of header, signature or payload."""
    damaged = bytearray(SEALED)
    damaged[position] ^= 1 << bit
    with pytest.raises(HomeroomError):
        open_envelope(bytes(damaged), kind="greeting", sender=IDENTITY.public_key)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_corrupt(data: bytes) -> None:
    """Never another exception."""
    with pytest.raises(Corrupt):
        open_envelope(data, kind="greeting", sender=IDENTITY.public_key)


def test_a_message_above_the_limit_is_not_parsed() -> None:
    """The length is checked first."""
    with pytest.raises(Corrupt):
        open_envelope(SEALED, kind="greeting", sender=IDENTITY.public_key, max_bytes=len(SEALED) - 1)


def test_a_missing_text_field_is_corrupt() -> None:
    """`text` names the field."""
    opened = open_envelope(SEALED, kind="greeting", sender=IDENTITY.public_key)
    with pytest.raises(Corrupt, match="count"):
        opened.text("count")
