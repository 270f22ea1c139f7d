"""The masking protocol's published test vectors, computed: `python -m tests.support.secagg_vectors > FILE`."""

import json
from hashlib import sha256
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.privacy.noise import rounded_gaussian
from common.privacy.secagg.commitments import CHUNK, vector_digest
from common.privacy.secagg.masks import pair_seeds, public_key, self_seed, stream
from common.privacy.secagg.packing import pack
from common.privacy.secagg.shamir import coefficients_at_zero, recover, split
from common.signing import Identity
from tests.support.secagg_world import BITS, secagg_world

FORMAT = "homeroom/secagg/1"


def fixed(label: str, count: int = 32) -> bytes:
    """Bytes that anybody can make again: SHA-256(label) repeated and cut."""
    return (sha256(label.encode()).digest() * (count // 32 + 1))[:count]


def fixed_identity(label: str) -> Identity:
    """An Ed25519 key whose private bytes are `fixed(label)`."""
    return Identity(Ed25519PrivateKey.from_private_bytes(fixed(label)))


def vectors() -> dict[str, Any]:
    """Every vector, hexadecimal."""
    return {
        "format": FORMAT,
        "fixed": "fixed(label) = SHA-256(label), repeated and cut to length",
        "pack": pack("tag", b"ab", 7).hex(),
        "seeds": _seeds(),
        "stream": _stream(),
        "shares": _shares(),
        "digest": vector_digest(fixed("vector", 3 * (CHUNK + 5)), 24).hex(),
        "noise": _noise(),
        "round": _round(),
    }


def _seeds() -> dict[str, str]:
    key, peer, ctx = fixed("mask key 0"), public_key(fixed("mask key 1")), fixed("ctx")
    return {
        "private_0": key.hex(),
        "public_1": peer.hex(),
        "ctx": ctx.hex(),
        "self": self_seed(fixed("seed"), ctx).hex(),
        "pair_0_1": pair_seeds(key, 0, {1: peer}, ctx=ctx)[1].hex(),
    }


def _stream() -> dict[str, Any]:
    key = fixed("stream")
    return {
        "key": key.hex(),
        "words_at_0": stream(key, 0, 6).tolist(),
        "words_at_4096": stream(key, 4096, 6).tolist(),
    }


def _shares() -> dict[str, Any]:
    secret, coefficients = fixed("secret"), fixed("coefficients", 96)
    shares = split(secret, 5, coefficients=coefficients)
    return {
        "secret": secret.hex(),
        "coefficients": coefficients.hex(),
        "shares": [share.hex() for share in shares],
        "recovered_from_1_2_4": (
            recover([shares[h] for h in (1, 2, 4)], coefficients_at_zero((1, 2, 4))) or b""
        ).hex(),
    }


def _noise() -> dict[str, Any]:
    values, key = [0.0, 0.5, -3.25, 1000.125], fixed("noise")
    draws = rounded_gaussian(np.array(values), 16.0, key)
    return {"values": values, "std": 16.0, "key": key.hex(), "draws": draws.tolist()}


def _round() -> dict[str, Any]:
    """A whole round of three schools with secrets from `tests.support.seeded.SeededRandomness`."""
    world = secagg_world(3, identities=[fixed_identity(f"identity {i}") for i in range(4)])
    attempt = world.attempt(1)
    masked = {m: world.mask(attempt, m) for m in world.everybody}
    survivors = world.survivors(attempt, masked)
    unmasks = {m: world.unmask(survivors, m)[0] for m in world.everybody}
    opened = world.open(attempt, masked, unmasks)
    deal = world.deals[1][0, 1]
    return {
        "randomness": "SHAKE-256 of '<len>:<seed><len>:<purpose><count>', seed 'member <position>'",
        "camp": world.terms.camp.hex(),
        "ctx": attempt.ctx.hex(),
        "keys": list(world.terms.keys),
        "bits": BITS,
        "values": [world.value(m, 1).tolist() for m in world.everybody],
        "box_0_to_1": deal.box.hex(),
        "deal_0_to_1": deal.to_bytes().hex(),
        "masked": [masked[m].to_bytes().hex() for m in world.everybody],
        "survivors": survivors.to_bytes().hex(),
        "unmasks": [unmasks[m].to_bytes().hex() for m in world.everybody],
        "total": opened.total.tolist(),
    }


if __name__ == "__main__":
    print(json.dumps(vectors(), indent=1))
