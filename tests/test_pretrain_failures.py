"""A broken loss ends the job at once, with its reason; a merely bad one does not."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.trainer_lab import context_of, events_of, lab, result_of, run_trainer
from trainer.context import Event, JobCancelled, JobFailure
from trainer.job import RunPaths
from trainer.loop import Horizon, Loop, LoopSettings, LoopState
from trainer.packing import StepBatch

VOCABULARY = 100


class NoOptimizer:
    def expect_gradients(self) -> None:
        pass

    def step(self, lr_multiplier: float, progress: float, measured: bool = False) -> None:
        pass

    def zero_grad(self) -> None:
        pass


def endless_batches() -> Iterator[StepBatch]:
    rows = np.zeros((2, 4), np.int32)
    while True:
        yield StepBatch(rows, rows, 8, 0.0, 0.0, {})


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
) -> LoopState:
    state = LoopState()
    paths = lab().place(lab().pretrain(), attempt=len(list(lab().runs.iterdir())) + 100)
    settings = LoopSettings(horizon, 1, VOCABULARY, 8, lambda progress: 1.0, None, None, 0)
    context = context_of(paths, events, stop)
    Loop(context, settings, [], losses_given(losses), NoOptimizer(), state, dict, lambda saved: None).run(
        endless_batches()
    )
    return state


def halves(*losses: float) -> Iterator[float]:
    """Each step's loss for its two halves; the last one goes on for ever."""
    for loss in losses[:-1]:
        yield from (loss, loss)
    while True:
        yield losses[-1]


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_a_loss_that_is_no_number_ends_the_run_at_that_step(broken: float) -> None:
    events: list[Event] = []
    with pytest.raises(JobFailure, match="step 3") as failure:
        run_loop(halves(4.0, 3.0, broken), Horizon(steps=50), events)
    assert failure.value.reason == "nan"
    assert [event.step for event in events if event.event == "step"] == [1, 2]


def test_a_loss_far_above_a_uniform_guess_for_ten_steps_is_diverged() -> None:
    with pytest.raises(JobFailure, match="step 11") as failure:
        run_loop(halves(4.0, 2.1 * math.log(VOCABULARY)), Horizon(steps=50))
    assert failure.value.reason == "diverged"


def test_a_bad_loss_or_a_short_spike_is_not() -> None:
    spike = [4.0] + [50.0] * 9 + [4.0] + [50.0] * 9 + [1.5 * math.log(VOCABULARY)]
    assert run_loop(halves(*spike), Horizon(steps=50)).step == 50


@pytest.mark.parametrize("steps", [None, 10**9])
def test_a_time_horizon_ends_by_the_clock_and_progress_reaches_one(steps: int | None) -> None:
    events: list[Event] = []
    state = run_loop(halves(4.0), Horizon(steps, seconds=0.05), events)
    assert state.train_seconds >= 0.05 and state.progress == 1.0
    progress = [event.progress for event in events if event.event == "step"]
    assert progress == sorted(progress)


def test_a_stop_request_ends_at_the_step_it_was_seen_at() -> None:
    calls = iter(range(100))
    with pytest.raises(JobCancelled):
        run_loop(halves(4.0), Horizon(steps=50), stop=lambda: next(calls) >= 4)
    assert next(calls) == 5


def test_a_diverging_job_fails_with_its_reason_long_before_its_end(tmp_path: Path) -> None:
    wild = {"matrix_lr": 100.0, "embedding_lr": 100.0, "unembedding_lr": 100.0, "scalar_lr": 100.0}
    document = lab().pretrain(
        optim=wild,
        model={"depth": 2, "width": 32, "sequence_len": 64, "logit_softcap": None},
        train_tokens=10_240_000,
    )
    paths = lab().place(document)
    done = run_trainer(paths.job)
    result = result_of(paths)
    assert done.returncode == 1 and result.state == "failed" and result.reason in ("diverged", "nan")
    assert result.reason in done.stderr and done.stderr.count("\n") == 1
    assert result.metrics["steps"] < 1000
    assert result.provenance.data_hash and result.resolved["matrix_lr"]
    assert events_of(paths)[-1]["reason"] == result.reason
    assert not RunPaths(paths.folder).checkpoint.exists()
