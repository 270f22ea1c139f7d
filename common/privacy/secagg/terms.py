"""SecaggTerms of a campaign, Attempt of a round, and the arithmetic that says when they are safe.

n members, f of them corrupt together with the coordinator, t shares that open a secret, m members in the
smallest cohort, d members that a holder helps to drop in one round. Positions 0 to n - 1 name the members.
"""

from dataclasses import dataclass

from common.privacy.secagg.faults import COORDINATOR, SecaggFault, SecaggRefused
from common.privacy.terms import MODULUS_BITS

MIN_MEMBERS, MAX_MEMBERS = 3, 1000
SMALLEST_FLOOR = 2
CTX_BYTES = 32


def honest_floor(members: int, corrupt: int, threshold: int, *, minimum_cohort: int, max_dropped: int) -> int:
    """The fewest honest schools in any sum that can ever open: m - f - floor((n - f) d / (t - f)).

    Holds for terms in which `fault` finds nothing (docs/secagg.md, "One opened sum").
    """
    return minimum_cohort - corrupt - (members - corrupt) * max_dropped // (threshold - corrupt)


def default_terms(members: int) -> tuple[int, int, int]:
    """(corrupt, threshold, max_dropped) for a cohort of all members.

    f a third, d a tenth (at least 1), and the largest threshold that leaves room for d more silent schools
    after masking, or the smallest safe one where there is no such room.
    """
    if members == MIN_MEMBERS:
        return 0, 2, 1  # with f = 1 no school could ever be absent
    corrupt = (members - 1) // 3
    max_dropped = max(1, members // 10)
    smallest_safe = (members + corrupt) // 2 + 1
    return corrupt, max(members - 2 * max_dropped, smallest_safe), max_dropped


@dataclass(frozen=True, slots=True)
class SecaggTerms:
    """What a campaign's plan fixes. camp: the plan's digest. keys: identity key of each member, by position."""

    camp: bytes
    keys: tuple[str, ...]
    coordinator_key: str
    corrupt: int
    threshold: int
    minimum_cohort: int
    max_dropped: int

    @property
    def members(self) -> int:
        """n."""
        return len(self.keys)

    def honest_floor(self) -> int:
        """The fewest honest schools in any sum that opens; SecaggRefused(unsafe-terms) if nothing is promised."""
        fault = self.fault()
        if fault is not None:
            raise SecaggRefused(SecaggFault.UNSAFE_TERMS, fault, party=COORDINATOR)
        return self._floor()

    def fault(self) -> str | None:
        """A sentence about what is unsafe, or None."""
        return self._shape_fault() or self._safety_fault()

    def _floor(self) -> int:
        return honest_floor(
            self.members,
            self.corrupt,
            self.threshold,
            minimum_cohort=self.minimum_cohort,
            max_dropped=self.max_dropped,
        )

    def _shape_fault(self) -> str | None:
        if len(self.camp) != CTX_BYTES:
            return f"A campaign's digest has {CTX_BYTES} bytes, not {len(self.camp)}."
        if not MIN_MEMBERS <= self.members <= MAX_MEMBERS:
            return f"Masking takes {MIN_MEMBERS} to {MAX_MEMBERS} schools, not {self.members}."
        if len({*self.keys, self.coordinator_key}) != self.members + 1:
            return "Two members of the campaign have one identity key."
        if self.corrupt < 0 or self.max_dropped < 0:
            return "A number of schools can't be negative."
        return None

    def _safety_fault(self) -> str | None:
        n, f, t, m, d = self.members, self.corrupt, self.threshold, self.minimum_cohort, self.max_dropped
        if not f < t <= n:
            return f"A threshold of {t} with {f} corrupt among {n} schools protects nobody."
        if not 2 * t > n + f:
            return f"With a threshold of {t} of {n} and {f} corrupt, both secrets of a school could open."
        if not (m <= n and m - d >= t):
            return f"A cohort of {m} of {n} less {d} dropped can't reach the threshold of {t}."
        if self._floor() < SMALLEST_FLOOR:
            return f"A sum could open that holds only {self._floor()} honest schools."
        return None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a round's plan fixes. number: the round, from 1. ctx: the plan's digest. cohort: positions, sorted."""

    number: int
    ctx: bytes
    cohort: tuple[int, ...]
    dimensions: int
    bits: int


def check_attempt(terms: SecaggTerms, attempt: Attempt) -> None:
    """SecaggRefused unless the round's cohort and sizes are possible under the campaign's terms."""
    cohort = attempt.cohort
    known = all(0 <= member < terms.members for member in cohort)
    if not known or list(cohort) != sorted(set(cohort)):
        sentence = "The round's cohort repeats a school or names one that isn't a member."
        raise SecaggRefused(SecaggFault.BAD_COHORT, sentence, party=COORDINATOR)
    if len(cohort) < terms.minimum_cohort:
        sentence = f"The round's cohort has {len(cohort)} schools; the campaign promised {terms.minimum_cohort}."
        raise SecaggRefused(SecaggFault.COHORT_TOO_SMALL, sentence, party=COORDINATOR)
    sizes = attempt.number >= 1 and attempt.dimensions >= 1 and attempt.bits in MODULUS_BITS
    if not sizes or len(attempt.ctx) != CTX_BYTES:
        raise SecaggRefused(SecaggFault.BAD_COHORT, "The round's sizes make no sense.", party=COORDINATOR)
