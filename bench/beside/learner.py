"""What both trainers are to a worker, the rows they train on, and the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.distributed as dist
from numpy.typing import NDArray
from torch import Tensor, nn

from bench.beside.spec import Spec

_ZERO_AT_FIRST = ("o_proj.weight", "down_proj.weight", "c_proj.weight")


@dataclass(frozen=True)
class Learner:
    """`steps(n)` takes n optimizer steps and returns the last one's loss; `details` is for a person."""

    steps: Callable[[int], float]
    device: torch.device
    flops_per_token: float
    details: str


class StepRows:
    """This rank's rows [n, T + 1] of one step after another, from the first again after the last."""

    def __init__(self, spec: Spec, rank: int, ranks: int) -> None:
        rows = np.load(spec.rows_path)
        in_step = spec.total_batch_size // spec.sequence_len
        share = in_step // ranks
        self.steps: list[NDArray[np.int32]] = [
            rows[first + rank * share : first + (rank + 1) * share] for first in range(0, len(rows), in_step)
        ]
        self._taken = 0

    def next(self) -> int:
        """The number of the next step's rows in `steps`."""
        self._taken += 1
        return (self._taken - 1) % len(self.steps)


@torch.no_grad()
def fill_zero_projections(model: nn.Module) -> None:
    """Random weights where both models start with zeros, which draw less power (see bench.step)."""
    generator = torch.Generator().manual_seed(0)
    for name, parameter in model.named_parameters():
        if name.endswith(_ZERO_AT_FIRST):
            parameter.copy_(0.02 * torch.randn(parameter.shape, generator=generator))


def seconds_of(work: Callable[[], object], device: torch.device) -> float:
    """Seconds of `work` that all ranks begin together, as the slowest saw them; by the GPU's own clock."""
    if dist.is_initialized():
        dist.barrier()
    if device.type != "cuda":
        begun = time.perf_counter()
        work()
        return slowest(time.perf_counter() - begun, device)
    torch.cuda.synchronize(device)
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))  # type: ignore[no-untyped-call]
    start.record()
    work()
    end.record()
    end.synchronize()
    return slowest(start.elapsed_time(end) / 1e3, device)


def slowest(seconds: float, device: torch.device) -> float:
    """The largest of all ranks' values."""
    value: Tensor = torch.tensor(seconds, dtype=torch.float64, device=device)
    if dist.is_initialized():
        dist.all_reduce(value, op=dist.ReduceOp.MAX)
    return float(value.item())
