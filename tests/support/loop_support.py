"""A training loop whose losses, optimizer and batches a test decides."""

import itertools
from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor

from tests.support.trainer_lab import context_of, lab
from trainer.batches.packing import StepBatch
from trainer.run.context import Event
from trainer.training.loop import Loop, Optimizer
from trainer.training.state import Horizon, LoopSettings, LoopState

VOCABULARY = 100


class NoOptimizer:
    def expect_gradients(self) -> None:
        pass

    def step(
        self, lr_multiplier: float, progress: float, measured: bool = False, epochs: float = 1.0
    ) -> None:
        pass

    def zero_grad(self) -> None:
        pass


def batch(progress: float = 0.0, epochs: float = 0.0) -> StepBatch:
    """Two rows of four tokens."""
    rows = np.zeros((2, 4), np.int32)
    return StepBatch(rows, rows, 8, progress, epochs, {})


def losses_given(losses: Iterator[float]) -> Callable[[Tensor, Tensor], Tensor]:
    """Loss sums as if every token of the n-th half step had the n-th loss."""

    def loss_sum(tokens: Tensor, targets: Tensor) -> Tensor:
        return torch.tensor(next(losses) * tokens.numel(), requires_grad=True)

    return loss_sum


def run_loop(
    losses: Iterator[float],
    horizon: Horizon,
    events: list[Event] | None = None,
    stop: Callable[[], bool] = lambda: False,
    optimizer: Optimizer | None = None,
    batches: Iterator[StepBatch] | None = None,
) -> LoopState:
    state = LoopState()
    paths = lab().place(lab().pretrain(), attempt=len(list(lab().runs.iterdir())) + 100)
    settings = LoopSettings(horizon, 1, VOCABULARY, 8, lambda progress: 1.0, None, None, 0)
    context = context_of(paths, events, stop)
    used = optimizer or NoOptimizer()
    loop = Loop(context, settings, [], losses_given(losses), used, state, dict, lambda saved: None)
    loop.run(batches or itertools.repeat(batch()))
    return state


def halves(*losses: float) -> Iterator[float]:
    """Each step's loss for its two halves; the last one goes on for ever."""
    for loss in losses[:-1]:
        yield from (loss, loss)
    while True:
        yield losses[-1]
