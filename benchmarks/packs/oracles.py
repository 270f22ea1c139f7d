"""Which oracle derives the items of a family: one per family, or one for all families of a skill."""

from collections.abc import Mapping

from benchmarks.packs import (
    decimals_oracle,
    equations_oracle,
    expressions_oracle,
    facts_oracle,
    fractions_more_oracle,
    fractions_oracle,
    integers_oracle,
    lines_oracle,
    order_oracle,
    percents_oracle,
    ratios_oracle,
    whole_numbers_oracle,
)
from benchmarks.packs.derivation import Oracle
from client.content.items import Family


def all_oracles() -> Mapping[str, Oracle]:
    """By family id or by skill id."""
    written = (
        facts_oracle,
        whole_numbers_oracle,
        decimals_oracle,
        fractions_oracle,
        fractions_more_oracle,
        integers_oracle,
        order_oracle,
        expressions_oracle,
        equations_oracle,
        ratios_oracle,
        percents_oracle,
        lines_oracle,
    )
    return {id_: oracle for file in written for id_, oracle in file.ORACLES.items()}


def oracle_of(family: Family, oracles: Mapping[str, Oracle]) -> Oracle:
    """The family's own, else its skill's. KeyError when nobody wrote one: an unchecked family isn't released."""
    return oracles[family.id] if family.id in oracles else oracles[family.skills[0]]
