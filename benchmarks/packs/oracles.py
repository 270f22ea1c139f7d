"""Which oracle derives the items of a family: one per family, or one for all families of a skill."""

from collections.abc import Mapping

from benchmarks.packs import (
    decimals_oracle,
    facts_oracle,
    fractions_more_oracle,
    fractions_oracle,
    whole_numbers_oracle,
)
from benchmarks.packs.derivation import Oracle
from client.content.items import Family


def all_oracles() -> Mapping[str, Oracle]:
    """By family id or by skill id."""
    return {
        **facts_oracle.ORACLES,
        **whole_numbers_oracle.ORACLES,
        **decimals_oracle.ORACLES,
        **fractions_oracle.ORACLES,
        **fractions_more_oracle.ORACLES,
    }


def oracle_of(family: Family, oracles: Mapping[str, Oracle]) -> Oracle:
    """The family's own, else its skill's. KeyError when nobody wrote one: an unchecked family isn't released."""
    return oracles[family.id] if family.id in oracles else oracles[family.skills[0]]
