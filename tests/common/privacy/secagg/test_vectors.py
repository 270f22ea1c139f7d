"""The published vectors: another implementation can check itself against them, and this one can't drift."""

import json
from pathlib import Path

import pytest

from tests.support.secagg_vectors import vectors

PUBLISHED = json.loads((Path(__file__).resolve().parents[4] / "docs" / "vectors" / "secagg-1.json").read_text())


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_what_is_published_is_what_is_computed(name: str) -> None:
    """Byte for byte."""
    assert vectors()[name] == PUBLISHED[name]


def test_nothing_is_computed_that_is_not_published() -> None:
    """The file is whole."""
    assert vectors().keys() == PUBLISHED.keys()


def test_the_published_total_is_the_sum_of_the_published_values() -> None:
    """By hand, from the file alone."""
    values = PUBLISHED["round"]["values"]
    assert PUBLISHED["round"]["total"] == [sum(column) for column in zip(*values, strict=True)]


def test_the_known_answer_of_the_packing() -> None:
    """Written out: four lengths, the domain, two bytes, an integer of eight."""
    domain = b"homeroom/secagg/1/tag"
    assert (
        PUBLISHED["pack"] == (b"\0\0\0\x15" + domain + b"\0\0\0\x02ab" + b"\0\0\0\x08" + bytes(7) + b"\x07").hex()
    )
