"""Messages have one spelling, come back whole, and every other string of bytes is corrupt."""

from collections.abc import Callable

import pytest

from common.errors import Corrupt
from common.privacy.secagg.messages import (
    Deal,
    Evidence,
    Join,
    Masked,
    Survivors,
    Unmask,
    pack_deals,
    pack_joins,
    unpack_deals,
    unpack_joins,
)

SIGNATURE, D32, D16 = b"s" * 64, b"d" * 32, b"c" * 16
Message = Join | Deal | Masked | Survivors | Unmask | Evidence
MESSAGES: list[tuple[Message, Callable[[bytes], Message]]] = [
    (Join(3, D32, SIGNATURE), Join.from_bytes),
    (Deal(7, 1, 2, D32, D32, D16, D16, b"box", SIGNATURE), Deal.from_bytes),
    (Deal(7, 1, 1, D32, D32, D16, D16, b"", SIGNATURE), Deal.from_bytes),
    (Masked(4, D32, b"123", SIGNATURE), Masked.from_bytes),
    (Survivors(D32, ((0, D32), (4, D32)), SIGNATURE), Survivors.from_bytes),
    (Unmask(1, ((0, b"x" * 33), (1, b"y" * 33)), SIGNATURE), Unmask.from_bytes),
    (Evidence(((0, D32, SIGNATURE), (2, D32, SIGNATURE))), Evidence.from_bytes),
    (Evidence(()), Evidence.from_bytes),
]


@pytest.mark.parametrize(("message", "parse"), MESSAGES, ids=lambda value: type(value).__name__)
def test_it_comes_back_and_nothing_else_does(message: Message, parse: Callable[[bytes], Message]) -> None:
    """A byte more, a byte less, another kind."""
    data = message.to_bytes()
    assert parse(data) == message
    for damaged in (data + b"\0", data[:-1], b"?" + data[1:], b""):
        with pytest.raises(Corrupt):
            parse(damaged)


def test_members_come_once_and_in_order() -> None:
    """Two spellings of one set would have two signatures."""
    for entries in (((4, D32), (0, D32)), ((0, D32), (0, D32))):
        with pytest.raises(Corrupt):
            Survivors.from_bytes(Survivors(D32, entries, SIGNATURE).to_bytes())
    with pytest.raises(Corrupt):
        Unmask.from_bytes(Unmask(1, ((1, b"y" * 33), (0, b"x" * 33)), SIGNATURE).to_bytes())
    with pytest.raises(Corrupt):
        Evidence.from_bytes(Evidence(((2, D32, SIGNATURE), (0, D32, SIGNATURE))).to_bytes())


def test_lists_come_back_in_order() -> None:
    """Several deals or joins in one part of a message."""
    deals = tuple(Deal(1, 0, h, D32, D32, D16, D16, b"b" * h, SIGNATURE) for h in range(3))
    joins = tuple(Join(m, D32, SIGNATURE) for m in range(3))
    assert unpack_deals(pack_deals(deals)) == deals
    assert unpack_joins(pack_joins(joins)) == joins
    assert unpack_deals(b"") == ()
    with pytest.raises(Corrupt):
        unpack_deals(pack_deals(deals)[:-1])
