"""Fixed point: bytes pinned, residues come back, and the modulus is the smallest that doesn't wrap."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Corrupt, FixSettings
from common.privacy.fixed_point import centre, decode, encode, smallest_modulus_bits
from tests.support.privacy import mechanism_terms

BITS = st.sampled_from([16, 24, 32])
NUMBERS = st.lists(st.integers(-(2**62), 2**62), max_size=20)


@pytest.mark.parametrize(
    ("bits", "hexadecimal"),
    [
        (16, "0000" "0100" "ffff" "3412" "0080"),
        (24, "000000" "010000" "ffffff" "341200" "0080ff"),
        (32, "00000000" "01000000" "ffffffff" "34120000" "0080ffff"),
    ],
)  # fmt: skip
def test_encoded_bytes_are_pinned(bits: int, hexadecimal: str) -> None:
    """0, 1, -1, 0x1234 and -32768, little-endian modulo 2^bits."""
    values = np.array([0, 1, -1, 0x1234, -32768])
    assert encode(values, bits).hex() == hexadecimal
    np.testing.assert_array_equal(centre(decode(bytes.fromhex(hexadecimal), 5, bits), bits), values)


@given(NUMBERS, BITS)
def test_decode_gives_the_residues_of_what_was_encoded(numbers: list[int], bits: int) -> None:
    """Against Python's own integers."""
    data = encode(np.array(numbers, np.int64), bits)
    assert len(data) == len(numbers) * bits // 8
    assert decode(data, len(numbers), bits).tolist() == [number % 2**bits for number in numbers]


@given(NUMBERS, BITS)
def test_centre_gives_the_representative_nearest_zero(numbers: list[int], bits: int) -> None:
    """Congruent, and in [-2^(bits - 1), 2^(bits - 1))."""
    for number, centred in zip(numbers, centre(np.array(numbers, np.int64), bits).tolist(), strict=True):
        assert (centred - number) % 2**bits == 0
        assert -(2 ** (bits - 1)) <= centred < 2 ** (bits - 1)


@pytest.mark.parametrize("length", [0, 5, 7])
def test_an_update_of_another_length_is_corrupt(length: int) -> None:
    """Two numbers of 24 bits are six bytes."""
    with pytest.raises(Corrupt, match="instead of 6"):
        decode(bytes(length), 2, 24)


@pytest.mark.parametrize(("schools", "honest", "bits"), [(3, 1, 16), (20, 12, 24), (200, 106, 24)])
def test_the_modulus_of_three_consortia(schools: int, honest: int, bits: int) -> None:
    """Multiplier 3.31, 150 sampled students a school, 75,000 numbers: a student moves 4.8, 16.7, 49.8 units."""
    terms = mechanism_terms(noise_multiplier=3.31, honest_schools=honest)
    cap = 150 * schools
    assert smallest_modulus_bits(terms, students_cap=cap, schools=schools, dimensions=75_000) == bits


def test_the_modulus_steps_where_the_hand_sum_says() -> None:
    """h = 1, multiplier 2: 8 units a student. Noise reach 9.92 x 16.003 = 158.7 units; (2^16 - 1) / 2 = 32,767.5.

    So 16 bits hold 4,076 students (32,608 + 158.7) and not 4,077 (32,616 + 158.7).
    """
    terms = mechanism_terms(noise_multiplier=2.0)
    assert smallest_modulus_bits(terms, students_cap=4_076, schools=1, dimensions=1_000) == 16
    assert smallest_modulus_bits(terms, students_cap=4_077, schools=1, dimensions=1_000) == 24


def test_settings_beyond_thirty_two_bits_are_refused() -> None:
    """65,536 units at multiplier 0.05: 1.3 million units a student, 10,000 of them."""
    terms = mechanism_terms(share_std_units=65_536.0, noise_multiplier=0.05)
    with pytest.raises(FixSettings, match="32 bits"):
        smallest_modulus_bits(terms, students_cap=10_000, schools=1, dimensions=1_000)


def test_only_the_three_moduli_exist() -> None:
    """20 bits aren't whole bytes."""
    for call in (lambda: encode(np.zeros(1, np.int64), 20), lambda: decode(b"", 0, 20)):
        with pytest.raises(FixSettings, match="20"):
            call()
