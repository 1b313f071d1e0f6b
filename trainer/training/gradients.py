"""Gradients of a step's rows, a few rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from trainer.batches.packing import StepBatch
from trainer.training.captured_pass import CapturedPass


@dataclass(frozen=True)
class Gradients:
    """Fills `parameter.grad`, `micro_batch_rows` rows a forward pass; `loss_sum` sums over tokens.

    `captured` is such a pass as a CUDA graph: it leaves no gradient before its end.
    """

    parameters: Sequence[torch.nn.Parameter]
    loss_sum: Callable[[Tensor, Tensor], Tensor]
    micro_batch_rows: int
    before_last: Callable[[], None] = lambda: None
    captured: CapturedPass | None = None

    def accumulate(self, inputs_BT: Tensor, targets_BT: Tensor, target_count: int) -> Tensor:
        """Add the gradients of these rows' share of a mean over `target_count`; returns that share.

        `before_last` is called before the last backward pass: what that leaves is final.
        """
        total = torch.zeros((), device=inputs_BT.device)
        if self.captured is not None:
            self.captured.clear()
        for start in range(0, len(inputs_BT), self.micro_batch_rows):
            rows = slice(start, start + self.micro_batch_rows)
            if self.captured is not None:
                total += self.captured(inputs_BT[rows], targets_BT[rows], target_count)
                continue
            loss = self.loss_sum(inputs_BT[rows], targets_BT[rows]) / max(1, target_count)
            if rows.stop >= len(inputs_BT):
                self.before_last()
            loss.backward()  # type: ignore[no-untyped-call]
            total += loss.detach()
        return total

    def accumulate_halves(self, inputs_BT: Tensor, targets_BT: Tensor, target_count: int) -> Tensor:
        """The same for an even number of rows, rounding as two ranks do: each sums its own half."""
        middle = len(inputs_BT) // 2
        first = self.accumulate(inputs_BT[:middle], targets_BT[:middle], target_count)
        gradients = [parameter.grad for parameter in self.parameters]
        for parameter in self.parameters:
            parameter.grad = None
        second = self.accumulate(inputs_BT[middle:], targets_BT[middle:], target_count)
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            if parameter.grad is not None and gradient is not None:
                parameter.grad += gradient
            else:
                parameter.grad = parameter.grad if gradient is None else gradient
        return first + second


def to_device(batch: StepBatch, device: torch.device) -> tuple[Tensor, Tensor]:
    """Inputs and targets [B, T] of a step on the device, copied there without waiting."""
    tensors = [torch.from_numpy(np.ascontiguousarray(rows)) for rows in (batch.inputs, batch.targets)]
    if device.type == "cuda":
        tensors = [tensor.pin_memory().to(device, non_blocking=True) for tensor in tensors]
    # Widened there: on the host it would take all of a busy machine's threads.
    return tensors[0].long(), tensors[1].long()
