"""RFC 6962 Merkle trees: a log of bytes whose root commits to every entry and its place, and short proofs of it.

Leaf: SHA-256(0x00 || entry); node: SHA-256(0x01 || left || right); no entries: SHA-256 of nothing (section 2.1).
Entries are given by their leaf hashes, so that whoever follows a log keeps 32 bytes an entry.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from common.errors import Corrupt, ErrorCode

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """What the tree holds of an entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """What the tree holds of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The complete subtrees of a log of `size` entries, largest first: all that appending needs."""

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "Frontier":
        """One entry more; as many hashes as the size has trailing ones in binary."""
        nodes, size = list(self.nodes), self.size
        while size & 1:
            leaf = node_hash(nodes.pop(), leaf)
            size >>= 1
        return Frontier(self.size + 1, (*nodes, leaf))

    def root(self) -> bytes:
        """The log's root at this size."""
        if not self.nodes:
            return EMPTY_ROOT
        *rest, root = self.nodes
        for node in reversed(rest):
            root = node_hash(node, root)
        return root


def frontier_of(leaves: Sequence[bytes]) -> Frontier:
    """The frontier of a log with these leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.append(leaf)
    return frontier


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The audit path of the entry at `index` (section 2.1.1), nearest sibling first."""
    if len(leaves) <= 1:
        return ()
    split = _split(len(leaves))
    if index < split:
        return (*inclusion_proof(leaves[:split], index), _root(leaves[split:]))
    return (*inclusion_proof(leaves[split:], index - split), _root(leaves[:split]))


def consistency_proof(leaves: Sequence[bytes], old: int) -> tuple[bytes, ...]:
    """That the log of the first `old` entries, 1 or more, is a beginning of this one (section 2.1.2)."""
    return _subproof(leaves, old, whole=True)


def verify_inclusion(leaf: bytes, index: int, size: int, *, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that `leaf` is the entry at `index` of the log with this size and root."""
    if not 0 <= index < size:
        return False
    at, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            computed = node_hash(sibling, computed)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and computed == root


def verify_consistency(old: int, new: int, *, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the log of size `new` continues the one of size `old` (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return old == 0 and old_root == EMPTY_ROOT and not proof
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def split_hashes(data: bytes) -> tuple[bytes, ...]:
    """Hashes that were written one after the other; Corrupt if the last is cut."""
    if len(data) % HASH_BYTES:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A list of hashes is cut short.")
    return tuple(data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES))


def _subproof(leaves: Sequence[bytes], old: int, *, whole: bool) -> tuple[bytes, ...]:
    if old == len(leaves):
        return () if whole else (_root(leaves),)
    split = _split(len(leaves))
    if old <= split:
        return (*_subproof(leaves[:split], old, whole=whole), _root(leaves[split:]))
    return (*_subproof(leaves[split:], old - split, whole=False), _root(leaves[:split]))


def _root(leaves: Sequence[bytes]) -> bytes:
    return frontier_of(leaves).root()


def _split(count: int) -> int:
    """The largest power of two below `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1
