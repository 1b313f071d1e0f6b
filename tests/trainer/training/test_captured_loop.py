"""What the loop does around a captured pass: rows stay on the host, and gradients stay where they are."""

import itertools

import numpy as np
import torch
from torch import Tensor

from tests.support.loop_support import NoOptimizer, halves
from tests.support.trainer_lab import context_of, lab
from trainer.batches.packing import StepBatch
from trainer.training.captured_pass import CapturedPass
from trainer.training.gradients import Gradients
from trainer.training.loop import Loop
from trainer.training.state import Horizon, LoopSettings, LoopState


class FakeCapturedPass(CapturedPass):
    """Leaves every loss in the same place, as a graph does."""

    def __init__(self) -> None:
        self.seen: list[Tensor] = []
        self.cleared, self._loss = 0, torch.zeros(())

    def clear(self) -> None:
        self.cleared += 1

    def __call__(self, inputs_BT: Tensor, targets_BT: Tensor, target_count: int) -> Tensor:
        self.seen.append(inputs_BT)
        return self._loss.add_(1.0)


class CountingOptimizer(NoOptimizer):
    dropped = 0

    def zero_grad(self) -> None:
        self.dropped += 1


def test_a_captured_pass_gets_rows_as_they_are_and_keeps_its_gradients() -> None:
    captured, optimizer, state = FakeCapturedPass(), CountingOptimizer(), LoopState()
    rows = np.arange(8, dtype=np.int32).reshape(1, 8)
    batch = StepBatch(rows, rows, 8, 0.0, 0.0, {})
    settings = LoopSettings(Horizon(20, None), 1, 10_000, 8, lambda progress: 1.0, None, None)
    paths = lab().place(lab().pretrain(), attempt=len(list(lab().runs.iterdir())) + 100)
    Loop(
        context_of(paths), settings, [], lambda x, y: x.sum(), optimizer, state, dict, lambda saved: None,
        captured=captured,
    ).run(itertools.repeat(batch))  # fmt: skip
    assert captured.cleared == 20 and optimizer.dropped == 0
    assert {seen.dtype for seen in captured.seen} == {torch.int32}
    assert state.losses == [20.0]


def test_without_one_gradients_are_dropped() -> None:
    optimizer, losses = CountingOptimizer(), halves(1.0)
    gradients = Gradients([], lambda x, y: torch.tensor(next(losses), requires_grad=True), 1)
    gradients.drop(optimizer.zero_grad)
    assert optimizer.dropped == 1
