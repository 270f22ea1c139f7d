"""Permission: a school's yes to one round, with the two things that its policy decides about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """cohorts: the enrolment cohorts whose students may be drawn and which pay for the round; never empty.

    own_honest_schools: this school's share is one part in so many of the noise's variance, at most the plan's
    honest_schools. Fewer means more noise from this school: with 1 it adds all the noise itself.
    """

    cohorts: frozenset[str]
    own_honest_schools: int
