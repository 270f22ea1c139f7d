"""pyKT's own DKT and its training step without privacy; imported only where pyKT is."""

from collections.abc import Callable

import torch
from pykt.models.dkt import DKT
from torch.nn.functional import binary_cross_entropy, one_hot

from benchmarks.speed.sizes import Size, Tensors


def pykt_step(size: Size, data: Tensors) -> Callable[[], None]:
    """Forward, pyKT's choice of the asked skill, its loss in double precision, backward; no dropout."""
    torch.manual_seed(0)
    model = DKT(size.skills, size.hidden, dropout=0.0)
    weights = list(model.parameters())
    skill, answer = data.token % size.skills, data.token // size.skills

    def step() -> None:
        predicted = (model(skill, answer) * one_hot(data.asked, size.skills)).sum(-1)
        loss = binary_cross_entropy(predicted.double(), data.correct.double())
        torch.autograd.grad(loss, weights)

    return step
