"""The optimizer is told how often the text will have been read at the end, from the first step on."""

from collections.abc import Iterator

import pytest

from tests.support.loop_support import NoOptimizer, batch, halves, run_loop
from trainer.batches.packing import StepBatch
from trainer.training.state import Horizon


class Listening(NoOptimizer):
    def __init__(self) -> None:
        self.epochs: list[float] = []

    def step(
        self, lr_multiplier: float, progress: float, measured: bool = False, epochs: float = 1.0
    ) -> None:
        self.epochs.append(epochs)


def reading(epochs_a_step: float, steps: int | None = None) -> Iterator[StepBatch]:
    """Batches of a text; with `steps` they end there and know how far they are."""
    done = 0
    while steps is None or done < steps:
        done += 1
        yield batch(progress=done / steps if steps else 0.0, epochs=done * epochs_a_step)


def test_of_a_horizon_in_steps() -> None:
    optimizer = Listening()
    run_loop(halves(4.0), Horizon(steps=20), optimizer=optimizer, batches=reading(0.15))
    assert optimizer.epochs == pytest.approx([3.0] * 20)


def test_of_data_that_end() -> None:
    optimizer = Listening()
    run_loop(halves(4.0), Horizon(), optimizer=optimizer, batches=reading(0.25, steps=8))
    assert optimizer.epochs == pytest.approx([2.0] * 8)


def test_of_a_horizon_in_seconds() -> None:
    optimizer = Listening()
    state = run_loop(halves(4.0), Horizon(seconds=0.1), optimizer=optimizer, batches=reading(0.01))
    # Before the first step has ended there is nothing to go by; then at least what is read already.
    assert optimizer.epochs[0] == 0.01 and len(optimizer.epochs) == state.step
    assert all(told >= 0.01 * step for step, told in enumerate(optimizer.epochs, 1))
