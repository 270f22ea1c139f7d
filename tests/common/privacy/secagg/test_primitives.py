"""Packing, shares and mask streams: laws that everything else rests on."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import Corrupt
from common.privacy.secagg.commitments import CHUNK, chunk_count, chunk_span, split_chunks, vector_digest
from common.privacy.secagg.masks import Mask, apply_masks, own_masks, public_key, stream, sum_and_unmask
from common.privacy.secagg.packing import Reader, block, pack
from common.privacy.secagg.shamir import PRIME, coefficients_at_zero, is_share, recover, split

FIELDS = st.lists(st.one_of(st.binary(max_size=9), st.integers(0, 2**40)), max_size=4)


@given(st.tuples(st.sampled_from(["a", "b"]), FIELDS), st.tuples(st.sampled_from(["a", "b"]), FIELDS))
def test_different_fields_never_pack_alike(
    one: tuple[str, list[bytes | int]], other: tuple[str, list[bytes | int]]
) -> None:
    """Lengths come first, so no two lists of fields share bytes; an integer is its 8 bytes."""
    spelled = [
        (tag, [f if isinstance(f, bytes) else f.to_bytes(8, "big") for f in fields])
        for tag, fields in (one, other)
    ]
    assert (pack(one[0], *one[1]) == pack(other[0], *other[1])) == (spelled[0] == spelled[1])


def test_a_reader_takes_exactly_what_is_there() -> None:
    """Short, long or of another kind: corrupt."""
    reader = Reader(b"k\x01\x00\x02" + block(b"ab"), b"k")
    assert (reader.u8(), reader.u16(), reader.block(), reader.at_end) == (1, 2, b"ab", True)
    for data, count in ((b"x", 0), (b"k", 1), (b"", 0)):
        with pytest.raises(Corrupt):
            Reader(data, b"k").take(count)
    with pytest.raises(Corrupt):
        Reader(b"kk", b"k").end()


@settings(max_examples=40)
@given(st.data())
def test_any_t_shares_recover_and_fewer_fit_every_secret(data: st.DataObject) -> None:
    """Shamir: t points determine the polynomial; with t - 1 another secret explains them just as well."""
    members = data.draw(st.integers(2, 9))
    threshold = data.draw(st.integers(1, members))
    secret = data.draw(st.binary(min_size=32, max_size=32))
    shares = split(
        secret,
        members,
        coefficients=data.draw(st.binary(min_size=48 * (threshold - 1), max_size=48 * (threshold - 1))),
    )
    holders = data.draw(st.permutations(range(members)))[:threshold]
    assert recover([shares[h] for h in holders], coefficients_at_zero(holders)) == secret
    assert all(is_share(share) for share in shares)
    if threshold > 1:
        # A polynomial through t - 1 shares and another secret exists: Lagrange on the points and 0.
        few = holders[: threshold - 1]
        other = (int.from_bytes(secret, "big") + 1) % 2**256
        points = [(0, other), *((h + 1, int.from_bytes(shares[h], "big")) for h in few)]
        for at, value in points:
            assert _through(points, at) == value


def _through(points: list[tuple[int, int]], at: int) -> int:
    total = 0
    for i, (x, y) in enumerate(points):
        above = below = 1
        for j, (other, _) in enumerate(points):
            if i != j:
                above, below = above * (at - other) % PRIME, below * (x - other) % PRIME
        total += y * above * pow(below, -1, PRIME)
    return total % PRIME


def test_a_share_is_an_element_of_the_field() -> None:
    """33 bytes below the prime."""
    assert is_share((PRIME - 1).to_bytes(33, "big"))
    assert not is_share(PRIME.to_bytes(33, "big"))
    assert not is_share(bytes(32))


@given(st.integers(0, 50).map(lambda n: 4 * n), st.integers(1, 70))
def test_a_part_of_a_stream_is_part_of_the_stream(start: int, count: int) -> None:
    """AES-CTR seeks, so one chunk can be replayed alone."""
    key = b"k" * 32
    assert stream(key, start, count).tolist() == stream(key, 0, start + count)[start:].tolist()


@given(st.integers(2, 6), st.integers(1, 50), st.sampled_from([16, 24, 32]))
@settings(max_examples=25)
def test_masks_of_one_plan_cancel_to_the_self_masks(members: int, count: int, bits: int) -> None:
    """Added by the lower position, subtracted by the higher: pairs sum to zero under one ctx."""
    ctx, keys = b"c" * 32, [os.urandom(32) for _ in range(members)]
    seeds = [os.urandom(32) for _ in range(members)]
    public = {m: public_key(key) for m, key in enumerate(keys)}
    total = np.zeros(count, np.uint32)
    expected = np.zeros(count, np.uint32)
    for me in range(members):
        masks = own_masks(seeds[me], keys[me], me, peers={m: k for m, k in public.items() if m != me}, ctx=ctx)
        apply_masks(total, masks)
        apply_masks(expected, masks[:1])
    assert total.tolist() == expected.tolist()
    vector = (total & np.uint32(2**bits - 1)).astype("<u4").view(np.uint8).reshape(-1, 4)[:, : bits // 8].tobytes()
    own = [
        Mask(-1, m[0].seed)
        for m in (own_masks(s, k, i, peers={}, ctx=ctx) for i, (s, k) in enumerate(zip(seeds, keys, strict=True)))
    ]
    assert not sum_and_unmask([vector], own, count=count, bits=bits).any()


def test_another_ctx_leaves_masks_that_never_cancel() -> None:
    """The binding: schools that were shown different plans."""
    keys = [bytes([m]) * 32 for m in (1, 2)]
    public = {m: public_key(key) for m, key in enumerate(keys)}
    total = np.zeros(50, np.uint32)
    for me, ctx in ((0, b"c" * 32), (1, b"d" * 32)):
        masks = own_masks(b"s" * 32, keys[me], me, peers={1 - me: public[1 - me]}, ctx=ctx)
        apply_masks(total, masks[1:])
    assert np.count_nonzero(total) > 40


@pytest.mark.parametrize("dimensions", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_chunks_cover_a_vector_once(dimensions: int) -> None:
    """And their hashes give its digest, so that one can be checked alone."""
    vector = os.urandom(3 * dimensions)
    chunks = split_chunks(vector, 24)
    spans = [chunk_span(chunk, dimensions) for chunk in range(chunk_count(dimensions))]
    assert b"".join(chunks) == vector
    assert [len(c) for c in chunks] == [3 * (last - first) for first, last in spans]
    other = vector[:-1] + bytes([vector[-1] ^ 1])
    assert vector_digest(vector, 24) != vector_digest(other, 24)
