"""Norms of a step's gradients, of the weights, and of how far the step moved them; all left on the device."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.utils import get_total_norm

NORMS = ("gradient_norm", "weight_norm", "update_norm")


class StepNorms:
    """One measured step: made before the optimizer steps, read after. Holds a copy of the weights between."""

    @torch.no_grad()
    def __init__(self, parameters: Sequence[nn.Parameter]) -> None:
        self._parameters = parameters
        self._before = [parameter.detach().clone() for parameter in parameters]

    @torch.no_grad()
    def read(self, gradient_norm: Tensor, device: torch.device) -> Tensor:
        """`NORMS`, float64, after the step; the gradient's is the optimizer's, which sums it over ranks."""
        weight = get_total_norm(self._before)
        for before, parameter in zip(self._before, self._parameters, strict=True):
            before.sub_(parameter)
        norms = (gradient_norm, weight, get_total_norm(self._before))
        return torch.stack([norm.to(device, torch.float64, non_blocking=True) for norm in norms])
