"""A head is the coordinator's word; two of one size are a proof that anybody can check offline."""

import pytest

from common.envelope import seal
from common.errors import Corrupt, Refused
from common.sections import join_sections
from common.signed_head import (
    KIND,
    LogHead,
    conflict_proof,
    open_head,
    pack_heads,
    sign_head,
    unpack_heads,
    verify_conflict,
)
from common.signing import new_identity

COORDINATOR = new_identity()
KEY = COORDINATOR.public_key


def _head(size: int, root: str) -> LogHead:
    return sign_head(COORDINATOR, consortium="Valley", size=size, root=root * 64, at="2026-11-24T10:00:00+00:00")


def test_a_head_comes_back_and_nobody_else_signs_it() -> None:
    """Only the coordinator that the school enrolled with."""
    head = _head(3, "a")
    assert open_head(head.signed, coordinator_key=KEY) == head
    with pytest.raises(Refused):
        open_head(head.signed, coordinator_key=new_identity().public_key)


@pytest.mark.parametrize("change", [{"size": -1}, {"size": "3"}, {"size": True}, {"root": "ab"}])
def test_a_malformed_head_is_corrupt(change: dict[str, object]) -> None:
    """Even if it is signed."""
    fields = {"consortium": "Valley", "size": 3, "root": "a" * 64, "at": ""} | change
    with pytest.raises(Corrupt):
        open_head(seal(COORDINATOR, KIND, fields), coordinator_key=KEY)


def test_two_heads_of_one_size_prove_two_histories() -> None:
    """The same proof whichever comes first."""
    one, other = _head(3, "a"), _head(3, "b")
    proof = conflict_proof(one, other)
    assert proof is not None
    assert proof == conflict_proof(other, one)
    assert {head.root for head in verify_conflict(proof, coordinator_key=KEY)} == {"a" * 64, "b" * 64}


def test_heads_travel_together() -> None:
    """In their order; a cut list is corrupt."""
    heads = [_head(3, "a").signed, b"", _head(4, "b").signed]
    assert unpack_heads(pack_heads(heads)) == heads
    for cut in (1, 3, len(heads[2])):
        with pytest.raises(Corrupt):
            unpack_heads(pack_heads(heads)[:-cut])


def test_what_proves_nothing_is_refused() -> None:
    """Other sizes, one head twice, another coordinator's, half a proof."""
    one = _head(3, "a")
    assert conflict_proof(one, one) is None
    assert conflict_proof(one, _head(4, "b")) is None
    proof = conflict_proof(one, _head(3, "b"))
    assert proof is not None
    with pytest.raises(Refused):
        verify_conflict(proof, coordinator_key=new_identity().public_key)
    with pytest.raises(Corrupt):
        verify_conflict(proof[:-5], coordinator_key=KEY)
    same = one.signed
    with pytest.raises(Corrupt):
        verify_conflict(join_sections({"first": same, "second": same}), coordinator_key=KEY)
