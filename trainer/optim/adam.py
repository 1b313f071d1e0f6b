"""AdamW by torch's fused operator.

torch's own class, torch.optim.AdamW, imports torch's compiler when it is made: as long as importing torch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.optim.adamw import adamw

EPS = 1e-10


@dataclass
class Moments:
    """What is kept of one tensor: steps taken, averages of its gradient and of the gradient's square."""

    step: Tensor
    exp_avg: Tensor
    exp_avg_sq: Tensor

    @classmethod
    def none_yet(cls, tensor: Tensor) -> "Moments":
        step = torch.zeros((), dtype=torch.float32, device=tensor.device)
        return cls(step, torch.zeros_like(tensor), torch.zeros_like(tensor))


class FusedAdamW:
    """AdamW on tensors that share their rate and weight decay."""

    def __init__(self, tensors: Sequence[Tensor], betas: tuple[float, float]) -> None:
        self.betas = betas
        # Before the first step, so that a fresh optimizer can take over saved state.
        self.moments = {tensor: Moments.none_yet(tensor) for tensor in tensors}

    @torch.no_grad()
    def step(self, lr: float, weight_decay: float) -> None:
        """One step of every tensor that has a gradient."""
        stepped = [(tensor, tensor.grad, kept) for tensor, kept in self.moments.items()]
        present = [(tensor, grad, kept) for tensor, grad, kept in stepped if grad is not None]
        adamw(
            [tensor for tensor, _, _ in present],
            [grad for _, grad, _ in present],
            [kept.exp_avg for _, _, kept in present],
            [kept.exp_avg_sq for _, _, kept in present],
            [],
            [kept.step for _, _, kept in present],
            fused=True, amsgrad=False, beta1=self.betas[0], beta2=self.betas[1],
            lr=lr, weight_decay=weight_decay, eps=EPS, maximize=False,
        )  # fmt: skip
