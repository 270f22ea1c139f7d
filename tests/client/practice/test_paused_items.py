"""A paused item is offered to nobody, and practice goes on with the others."""

from dataclasses import replace

from client.practice.help_moves import another_explanation
from client.practice.next_item import choose_next, family_for
from client.practice.reasons import ReasonCode
from client.records.paused_items import pause_item, resume_item
from tests.client.practice.test_next_item import _TABLES, _chosen, _standing, _state
from tests.support.practising import School
from tests.support.stores import NOW, in_writer

ROW = _TABLES.index["Q8"]
FAMILIES = [family.id for family in _TABLES.families[ROW]]


def test_another_family_of_the_skill_comes_instead() -> None:
    """Whatever the seed."""
    standing = replace(_standing(), paused=frozenset(FAMILIES[:3]))
    for seed in range(20):
        assert family_for(_TABLES, replace(standing, seed=seed), ROW).id == FAMILIES[3]


def test_a_skill_without_a_sound_item_waits() -> None:
    """Also where the student chose it; another skill is practised meanwhile."""
    standing = _standing(_state("Q8", 0.3), Q3=0.9, Q7=0.9)
    standing = replace(standing, chosen="Q8", seed=3)
    assert _chosen(standing) == ("Q8", ReasonCode.CHOSEN)
    assert _chosen(replace(standing, paused=frozenset(FAMILIES)))[0] != "Q8"


def test_where_everything_is_paused_something_is_offered_still() -> None:
    """A student is never left without an item."""
    every = frozenset(family.id for families in _TABLES.families for family in families)
    assert choose_next(_TABLES, replace(_standing(), paused=every)).family


def test_at_the_desk_a_paused_item_is_passed_over(school: School) -> None:
    """All of the skill that is on offer but one; let back, they return."""
    first = school.offer().item
    families = [one.id for one in school.desk.tables.families[school.desk.tables.index[first.skills[0]]]]
    kept = families[-1]
    for item in families[:-1]:
        in_writer(school.store, lambda c, item=item: pause_item(c, item, by="abe", now=NOW))  # type: ignore[misc]
    for _ in range(6):
        school.answer(right=True)
        offered = school.offer().item
        assert offered.family == kept or offered.family not in families
    in_writer(school.store, lambda c: resume_item(c, families[0], by="abe", now=NOW))


def test_a_paused_item_explains_nothing_either(school: School) -> None:
    """Its key may be wrong, so its solution may be too."""
    first = school.offer().item
    families = [one.id for one in school.desk.tables.families[school.desk.tables.index[first.skills[0]]]]
    assert in_writer(school.store, lambda c: another_explanation(c, school.desk, school.student))
    for item in families:
        in_writer(school.store, lambda c, item=item: pause_item(c, item, by="abe", now=NOW))  # type: ignore[misc]
    assert in_writer(school.store, lambda c: another_explanation(c, school.desk, school.student)) == ()
