"""A forward and backward pass as one CUDA graph: the host hands over one call instead of hundreds.

There are two: the first pass of a step writes gradients, the others add theirs.

At depth 8 the host needs 13 to 17 ms to launch a pass of 65,536 tokens that takes an H200 41 ms, on an idle
machine; beside other jobs on the same host it needs more than the GPU does.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from trainer.kernels.graph import PinnedRing, Replay, rehearse

LossSum = Callable[[Tensor, Tensor], Tensor]
_REHEARSALS = 3
# A graph keeps a pass's memory for good, beside what evaluations need.
_MOST_MEMORY = 0.85


class CapturedPass:
    """Replays one pass of a fixed shape; gradients lie where they were when it was captured.

    Call `clear` before the first pass of a step. `repeats` says whether a step has several. `pool` is the
    graphs' memory.
    """

    def __init__(
        self, loss_sum: LossSum, parameters: Sequence[nn.Parameter], rows: int, length: int, repeats: bool
    ) -> None:
        self._loss_sum, self._parameters = loss_sum, list(parameters)
        device = self._parameters[0].device
        self._tokens = torch.zeros(2, rows, length, dtype=torch.int32, device=device)
        self._ring = PinnedRing(self._tokens)
        self._weight, self._count = torch.ones((), device=device), 1
        rehearse(self._run, _REHEARSALS)
        self._drop_gradients()
        self._first = Replay(self._run)
        self.pool = self._first.pool
        self._gradients = [parameter.grad for parameter in self._parameters]
        self._next = Replay(self._run, self.pool) if repeats else None
        self.clear()

    def clear(self) -> None:
        """The next pass is a step's first."""
        self._at_first = True
        for parameter, gradient in zip(self._parameters, self._gradients, strict=True):
            parameter.grad = gradient

    def __call__(self, inputs_BT: Tensor, targets_BT: Tensor, target_count: int) -> Tensor:
        """Leave, or add, the gradients of the losses' sum over `target_count`; returns that quotient.

        Inputs and targets are on the host. The result is valid until the next call of the same kind: a step's
        first, or another.
        """
        self._ring.send(lambda tokens: torch.stack((inputs_BT, targets_BT), out=tokens))
        self._weigh(target_count)
        replay, self._at_first = self._first if self._at_first else self._next, False
        assert replay is not None, "captured for steps of one pass"
        loss: Tensor = replay()
        return loss

    def _weigh(self, target_count: int) -> None:
        """In pretraining the same for all passes."""
        if target_count != self._count:
            self._weight.fill_(1.0 / max(1, target_count))
            self._count = target_count

    def _run(self) -> Tensor:
        loss = self._loss_sum(self._tokens[0].long(), self._tokens[1].long()) * self._weight
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    def _drop_gradients(self) -> None:
        for parameter in self._parameters:
            parameter.grad = None


def may_keep(device: torch.device, pass_bytes: int, evaluation_bytes: int) -> bool:
    """Whether a pass is small enough for its memory to be kept while evaluations take theirs."""
    most = _MOST_MEMORY * torch.cuda.get_device_properties(device).total_memory
    return pass_bytes + evaluation_bytes < most


def try_capture(
    loss_sum: LossSum, parameters: Sequence[nn.Parameter], rows: int, length: int, repeats: bool
) -> CapturedPass | None:
    """The pass as a graph; None, and a line in the log, where something in it cannot be captured."""
    try:
        return CapturedPass(loss_sum, parameters, rows, length, repeats)
    except RuntimeError as error:
        print(f"passes are launched kernel by kernel: {str(error).splitlines()[0]}", file=sys.stderr)
        torch.cuda.synchronize()
        for parameter in parameters:
            parameter.grad = None
        return None
