"""Named arrays <-> flat vector <-> bytes, without pickle.

The order of names is the order of the shape table, which both sides take from the signed plan.
"""

import struct
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from common.canonical import canonical_json, parse_canonical_json
from common.errors import Corrupt, ErrorCode, FixSettings

Arrays = dict[str, NDArray[np.float32]]
Shapes = tuple[tuple[str, tuple[int, ...]], ...]

_MAGIC = b"HRA1"
_MAX_NUMBERS = 50_000_000


def shapes_of(arrays: Mapping[str, NDArray[np.float32]]) -> Shapes:
    """Names and shapes, in the mapping's order."""
    return tuple((name, tuple(array.shape)) for name, array in arrays.items())


def size_of(shapes: Shapes) -> int:
    """How many numbers the arrays hold together."""
    return sum(int(np.prod(shape, dtype=np.int64)) for _, shape in shapes)


def flatten(arrays: Mapping[str, NDArray[np.float32]], shapes: Shapes) -> NDArray[np.float32]:
    """(size,) float32, arrays one after the other in the order of `shapes`."""
    if shapes_of({name: arrays[name] for name, _ in shapes if name in arrays}) != shapes:
        raise FixSettings(ErrorCode.BAD_ARRAY, "The arrays don't have the shapes of the plan.")
    parts = [np.asarray(arrays[name], np.float32).ravel() for name, _ in shapes]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def unflatten(vector: NDArray[np.floating], shapes: Shapes) -> Arrays:
    """The inverse of `flatten`; copies."""
    if vector.shape != (size_of(shapes),):
        raise Corrupt(
            ErrorCode.BAD_ARRAY,
            f"Expected {size_of(shapes)} numbers, got an array of shape {vector.shape}.",
        )
    arrays: Arrays = {}
    start = 0
    for name, shape in shapes:
        count = int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.array(vector[start : start + count], np.float32).reshape(shape)
        start += count
    return arrays


def to_bytes(arrays: Mapping[str, NDArray[np.float32]]) -> bytes:
    """Magic, length of the header, canonical JSON header of names and shapes, float32 little-endian."""
    header = canonical_json([[name, list(array.shape)] for name, array in arrays.items()])
    body = b"".join(np.ascontiguousarray(a, "<f4").tobytes() for a in arrays.values())
    return _MAGIC + struct.pack(">I", len(header)) + header + body


def from_bytes(data: bytes) -> Arrays:
    """Reads what `to_bytes` wrote. Corrupt for a wrong magic, length, header, or a number that isn't finite."""
    if len(data) < 8 or data[:4] != _MAGIC:
        raise Corrupt(ErrorCode.BAD_ARRAY, "These bytes don't hold arrays.")
    (header_bytes,) = struct.unpack(">I", data[4:8])
    shapes = _read_shapes(parse_canonical_json(data[8 : 8 + header_bytes]))
    body = data[8 + header_bytes :]
    if len(body) != 4 * size_of(shapes):
        raise Corrupt(ErrorCode.BAD_ARRAY, "The arrays are cut short or too long.")
    vector = np.frombuffer(body, "<f4")
    if not np.isfinite(vector).all():
        raise Corrupt(ErrorCode.BAD_ARRAY, "The arrays hold a number that isn't finite.")
    return unflatten(vector, shapes)


def _read_shapes(header: object) -> Shapes:
    bad = Corrupt(ErrorCode.BAD_ARRAY, "The header of the arrays is malformed.")
    if not isinstance(header, list):
        raise bad
    shapes: list[tuple[str, tuple[int, ...]]] = []
    for row in header:
        if not (isinstance(row, list) and len(row) == 2):
            raise bad
        name, shape = row
        if not isinstance(name, str) or not isinstance(shape, list):
            raise bad
        if not all(type(n) is int and 0 <= n <= _MAX_NUMBERS for n in shape):
            raise bad
        shapes.append((name, tuple(shape)))
    if len({name for name, _ in shapes}) != len(shapes) or size_of(tuple(shapes)) > _MAX_NUMBERS:
        raise bad
    return tuple(shapes)
