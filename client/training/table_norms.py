"""What the two tables and the bias add to each student's squared gradient norm, and each student's bias gradient.

A student's gradient by a table is zero but for the rows that the student met: only these (student, row) cells are
formed, for a piece of the students at a time, measured and dropped.
"""

from dataclasses import dataclass

import numpy as np
import torch

from client.training.gate_errors import StepErrors
from client.training.row_dots import squared_lengths
from client.training.segments import Cells, cells_of, side_by_side
from client.training.windows_plan import Batch


@dataclass(frozen=True, slots=True)
class StudentParts:
    """squared (S,): every block but the recurrent one. bias (S, 4H): each student's gradient by the gate bias."""

    squared: torch.Tensor
    bias: torch.Tensor


@dataclass(frozen=True, slots=True)
class StudentCells:
    """The (student, row) cells of both tables."""

    seen: Cells
    asked: Cells


def student_cells(batch: Batch) -> StudentCells:
    """From the batch alone: found before the passes through time, while its routes are still in the cache."""
    owner = np.broadcast_to(batch.owner, (batch.steps, batch.rows)).reshape(-1)
    return StudentCells(
        *(
            cells_of(route.reads, owner, students=batch.students, dtype=batch.weight.dtype)
            for route in (batch.seen, batch.asked)
        )
    )


def student_parts(errors: StepErrors, cells: StudentCells, *, students: int, piece_bytes: int) -> StudentParts:
    """Takes as many students at a time as have `piece_bytes` of gate errors, but at least one."""
    squared = errors.gates.new_empty(students)
    bias = errors.gates.new_empty(students, errors.gates.shape[2])
    piece = max(1, piece_bytes * students // errors.gates.nbytes)
    for start in range(0, students, piece):
        end = min(students, start + piece)
        squared[start:end], bias[start:end] = _input_part(errors, cells.seen.of_students(start, end))
        squared[start:end] += _output_part(errors, cells.asked.of_students(start, end))
    return StudentParts(squared + squared_lengths(bias), bias)


def _input_part(errors: StepErrors, seen: Cells) -> tuple[torch.Tensor, torch.Tensor]:
    """(n,) squared norms of W_in's gradient and (n, 4H) bias gradients."""
    rows = seen.gather.total(errors.gates.flatten(0, 1))
    squared = side_by_side(squared_lengths(rows).unsqueeze(1), seen.starts).squeeze(1)
    return squared, side_by_side(rows, seen.starts)  # a step's shares sum to 1: its cells add up to its error


def _output_part(errors: StepErrors, asked: Cells) -> torch.Tensor:
    """(n,) squared norms of the gradients by W_out and b_out."""
    rows = asked.gather.scaled(errors.output).total(errors.hidden[1:].flatten(0, 1))
    biases = asked.gather.total(errors.output.unsqueeze(1))
    squared = squared_lengths(rows).unsqueeze(1) + biases.square()
    return side_by_side(squared, asked.starts).squeeze(1)
