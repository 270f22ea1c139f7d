"""Explanations at the desk: each is kept with its chance, and the next unaided answer is what came of it."""

from sqlalchemy import select

from client.practice.help_moves import another_explanation
from client.records.explanation_trials import outcomes_of
from client.records.tables import explanation_trial
from tests.support.practising import School
from tests.support.stores import in_reader, in_writer


def test_an_explanation_is_kept_and_the_next_answer_on_the_skill_tells(school: School) -> None:
    """The answer that it helped with doesn't count; one without help does."""
    skill = school.offer().item.skills[0]
    families = [family.id for family in school.desk.tables.families[school.desk.tables.index[skill]]]
    assert in_writer(school.store, lambda c: another_explanation(c, school.desk, school.student))
    (row,) = in_reader(school.store, lambda c: c.execute(select(explanation_trial)).all())
    assert (row.seq, row.skill, 0 < row.propensity <= 1, row.family in families) == (0, skill, True, True)
    school.answer(right=True)
    assert in_reader(school.store, lambda c: outcomes_of(c, skill, families)) == {}
    assert school.offer().item.skills == (skill,)
    school.answer(right=True)
    assert in_reader(school.store, lambda c: outcomes_of(c, skill, families)) == {row.family: (1, 0)}
