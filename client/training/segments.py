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

    sources (L,) int64, offsets (n + 1,) int64, shares (L,) of the model's dtype.
    """

    sources: torch.Tensor
    offsets: torch.Tensor
    shares: torch.Tensor

    def total(self, values: torch.Tensor) -> torch.Tensor:
        """(n, width) from values (m, width); a bag without sources gives zeros."""
        # embedding_bag adds whole rows in registers: half the time of index_add_ at the sizes used here.
        bags: torch.Tensor = torch.embedding_bag(
            values,
            self.sources,
            self.offsets,
            mode=_SUM,
            per_sample_weights=self.shares,
            include_last_offset=True,
        )[0]
        return bags

    def scaled(self, scale: torch.Tensor) -> "Bags":
        """The same sums with input row i multiplied by scale[i], scale (m,)."""
        return Bags(self.sources, self.offsets, self.shares * scale[self.sources])

    def part(self, first: int, last: int) -> "Bags":
        """Output rows first .. last - 1 alone."""
        begin, end = int(self.offsets[first]), int(self.offsets[last])
        return Bags(self.sources[begin:end], self.offsets[first : last + 1] - begin, self.shares[begin:end])


@dataclass(frozen=True, slots=True)
class Reads:
    """Which table row is read by which step, in the order of steps; share (L,) is the row's part of its mean.

    by_row (L,): the order of rows; those of one row stay in the order of steps.
    """

    step: NDArray[np.int64]
    row: NDArray[np.int64]
    share: NDArray[np.float64]
    by_row: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TableRoute:
    """One table's way through a batch. read: table rows -> steps. spread: steps -> table rows."""

    reads: Reads
    read: Bags
    spread: Bags


@dataclass(frozen=True, slots=True)
class Cells:
    """Where one student's steps meet one table row: a cell is a (student, row) that occurs.

    gather: steps -> cells, a student's cells side by side: student s has starts[s] .. starts[s + 1] - 1.
    """

    gather: Bags
    starts: torch.Tensor

    def of_students(self, start: int, end: int) -> "Cells":
        """The cells of students start .. end - 1 alone."""
        starts = self.starts[start : end + 1]
        return Cells(self.gather.part(int(starts[0]), int(starts[-1])), starts - starts[0])


def side_by_side(values: torch.Tensor, starts: torch.Tensor) -> torch.Tensor:
    """(n, width): output row j is the sum of rows starts[j] .. starts[j + 1] - 1 of values; starts (n + 1,)."""
    every = torch.arange(len(values))
    sums: torch.Tensor = torch.embedding_bag(values, every, starts, mode=_SUM, include_last_offset=True)[0]
    return sums


def table_route(rows: NDArray[np.integer], *, table_rows: int, dtype: torch.dtype) -> TableRoute:
    """rows (N, 4) or narrower: the table rows that each step reads, -1 for none."""
    reads = _reads(rows)
    order = reads.by_row
    spread = _bags(reads.step[order], _starts(reads.row, table_rows), reads.share[order], dtype=dtype)
    return TableRoute(reads, _read_bags(reads, len(rows), dtype), spread)


def read_route(rows: NDArray[np.integer], dtype: torch.dtype) -> Bags:
    """Table rows -> steps alone, for predicting; rows (N, 4) as in `table_route`."""
    return _read_bags(_reads(rows), len(rows), dtype)


def cells_of(reads: Reads, student: NDArray[np.int64], *, students: int, dtype: torch.dtype) -> Cells:
    """The cells of a batch; student (N,): whose step it is, 0 .. students - 1."""
    order = reads.by_row[_order(student[reads.step[reads.by_row]])]  # by student, then by row, then by step
    step, row = reads.step[order], reads.row[order]
    owner = student[step]
    first = np.flatnonzero((np.diff(owner, prepend=-1) != 0) | (np.diff(row, prepend=-1) != 0))
    gather = _bags(step, np.append(first, len(order)), reads.share[order], dtype=dtype)
    return Cells(gather, torch.from_numpy(_starts(owner[first], students)))


def _reads(rows: NDArray[np.integer]) -> Reads:
    flat = rows.reshape(-1)
    real = np.flatnonzero(flat >= 0)
    step, row = real // rows.shape[1], flat[real].astype(np.int64)
    per_step = np.bincount(step, minlength=len(rows))
    return Reads(step, row, 1.0 / per_step[step], _order(row))


def _order(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The stable order of non-negative labels."""
    # numpy sorts 16-bit integers by radix: a sixth of the time of a comparison sort.
    small = labels.max(initial=0) <= np.iinfo(np.uint16).max
    return np.argsort(labels.astype(np.uint16) if small else labels, kind="stable")


def _read_bags(reads: Reads, steps: int, dtype: torch.dtype) -> Bags:
    return _bags(reads.row, _starts(reads.step, steps), reads.share, dtype=dtype)


def _starts(labels: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Where each of `count` labels begins once `labels` are sorted, and where the last one ends: (count + 1,)."""
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(labels, minlength=count), out=starts[1:])
    return starts


def _bags(
    sources: NDArray[np.int64], offsets: NDArray[np.int64], shares: NDArray[np.float64], *, dtype: torch.dtype
) -> Bags:
    return Bags(torch.from_numpy(sources), torch.from_numpy(offsets), torch.from_numpy(shares).to(dtype))
