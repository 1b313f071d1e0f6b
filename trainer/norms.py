"""Norms of a step's gradients, of the weights, and of how far the step moved them; all left on the device."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.utils import get_total_norm

NORMS = ("gradient_norm", "weight_norm", "update_norm")


class StepNorms:
    """One measured step: made before the optimizer steps, read after. Holds a copy of the weights between.

    The gradient's norm is not a number where gradients are summed inside the optimizer (several ranks).
    """

    @torch.no_grad()
    def __init__(self, parameters: Sequence[nn.Parameter], ranks: int) -> None:
        self._parameters = parameters
        self._before = [parameter.detach().clone() for parameter in parameters]
        gradients = [p.grad for p in parameters if p.grad is not None]
        self._gradient = get_total_norm(gradients) if ranks == 1 else torch.tensor(torch.nan)

    @torch.no_grad()
    def read(self, device: torch.device) -> Tensor:
        """`NORMS`, float64, after the step."""
        weight = get_total_norm(self._before)
        for before, parameter in zip(self._before, self._parameters, strict=True):
            before.sub_(parameter)
        norms = (self._gradient, weight, get_total_norm(self._before))
        return torch.stack([norm.to(device, torch.float64, non_blocking=True) for norm in norms])
