"""The unit and the relation are named once and say what a family is told."""

from common.privacy.unit import NEIGHBOURING_RELATION, PRIVACY_UNIT


def test_the_unit_is_one_student_with_their_whole_history() -> None:
    """Not an answer, not a window, not a school."""
    assert PRIVACY_UNIT == "student"
    assert NEIGHBOURING_RELATION == "add or remove one student"
