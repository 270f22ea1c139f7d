"""Error replies carry a number and a fixed name."""

from common.edge_codes import edge_code, edge_number
from common.refusals import RefusalCode

AT_THE_EDGE = (RefusalCode.BUNDLE_NOT_APPROVED, RefusalCode.FAILED_AT_SCHOOL, RefusalCode.BAD_MESSAGE)


def test_a_number_leads_back_to_its_refusal() -> None:
    """The coordinator reads what the school meant."""
    assert [edge_code(edge_number(code)) for code in AT_THE_EDGE] == list(AT_THE_EDGE)


def test_a_refusal_without_a_number_counts_as_a_failure() -> None:
    """Refusals after a plan was read are signed and never travel this way."""
    assert edge_number(RefusalCode.BUDGET_YEAR) == edge_number(RefusalCode.FAILED_AT_SCHOOL)


def test_flowers_own_numbers_are_not_ours() -> None:
    """flwr 1.41.0 uses 0 to 8."""
    assert [edge_code(number) for number in range(100)] == [None] * 100
