"""The usual DKT in torch: its training step without privacy, and the plain loop that clips student by student.

Usual means what published DKT code does: an embedding of (skill, answer) as wide as the network, `nn.LSTM`, a
linear layer over all skills, log loss of the skill asked. One-hot input costs more: it is measured too.
"""

from collections.abc import Callable

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, one_hot

from benchmarks.speed.sizes import Size, Tensors


class UsualDkt(nn.Module):
    """(B, T) tokens -> (B, T, skills) logits. lstm: `nn.LSTM` or a stand-in with its signature."""

    def __init__(self, size: Size, *, lstm: type[nn.Module] = nn.LSTM, one_hot_input: bool = False) -> None:
        super().__init__()
        self.tokens = 2 * size.skills
        self.embedding = None if one_hot_input else nn.Embedding(self.tokens, size.hidden)
        self.lstm = lstm(self.tokens if one_hot_input else size.hidden, size.hidden, batch_first=True)
        self.linear = nn.Linear(size.hidden, size.skills)

    def forward(self, token: torch.Tensor) -> torch.Tensor:
        inputs = one_hot(token, self.tokens).float() if self.embedding is None else self.embedding(token)
        states, _ = self.lstm(inputs)
        logits: torch.Tensor = self.linear(states)
        return logits


def student_losses(logits: torch.Tensor, data: Tensors) -> torch.Tensor:
    """(B,): each student's summed log loss over the skills asked."""
    asked = logits.gather(2, data.asked.unsqueeze(2)).squeeze(2)
    return binary_cross_entropy_with_logits(asked, data.correct, reduction="none").sum(1)


def usual_step(size: Size, data: Tensors, *, one_hot_input: bool = False) -> Callable[[], None]:
    """The gradient of the mean loss; no optimiser step, as in ours."""
    torch.manual_seed(0)
    model = UsualDkt(size, one_hot_input=one_hot_input)
    weights = list(model.parameters())

    def step() -> None:
        torch.autograd.grad(student_losses(model(data.token), data).mean(), weights)

    return step


def loop_step(model: UsualDkt, data: Tensors, clip_norm: float) -> Callable[[], list[torch.Tensor]]:
    """One student at a time: gradient, norm, clipped sum. The least that gives student-level clipping."""
    weights = list(model.parameters())

    def step() -> list[torch.Tensor]:
        total = [torch.zeros_like(weight) for weight in weights]
        for s in range(len(data.token)):
            one = Tensors(data.token[s : s + 1], data.asked[s : s + 1], data.correct[s : s + 1])
            gradients = torch.autograd.grad(student_losses(model(one.token), one).sum(), weights)
            norm = float(torch.linalg.vector_norm(torch.stack([g.norm() for g in gradients])))
            for add, gradient in zip(total, gradients, strict=True):
                add.add_(gradient, alpha=min(1.0, clip_norm / norm))
        return total

    return step
