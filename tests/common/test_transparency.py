"""The log's tree against its plain definition, and proofs that hold for nothing else."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Corrupt
from common.transparency import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    frontier_of,
    inclusion_proof,
    leaf_hash,
    split_hashes,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [leaf_hash(bytes([n])) for n in range(40)]
# Certificate Transparency's reference inputs (RFC 6962 test data) and the roots of their first 1, 2, 3 and 8.
REFERENCE = [bytes.fromhex(t) for t in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                                        "606162636465666768696a6b6c6d6e6f")]  # fmt: skip
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def plain_root(leaves: list[bytes]) -> bytes:
    """Section 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:split]) + plain_root(leaves[split:])).digest()


@pytest.mark.parametrize("size", sorted(ROOTS))
def test_the_reference_roots(size: int) -> None:
    """As published with Certificate Transparency."""
    leaves = [leaf_hash(entry) for entry in REFERENCE[:size]]
    assert frontier_of(leaves).root().hex() == ROOTS[size]


@given(st.integers(0, 40))
def test_the_frontier_gives_the_plain_root(size: int) -> None:
    """Appending one by one."""
    assert frontier_of(LEAVES[:size]).root() == plain_root(LEAVES[:size])
    assert Frontier().root() == EMPTY_ROOT


def test_every_inclusion_proof_holds_for_its_own_place_only() -> None:
    """All sizes to 20; another index, size, leaf or root is refused."""
    refused = 0
    for size in range(1, 21):
        root = plain_root(LEAVES[:size])
        for index in range(size):
            proof = inclusion_proof(LEAVES[:size], index)
            leaf = LEAVES[index]
            assert verify_inclusion(leaf, index, size, proof=proof, root=root)
            forged = [
                verify_inclusion(LEAVES[30], index, size, proof=proof, root=root),
                verify_inclusion(leaf, index, size, proof=proof, root=bytes(32)),
                verify_inclusion(leaf, index, size, proof=(*proof, bytes(32)), root=root),
                verify_inclusion(leaf, size, size, proof=proof, root=root),
                bool(proof) and verify_inclusion(leaf, index, size, proof=proof[:-1], root=root),
            ]
            forged += [
                verify_inclusion(leaf, other, size, proof=proof, root=root)
                for other in range(size)
                if other != index
            ]
            assert not any(forged)
            refused += len(forged)
    assert refused > 2000


def test_every_consistency_proof_holds_for_its_own_sizes_only() -> None:
    """All pairs to 24; another old root, new root or proof is refused."""
    for new in range(1, 25):
        new_root = plain_root(LEAVES[:new])
        for old in range(1, new + 1):
            old_root, proof = plain_root(LEAVES[:old]), consistency_proof(LEAVES[:new], old)
            assert verify_consistency(old, new, old_root=old_root, new_root=new_root, proof=proof)
            assert not verify_consistency(old, new, old_root=bytes(32), new_root=new_root, proof=proof)
            assert not verify_consistency(old, new, old_root=old_root, new_root=bytes(32), proof=proof)
            assert not verify_consistency(
                old, new, old_root=old_root, new_root=new_root, proof=(*proof, bytes(32))
            )
            if proof:
                bent = (bytes([proof[0][0] ^ 1]) + proof[0][1:], *proof[1:])
                assert not verify_consistency(old, new, old_root=old_root, new_root=new_root, proof=bent)
    assert verify_consistency(0, 5, old_root=EMPTY_ROOT, new_root=plain_root(LEAVES[:5]), proof=())
    assert not verify_consistency(5, 4, old_root=bytes(32), new_root=bytes(32), proof=())


def test_a_changed_past_has_no_proof() -> None:
    """The log that rewrote its third entry isn't a continuation."""
    other = [*LEAVES[:2], leaf_hash(b"rewritten"), *LEAVES[3:12]]
    proof = consistency_proof(other, 7)
    assert not verify_consistency(7, 12, old_root=plain_root(LEAVES[:7]), new_root=plain_root(other), proof=proof)


def test_hashes_are_whole() -> None:
    """32 bytes each."""
    assert split_hashes(b"".join(LEAVES)) == tuple(LEAVES)
    with pytest.raises(Corrupt):
        split_hashes(bytes(33))
