"""Routes move rows to steps and back with the share that a set of skills gives to each of its rows."""

import numpy as np
import torch

from client.training.segments import cells_of, side_by_side, table_route

# Three steps of students 0, 1, 0 over a table of four rows: {1}, {1, 3}, nothing.
ROWS = np.array([[1, -1, -1, -1], [1, 3, -1, -1], [-1, -1, -1, -1]])
ROUTE = table_route(ROWS, table_rows=4, dtype=torch.float64)
STEPS = torch.tensor([[3.0], [5.0], [7.0]], dtype=torch.float64)


def test_a_step_reads_the_mean_of_its_rows() -> None:
    """{1} -> 2; {1, 3} -> (2 + 8) / 2 = 5; a padded step reads zero."""
    table = torch.tensor([[1.0], [2.0], [4.0], [8.0]], dtype=torch.float64)
    assert ROUTE.read.total(table).tolist() == [[2.0], [5.0], [0.0]]


def test_a_table_row_sums_its_share_of_each_step() -> None:
    """Row 1: 3 + 5/2; row 3: 5/2; rows that nobody read stay zero, and padding reaches none."""
    assert ROUTE.spread.total(STEPS).tolist() == [[0.0], [5.5], [0.0], [2.5]]


def test_scaling_multiplies_the_inputs() -> None:
    """A student's clip factor reaches every step of that student."""
    factors = torch.tensor([0.5, 0.25, 1.0], dtype=torch.float64)
    assert ROUTE.spread.scaled(factors).total(STEPS).tolist() == [[0.0], [1.5 + 0.625], [0.0], [0.625]]


def test_a_cell_holds_its_students_share_of_each_step() -> None:
    """Cells in order: student 0 row 1 gets 3; student 1 rows 1 and 3 get 5/2 each; student 2 has none."""
    cells = cells_of(ROUTE.reads, np.array([0, 1, 0]), students=3, dtype=torch.float64)
    assert cells.gather.total(STEPS).tolist() == [[3.0], [2.5], [2.5]]
    assert cells.starts.tolist() == [0, 1, 3, 3]


def test_a_cell_adds_up_all_steps_of_a_student_that_read_its_row() -> None:
    """Two steps of one student at one row are one cell; another student's step at the row is another cell."""
    route = table_route(np.array([[2, -1, -1, -1]] * 3), table_rows=3, dtype=torch.float32)
    cells = cells_of(route.reads, np.array([0, 1, 0]), students=2, dtype=torch.float32)
    assert cells.gather.total(torch.tensor([[1.0], [100.0], [10.0]])).tolist() == [[11.0], [100.0]]


def test_cells_of_some_students_are_those_cells_alone() -> None:
    """A piece of the students is measured by itself, with starts counted from its own first cell."""
    cells = cells_of(ROUTE.reads, np.array([0, 1, 0]), students=3, dtype=torch.float64).of_students(1, 3)
    assert cells.gather.total(STEPS).tolist() == [[2.5], [2.5]]
    assert cells.starts.tolist() == [0, 2, 2]


def test_neighbours_are_added_up() -> None:
    """Rows 0-1, none, row 2."""
    values = torch.tensor([[1.0], [2.0], [4.0]])
    assert side_by_side(values, torch.tensor([0, 2, 2, 3])).tolist() == [[3.0], [0.0], [4.0]]


def test_an_order_keeps_equal_rows_in_the_order_of_steps() -> None:
    """Sums are formed in one fixed order, so that the same inputs give the same bytes."""
    route = table_route(np.array([[1], [0], [1], [0], [1]]), table_rows=2, dtype=torch.float64)
    assert route.spread.sources.tolist() == [1, 3, 0, 2, 4]
