"""The course of simulated classes: its thirteen skills, in the order of the models trained on it."""

from client.content.simulated_course import course_skill_map, simulated_course


def test_the_course_keeps_its_skills_whatever_the_packs_teach() -> None:
    """Rows of a model mean the same skill in every version."""
    order = ["F5", "Q1", "F6", "Q2", "F7", "F8", "Q3", "Q6", "Q7", "Q4", "Q5", "Q8", "Q10"]
    assert list(course_skill_map().names) == order
    assert len(simulated_course().families()) == 91 + 9 * 4
    assert simulated_course().prerequisites("F5") == ()
