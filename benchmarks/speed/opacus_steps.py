"""Opacus's clipped sums of the usual DKT, its LSTM replaced by Opacus's own; imported only where Opacus is.

Three of its modes run for a recurrent network: hooks, functorch and ghost clipping (which falls back to per-sample
gradients inside the LSTM). Expanded weights and a plain `nn.LSTM` fail. Noise and optimiser step are left out.
"""

from collections.abc import Callable

import torch
from opacus.grad_sample import GradSampleModule, GradSampleModuleFastGradientClipping
from opacus.layers import DPLSTM
from opacus.optimizers import DPOptimizer
from opacus.optimizers.optimizer_fast_gradient_clipping import DPOptimizerFastGradientClipping
from opacus.utils.fast_gradient_clipping_utils import DPLossFastGradientClipping

from benchmarks.speed.sizes import Size, Tensors
from benchmarks.speed.usual_step import UsualDkt, student_losses

MODES = ("hooks", "functorch", "ghost")


Gradients = Callable[[], list[torch.Tensor]]


def opacus_step(mode: str, size: Size, data: Tensors, *, clip_norm: float, one_hot_input: bool) -> Gradients:
    """Per-student gradients, norms and the clipped sum, by one of MODES."""
    torch.manual_seed(0)
    model = UsualDkt(size, lstm=DPLSTM, one_hot_input=one_hot_input)
    return clipped_gradients(mode, model, data, clip_norm=clip_norm)


def clipped_gradients(mode: str, model: UsualDkt, data: Tensors, *, clip_norm: float) -> Gradients:
    """The sum, one tensor for each of the model's parameters in their order."""
    model.train()
    if mode == "ghost":
        return _ghost(model, data, clip_norm)
    wrapped = GradSampleModule(model, loss_reduction="sum", force_functorch=mode == "functorch")
    optimiser = DPOptimizer(
        torch.optim.SGD(model.parameters(), lr=0.1),
        noise_multiplier=0.0,
        max_grad_norm=clip_norm,
        expected_batch_size=len(data.token),
        loss_reduction="sum",
    )

    def step() -> list[torch.Tensor]:
        optimiser.zero_grad()
        torch.autograd.backward(student_losses(wrapped(data.token), data).sum())
        optimiser.clip_and_accumulate()
        return [weight.summed_grad for weight in optimiser.params]

    return step


class _StudentLoss:
    """A loss as Opacus's ghost mode calls it: (logits, targets) -> per student or summed."""

    def __init__(self, data: Tensors) -> None:
        self.data = data
        self.reduction = "sum"

    def __call__(self, logits: torch.Tensor, _: torch.Tensor) -> torch.Tensor:
        losses = student_losses(logits, self.data)
        return losses if self.reduction == "none" else losses.sum()


def _ghost(model: UsualDkt, data: Tensors, clip_norm: float) -> Gradients:
    wrapped = GradSampleModuleFastGradientClipping(
        model, max_grad_norm=clip_norm, use_ghost_clipping=True, loss_reduction="sum"
    )
    optimiser = DPOptimizerFastGradientClipping(
        torch.optim.SGD(model.parameters(), lr=0.1),
        noise_multiplier=0.0,
        max_grad_norm=clip_norm,
        expected_batch_size=len(data.token),
        loss_reduction="sum",
    )
    criterion = DPLossFastGradientClipping(wrapped, optimiser, _StudentLoss(data), loss_reduction="sum")

    def step() -> list[torch.Tensor]:
        optimiser.zero_grad()
        criterion(wrapped(data.token), data.correct).backward()
        return [weight.grad for weight in optimiser.params]

    return step
