"""Randomness: fresh from the system, repeatable from a seed."""

from hypothesis import given
from hypothesis import strategies as st

from common.privacy.randomness import Randomness, SystemRandomness
from tests.support.seeded import SeededRandomness


def test_the_system_gives_fresh_bytes_even_for_the_same_purpose() -> None:
    """A purpose isn't a key: two draws never repeat."""
    source: Randomness = SystemRandomness()
    assert len(source.draw("noise", 32)) == 32
    assert source.draw("noise", 32) != source.draw("noise", 32)


@given(st.text(), st.text(), st.integers(1, 64))
def test_a_seed_gives_the_same_bytes_in_any_order(first: str, second: str, count: int) -> None:
    """Bytes depend on seed, purpose and count only."""
    one, other = SeededRandomness("seed"), SeededRandomness("seed")
    forward = (one.draw(first, count), one.draw(second, count))
    backward = (other.draw(second, count), other.draw(first, count))
    assert forward == backward[::-1]


def test_seed_purpose_and_count_each_matter() -> None:
    """Also where seed and purpose together spell the same text."""
    bytes_of = SeededRandomness("a").draw("bc", 16)
    assert bytes_of != SeededRandomness("ab").draw("c", 16)
    assert bytes_of != SeededRandomness("a").draw("bd", 16)
    assert bytes_of != SeededRandomness("a").draw("bc", 17)[:16]
