"""Weighted sums of rows along integer routes: how table rows reach steps, and how step errors come back.

A route is built once per batch from the data alone, never from the parameters. An attempt with several skills
reads the mean of their rows, so each of its rows gets the share 1/|S| of the step's gradient.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

_SUM = 0  # torch.embedding_bag's number for mode "sum"


@dataclass(frozen=True, slots=True)
class Bags:
    """Output row j is the sum of shares[i] * input[sources[i]] for i in offsets[j] .. offsets[j + 1] - 1.

    sources (L,) int64, offsets (n,) int64, shares (L,) of the model's dtype.
    """

    sources: torch.Tensor
    offsets: torch.Tensor
    shares: torch.Tensor

    def total(self, values: torch.Tensor) -> torch.Tensor:
        """(n, width) from values (m, width); a bag without sources gives zeros."""
        return self.total_scaled(values, None)

    def total_scaled(self, values: torch.Tensor, scale: torch.Tensor | None) -> torch.Tensor:
        """The same with input row i multiplied by scale[i], scale (m,)."""
        shares = self.shares if scale is None else self.shares * scale[self.sources]
        # embedding_bag adds whole rows in registers: half the time of index_add_ at the sizes used here.
        bags: torch.Tensor = torch.embedding_bag(
            values, self.sources, self.offsets, mode=_SUM, per_sample_weights=shares
        )[0]
        return bags


@dataclass(frozen=True, slots=True)
class TableRoute:
    """One table's way through a batch.

    read: table rows -> steps. gather: steps -> cells, a cell being one (student, table row) that occurs.
    spread: cells -> table rows. cell_student (cells,) int64, sorted.
    """

    read: Bags
    gather: Bags
    spread: Bags
    cell_student: torch.Tensor


def table_route(
    rows: NDArray[np.int64], student: NDArray[np.int64], *, table_rows: int, dtype: torch.dtype
) -> TableRoute:
    """rows (N, 4): the table rows that each step reads, -1 for none; student (N,): whose step it is."""
    step, row, share = _reads(rows)
    keys, cell = np.unique(student[step] * table_rows + row, return_inverse=True)
    by_cell = np.argsort(cell, kind="stable")
    cell_row = keys % table_rows
    by_row = np.argsort(cell_row, kind="stable")
    return TableRoute(
        read=_bags(row, _starts(step, len(rows)), share, dtype=dtype),
        gather=_bags(step[by_cell], _starts(cell[by_cell], len(keys)), share[by_cell], dtype=dtype),
        spread=_bags(by_row, _starts(cell_row[by_row], table_rows), np.ones(len(keys)), dtype=dtype),
        cell_student=torch.from_numpy(keys // table_rows),
    )


def read_route(rows: NDArray[np.int64], dtype: torch.dtype) -> Bags:
    """Table rows -> steps alone, for predicting; rows (N, 4) as in `table_route`."""
    step, row, share = _reads(rows)
    return _bags(row, _starts(step, len(rows)), share, dtype=dtype)


def _reads(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """(L,) each, in the order of steps: which step reads which row, and the row's share in the step's mean."""
    real = rows >= 0
    step, slot = np.nonzero(real)
    return step, rows[step, slot], 1.0 / real.sum(1)[step]


def _starts(labels: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Where each of `count` labels begins in the sorted `labels`."""
    return np.searchsorted(labels, np.arange(count)).astype(np.int64)


def _bags(
    sources: NDArray[np.int64], offsets: NDArray[np.int64], shares: NDArray[np.float64], *, dtype: torch.dtype
) -> Bags:
    return Bags(
        torch.from_numpy(np.ascontiguousarray(sources)),
        torch.from_numpy(np.ascontiguousarray(offsets)),
        torch.from_numpy(shares).to(dtype),
    )
