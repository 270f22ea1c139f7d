"""Seeds and mask streams: what a school adds to its vector, and what the survivors' secrets take away again.

The self mask comes from a school's own seed; the pair mask from the X25519 secret of two schools, added by
the lower position and subtracted by the higher. Both seeds are salted with ctx, the digest of the round's
plan: schools that were shown different plans hold masks that never cancel.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from numpy.typing import NDArray

from common.privacy.fixed_point import decode
from common.privacy.secagg.faults import SecaggFault, SecaggRefused
from common.privacy.secagg.packing import pack

SEED_BYTES, KEY_BYTES = 32, 32
_WORD_BYTES, _BLOCK_BYTES = 4, 16
_WORDS_PER_BLOCK = _BLOCK_BYTES // _WORD_BYTES


@dataclass(frozen=True, slots=True)
class Mask:
    """One stream, added (+1) or subtracted (-1)."""

    sign: int
    seed: bytes = field(repr=False)


def public_key(private: bytes) -> bytes:
    """The X25519 public key of 32 private bytes."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def exchange(private: X25519PrivateKey, peer: int, public: bytes) -> bytes:
    """The X25519 secret with a peer's key. SecaggRefused(worthless-key) if everybody would know it.

    A point of small order gives zero with every private key (RFC 7748, section 6.1).
    """
    try:
        return private.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as error:
        sentence = f"The X25519 key of member {peer} protects nothing."
        raise SecaggRefused(SecaggFault.WORTHLESS_KEY, sentence, party=peer) from error


def check_usable(peer: int, public: bytes) -> None:
    """SecaggRefused(worthless-key) unless secrets with this public key are secret."""
    exchange(X25519PrivateKey.from_private_bytes(bytes(KEY_BYTES)), peer, public)


def derive(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """32 bytes of HKDF-SHA256 (RFC 5869)."""
    return HKDF(hashes.SHA256(), SEED_BYTES, salt=salt, info=info).derive(secret)


def self_seed(seed: bytes, ctx: bytes) -> bytes:
    """The stream key of a school's self mask."""
    return derive(seed, ctx, pack("self"))


def pair_seeds(private: bytes, me: int, peers: Mapping[int, bytes], *, ctx: bytes) -> dict[int, bytes]:
    """The stream key of the mask that member `me` shares with each peer (position -> public mask key)."""
    key = X25519PrivateKey.from_private_bytes(private)
    seeds = {}
    for peer, public in peers.items():
        secret = exchange(key, peer, public)
        seeds[peer] = derive(secret, ctx, pack("pair", min(me, peer), max(me, peer)))
    return seeds


def own_masks(seed: bytes, private: bytes, me: int, *, peers: Mapping[int, bytes], ctx: bytes) -> list[Mask]:
    """Every mask that member `me` adds to its vector."""
    pairs = pair_seeds(private, me, peers, ctx=ctx)
    return [Mask(1, self_seed(seed, ctx)), *(Mask(1 if me < peer else -1, pairs[peer]) for peer in sorted(pairs))]


def masks_left(
    ctx: bytes,
    seeds: Mapping[int, bytes],
    dropped: Mapping[int, bytes],
    *,
    public: Mapping[int, bytes],
) -> list[Mask]:
    """What to apply to the survivors' summed vectors so that the sum of their values remains.

    seeds: self seed of each survivor. dropped: private mask key of each cohort member without a vector.
    public: public mask key of each survivor.
    """
    masks = [Mask(-1, self_seed(seeds[member], ctx)) for member in sorted(seeds)]
    survivors = {member: public[member] for member in sorted(seeds)}
    for gone in sorted(dropped):
        pairs = pair_seeds(dropped[gone], gone, survivors, ctx=ctx)
        masks += [Mask(-1 if member < gone else 1, pairs[member]) for member in survivors]
    return masks


def stream(key: bytes, start: int, count: int) -> NDArray[np.uint32]:
    """Words start .. start + count of AES-256-CTR under `key`, counter from zero. start: a multiple of 4."""
    words, zeros = _room(count)
    _fill(words, key, start, zeros=zeros)
    return words[:count]


def apply_masks(values: NDArray[np.uint32], masks: Iterable[Mask], *, start: int = 0) -> None:
    """Adds or subtracts each mask's stream in place, modulo 2^32. start: the first coordinate, a multiple of 4."""
    words, zeros = _room(values.size)
    for mask in masks:
        _fill(words, mask.seed, start, zeros=zeros)
        operation = np.add if mask.sign > 0 else np.subtract
        operation(values, words[: values.size], out=values)


def sum_and_unmask(
    vectors: Sequence[bytes], masks: Sequence[Mask], *, count: int, bits: int, start: int = 0, threads: int = 2
) -> NDArray[np.int64]:
    """(count,) residues modulo 2^bits of the summed wire vectors with every mask applied.

    AES and numpy release the interpreter's lock, so threads help.
    """

    def share(thread: int) -> NDArray[np.uint32]:
        part = np.zeros(count, np.uint32)
        for vector in vectors[thread::threads]:
            part += decode(vector, count, bits).astype(np.uint32)
        apply_masks(part, masks[thread::threads], start=start)
        return part

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(share, range(threads)))
    total: NDArray[np.uint32] = np.sum(parts, axis=0, dtype=np.uint32)
    residues: NDArray[np.int64] = (total & np.uint32((1 << bits) - 1)).astype(np.int64)
    return residues


def _room(count: int) -> tuple[NDArray[np.uint32], bytes]:
    # update_into wants one block more than the text.
    blocks = -(-count // _WORDS_PER_BLOCK)
    return np.empty((blocks + 1) * _WORDS_PER_BLOCK, "<u4"), bytes(blocks * _BLOCK_BYTES)


def _fill(words: NDArray[np.uint32], key: bytes, start: int, *, zeros: bytes) -> None:
    first_block = (start // _WORDS_PER_BLOCK).to_bytes(_BLOCK_BYTES, "big")
    Cipher(algorithms.AES(key), modes.CTR(first_block)).encryptor().update_into(zeros, words.view(np.uint8).data)
