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
        total: Tensor | None = None
        if self.captured is not None:
            self.captured.clear()
        for start in range(0, len(inputs_BT), self.micro_batch_rows):
            rows = slice(start, start + self.micro_batch_rows)
            if self.captured is not None:
                share = self.captured(inputs_BT[rows], targets_BT[rows], target_count)
            else:
                is_last = rows.stop >= len(inputs_BT)
                share = self._pass(inputs_BT[rows], targets_BT[rows], target_count, is_last)
            total = share if total is None else total + share
        assert total is not None, "a step has rows"
        return total

    def place(self, batch: StepBatch, device: torch.device) -> tuple[Tensor, Tensor]:
        """Inputs and targets [B, T] of a step, where `accumulate` takes them from."""
        if self.captured is None:
            return to_device(batch, device)
        return on_host(batch)

    def drop(self, zero_grad: Callable[[], None]) -> None:
        """After a step; the captured pass keeps and overwrites its own."""
        if self.captured is None:
            zero_grad()

    def _pass(self, inputs_BT: Tensor, targets_BT: Tensor, target_count: int, is_last: bool) -> Tensor:
        loss = self.loss_sum(inputs_BT, targets_BT) / max(1, target_count)
        if is_last:
            self.before_last()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.detach()

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
    inputs, targets = on_host(batch)
    if device.type == "cuda":
        inputs = inputs.pin_memory().to(device, non_blocking=True)
        targets = targets.pin_memory().to(device, non_blocking=True)
    # Widened there: on the host it would take all of a busy machine's threads.
    return inputs.long(), targets.long()


def on_host(batch: StepBatch) -> tuple[Tensor, Tensor]:
    """Inputs and targets [B, T] as they are."""
    inputs, targets = np.ascontiguousarray(batch.inputs), np.ascontiguousarray(batch.targets)
    return torch.from_numpy(inputs), torch.from_numpy(targets)
