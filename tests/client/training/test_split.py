"""A student's set follows from the id and the school's key, and from nothing else."""

import hashlib
import hmac
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from client.training.split import assign

KEY = b"k" * 32


def test_about_seventy_fifteen_and_fifteen_percent() -> None:
    """Over 20,000 students; four standard deviations are under 300."""
    counts = Counter(assign(f"student-{n}", KEY) for n in range(20_000))
    assert abs(counts["train"] - 14_000) < 300
    assert abs(counts["validation"] - 3_000) < 300
    assert abs(counts["test"] - 3_000) < 300


def test_the_set_is_the_first_eight_bytes_of_an_hmac() -> None:
    """Worked by hand from the definition, so that no later version moves a student into training."""
    digest = hmac.new(KEY, b"homeroom/split/1\x00" + b"s1", hashlib.sha256).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    want = "train" if share < 0.7 else "validation" if share < 0.85 else "test"
    assert assign("s1", KEY) == want


def test_another_schools_key_splits_otherwise() -> None:
    """Knowing an id doesn't tell the set."""
    other = [assign(f"s{n}", b"o" * 32) for n in range(200)]
    assert other != [assign(f"s{n}", KEY) for n in range(200)]


@given(st.text())
def test_any_id_has_a_set_and_keeps_it(student: str) -> None:
    """Ids are opaque."""
    assert assign(student, KEY) == assign(student, KEY) in ("train", "validation", "test")
