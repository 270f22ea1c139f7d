"""Routes move rows to steps and back with the share that a set of skills gives to each of its rows."""

import numpy as np
import torch

from client.training.segments import table_route


def _route() -> tuple[torch.Tensor, ...]:
    """Three steps of students 0, 1, 0 over a table of four rows: {1}, {1, 3}, nothing."""
    rows = np.array([[1, -1, -1, -1], [1, 3, -1, -1], [-1, -1, -1, -1]])
    route = table_route(rows, np.array([0, 1, 0]), table_rows=4, dtype=torch.float64)
    table = torch.tensor([[1.0], [2.0], [4.0], [8.0]], dtype=torch.float64)
    cells = route.gather.total(torch.tensor([[3.0], [5.0], [7.0]], dtype=torch.float64))
    return route.read.total(table), cells, route.cell_student, route.spread.total(cells)


def test_a_step_reads_the_mean_of_its_rows() -> None:
    """{1} -> 2; {1, 3} -> (2 + 8) / 2 = 5; a padded step reads zero."""
    read, _, _, _ = _route()
    assert read.tolist() == [[2.0], [5.0], [0.0]]


def test_a_cell_holds_its_students_share_of_each_step() -> None:
    """Cells in order: student 0 row 1 gets 3; student 1 rows 1 and 3 get 5/2 each; padding reaches none."""
    _, cells, owner, _ = _route()
    assert cells.tolist() == [[3.0], [2.5], [2.5]]
    assert owner.tolist() == [0, 1, 1]


def test_a_table_row_sums_its_cells_over_students() -> None:
    """Row 1: 3 + 2.5; row 3: 2.5; rows that nobody read stay zero."""
    _, _, _, spread = _route()
    assert spread.tolist() == [[0.0], [5.5], [0.0], [2.5]]


def test_scaling_multiplies_the_inputs() -> None:
    """A student's clip factor reaches every cell of that student."""
    route = table_route(np.array([[0, 1, -1, -1]]), np.array([0]), table_rows=2, dtype=torch.float32)
    scaled = route.spread.total_scaled(torch.tensor([[2.0], [4.0]]), torch.tensor([0.5, 0.25]))
    assert scaled.tolist() == [[1.0], [1.0]]


def test_a_cell_adds_up_all_steps_of_a_student_that_read_its_row() -> None:
    """Two steps of one student at one row are one cell."""
    route = table_route(
        np.array([[2, -1, -1, -1], [2, -1, -1, -1]]), np.array([0, 0]), table_rows=3, dtype=torch.float32
    )
    assert route.gather.total(torch.tensor([[1.0], [10.0]])).tolist() == [[11.0]]
