"""One pass through time and back: each step's gate errors, hidden state and output error; no weight gradient yet.

The network is the DKT of `common.models.dkt_shapes` with every item difficulty 0. Gates in the order i, f, o, g:
    z = x + b + h W_hh;  c' = f c + i g;  h' = o tanh(c');  logit = mean over asked skills of (W_out h' + b_out).
Every tanh(x) is computed as 2 sigmoid(2x) - 1: torch's sigmoid takes a fifth of the time of its tanh on a CPU.
"""

from dataclasses import dataclass

import torch

from client.training.row_dots import row_dots
from client.training.windows_plan import Batch


@dataclass(frozen=True, slots=True)
class Network:
    """The shared arrays as tensors of one dtype, in the shapes of `common.models.dkt_shapes.shared_shapes`."""

    w_in: torch.Tensor
    b: torch.Tensor
    w_hh: torch.Tensor
    w_out: torch.Tensor
    b_out: torch.Tensor

    @property
    def hidden(self) -> int:
        """H."""
        return self.w_hh.shape[0]


@dataclass(frozen=True, slots=True)
class StepErrors:
    """What every parameter's gradient is made of.

    gates (T, B, 4H): derivative of a student's loss by the gate inputs. hidden (T + 1, B, H): states, first zero.
    output (T * B,): derivative by the predicted logits.
    """

    gates: torch.Tensor
    hidden: torch.Tensor
    output: torch.Tensor


@dataclass(frozen=True, slots=True)
class Memory:
    """States of the forward pass: hidden, cell (T + 1, B, H) and tanh of the new cell (T, B, H)."""

    hidden: torch.Tensor
    cell: torch.Tensor
    tanh_cell: torch.Tensor


def step_errors(network: Network, batch: Batch) -> StepErrors:
    """Forward, output and backward of one batch. Rows never mix, so a bad value stays in its student's rows."""
    shape = (batch.steps, batch.rows)
    table = new_gate_doubled(network.w_in + network.b)
    gates = batch.seen.read.total(table).view(*shape, -1)  # shares of a step sum to 1
    memory = forward(gates, network.w_hh)
    asked = batch.asked.read.total(network.w_out)  # (T * B, H): the mean output row of each step's asked skills
    asked_bias = batch.asked.read.total(network.b_out.unsqueeze(1)).squeeze(1)
    logits = row_dots(asked, memory.hidden[1:].flatten(0, 1)) + asked_bias
    output = (torch.sigmoid(logits) - batch.correct) * batch.weight
    from_output = asked.mul_(output.unsqueeze(1)).view(*shape, -1)
    _backward(gates, memory, network.w_hh, from_output=from_output)
    return StepErrors(gates, memory.hidden, output)


def new_gate_doubled(inputs: torch.Tensor) -> torch.Tensor:
    """A copy of (..., 4H) with the columns of gate g doubled: what `forward` takes as inputs."""
    copy = inputs.clone()
    copy[..., 3 * inputs.shape[-1] // 4 :] *= 2
    return copy


def forward(gates: torch.Tensor, w_hh: torch.Tensor) -> Memory:
    """Runs the cell over time; `gates` goes in as doubled inputs (T, B, 4H), comes out as activated gates."""
    steps, rows, width = gates.shape
    size = width // 4
    hidden, cell = gates.new_empty(steps + 1, rows, size), gates.new_empty(steps + 1, rows, size)
    hidden[0], cell[0] = 0.0, 0.0
    tanh_cell = gates.new_empty(steps, rows, size)
    # Views are cut once: slicing inside the loop costs more than the arithmetic at these sizes.
    z, h, c, tanh_c = gates.unbind(0), hidden.unbind(0), cell.unbind(0), tanh_cell.unbind(0)
    take, keep, show, new = (part.unbind(0) for part in gates.chunk(4, dim=2))
    w_hh, minus_one = new_gate_doubled(w_hh), gates.new_tensor(-1.0)
    for t in range(steps):
        if t:
            z[t].addmm_(h[t], w_hh)
        z[t].sigmoid_()
        torch.add(minus_one, new[t], alpha=2, out=new[t])
        torch.mul(keep[t], c[t], out=c[t + 1])
        c[t + 1].addcmul_(take[t], new[t])
        torch.add(c[t + 1], c[t + 1], out=tanh_c[t]).sigmoid_()
        torch.add(minus_one, tanh_c[t], alpha=2, out=tanh_c[t])
        torch.mul(show[t], tanh_c[t], out=h[t + 1])
    return Memory(hidden, cell, tanh_cell)


def _backward(gates: torch.Tensor, memory: Memory, w_hh: torch.Tensor, *, from_output: torch.Tensor) -> None:
    """Turns activated gates into gate errors in place; `from_output` (T, B, H) is used up."""
    steps, rows, width = gates.shape
    size = width // 4
    z, dh = gates.unbind(0), from_output.unbind(0)
    h, c, tanh_c = memory.hidden.unbind(0), memory.cell.unbind(0), memory.tanh_cell.unbind(0)
    take, keep, show, new = (part.unbind(0) for part in gates.chunk(4, dim=2))
    dc, one, two = gates.new_zeros(rows, size), gates.new_empty(rows, size), gates.new_empty(rows, size)
    back = w_hh.t()
    for t in range(steps - 1, -1, -1):
        if t < steps - 1:
            dh[t].addmm_(z[t + 1], back)
        # Step by step instead of whole arrays: everything below stays in the cache.
        torch.addcmul(show[t], h[t + 1], tanh_c[t], value=-1, out=one)  # dh'/dc' = o (1 - tanh(c')^2)
        dc.addcmul_(dh[t], one)
        torch.mul(dh[t], h[t + 1], out=one)
        torch.addcmul(one, one, show[t], value=-1, out=show[t])  # by o's input: dh tanh(c') o (1 - o)
        torch.mul(dc, take[t], out=one)
        torch.mul(one, new[t], out=two)
        torch.addcmul(one, two, new[t], value=-1, out=new[t])  # by g's input: dc i (1 - g^2)
        torch.addcmul(two, two, take[t], value=-1, out=take[t])  # by i's input: dc g i (1 - i)
        dc.mul_(keep[t])
        torch.mul(dc, c[t], out=one)
        torch.addcmul(one, one, keep[t], value=-1, out=keep[t])  # by f's input: dc c f (1 - f)
