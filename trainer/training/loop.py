"""The optimisation loop of pretraining and fine-tuning: accumulate, sum over ranks, step, watch."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.profiler import record_function

from trainer.batches.packing import StepBatch
from trainer.job.events import Checkpointed, Evaluated, Profiled, Step
from trainer.processes.group import sum_over_ranks
from trainer.run.context import JobCancelled, RunContext
from trainer.sizing.memory import measured_peak_bytes
from trainer.training.captured_pass import CapturedPass
from trainer.training.clock import StepClock
from trainer.training.gradients import Gradients
from trainer.training.norms import NORMS, StepNorms
from trainer.training.profiler import StepProfiler
from trainer.training.state import Horizon as Horizon
from trainer.training.state import LoopSettings as LoopSettings
from trainer.training.state import LoopState as LoopState
from trainer.training.trace import DATA_WAIT, OPTIMIZER, STEP

EVENTS_PER_RUN = 1000
# Norms cost two passes over the weights: one step in a hundred of a run of a thousand steps or less.
NORMS_EVERY_STEPS = 100
_UNTRACED = contextlib.nullcontext()


class Optimizer(Protocol):
    def expect_gradients(self) -> None: ...
    def step(
        self, lr_multiplier: float, progress: float, measured: bool = False, epochs: float = 1.0
    ) -> Tensor | None: ...
    def zero_grad(self) -> None: ...


@dataclass
class _Launched:
    """A step whose kernels are queued, with numbers still on the device.

    `numbers` begin with the loss. `known` and then the rest of them: stop requests, rank 0's seconds, norms.
    """

    batch: StepBatch
    lr_multiplier: float
    known: list[float]
    numbers: Tensor
    done: torch.cuda.Event | None


class Loop:
    """Runs steps until the horizon, a stop request or a broken loss.

    On a GPU the numbers of a step are read only after the next one is queued, so that the device
    never waits for Python; `state` always describes settled steps.
    """

    def __init__(
        self,
        context: RunContext,
        settings: LoopSettings,
        parameters: list[torch.nn.Parameter],
        loss_sum: Callable[[Tensor, Tensor], Tensor],
        optimizer: Optimizer,
        state: LoopState,
        evaluate: Callable[[], dict[str, float]],
        save: Callable[[LoopState], None],
        captured: CapturedPass | None = None,
    ) -> None:
        self.context, self.settings, self.state = context, settings, state
        self._gradients = Gradients(
            parameters, loss_sum, settings.micro_batch_rows, optimizer.expect_gradients, captured
        )
        self._optimizer = optimizer
        self._evaluate, self._save = evaluate, save
        self._pending: _Launched | None = None
        self._stopping = False
        self._agreed_seconds = state.train_seconds
        self._clock = StepClock(context.device)
        self._last_event = time.perf_counter()
        self._profiler = self._new_profiler()

    def run(self, batches: Iterator[StepBatch]) -> None:
        """Train until the horizon.

        Raises:
            JobCancelled: after a checkpoint, when any rank was asked to stop.
            JobFailure: `nan` or `diverged`, at once.
        """
        try:
            launched = self._run(batches)
        finally:
            if self._profiler is not None:
                self._profiler.abandon()
        if self._stopping and not self._reached(launched):
            self._checkpoint()
            raise JobCancelled(f"stopped on request at step {self.state.step}")

    def _run(self, batches: Iterator[StepBatch]) -> int:
        self._clock.restart()
        launched = self.state.step
        self._turn_profiler(launched)
        while not self._reached(launched) and not self._stopping:
            asked = time.perf_counter()
            with self._traced(DATA_WAIT):
                batch = next(batches, None)
            self.state.data_wait_seconds += time.perf_counter() - asked
            if batch is None:
                break
            with self._traced(STEP):
                previous, self._pending = self._pending, self._launch(batch, launched)
            launched += 1
            if previous is not None:
                self._settle(previous)
            pause_due = self.settings.pause_due(launched)
            if self.context.device.type != "cuda" or pause_due:
                self._drain()
            self._turn_profiler(launched)
            if pause_due and not self._stopping and not self._reached(launched):
                self._pause()
        self._drain()
        return launched

    def _new_profiler(self) -> StepProfiler | None:
        if not self.settings.profile or self.state.profile_ms:
            return None
        path = self.context.paths.trace if self.context.is_main else None
        return StepProfiler(self.state.step, self.settings.horizon.steps, path, self.context.device)

    def _traced(self, name: str) -> contextlib.AbstractContextManager[object]:
        """A name in a trace; where none is open it costs nothing."""
        is_open = self._profiler is not None and self._profiler.is_open
        return record_function(name) if is_open else _UNTRACED

    def _turn_profiler(self, launched: int) -> None:
        """Begin or end a trace, with nothing queued; on all ranks alike, since it settles a step early."""
        profiler = self._profiler
        if profiler is None or not profiler.edge(launched):
            return
        self._drain()
        if not profiler.is_open:
            profiler.open()
        elif milliseconds := profiler.close(launched):
            self.state.profile_ms = milliseconds
            self.context.emit(Profiled(time=time.time(), step=self.state.step, milliseconds=milliseconds))
        self._clock.restart()

    def _reached(self, launched: int) -> bool:
        progress = self.settings.horizon.progress(launched, self._agreed_seconds)
        return (self.state.progress if progress is None else progress) >= 1.0

    def _progress(self, batch: StepBatch, launched: int) -> float:
        """Progress at the middle of a step: neither the first nor the last step is wasted on rate 0."""
        progress = self.settings.horizon.progress(launched + 0.5, self._agreed_seconds)
        if progress is not None:
            return progress
        before = self._pending.batch.progress if self._pending else self.state.progress
        return (before + batch.progress) / 2

    def _epochs(self, batch: StepBatch, launched: int) -> float:
        """How often the whole text will have been read by the horizon, as far as one can tell by now."""
        progress = self.settings.horizon.progress(launched + 1, self._agreed_seconds)
        progress = batch.progress if progress is None else progress
        return batch.epochs / progress if progress > 0.0 else batch.epochs

    def _launch(self, batch: StepBatch, launched: int) -> _Launched:
        self.context.reached(launched + 1)
        progress, epochs = self._progress(batch, launched), self._epochs(batch, launched)
        multiplier = self.settings.lr_multiplier(progress)
        device = self.context.device
        inputs, targets = self._gradients.place(batch, device)
        # Two CPU ranks round sums as two halves do, and training amplifies roundings.
        halves = device.type != "cuda" and self.context.world_size == 1 and len(inputs) % 2 == 0
        accumulate = self._gradients.accumulate_halves if halves else self._gradients.accumulate
        loss = accumulate(inputs, targets, batch.target_count)
        norms = self._norms(launched)
        with self._traced(OPTIMIZER):
            gradient_norm = self._optimizer.step(multiplier, progress, norms is not None, epochs)
        self._gradients.drop(self._optimizer.zero_grad)
        measured = None
        if norms is not None and gradient_norm is not None:
            measured = norms.read(gradient_norm, device)
        return self._send_numbers(batch, multiplier, loss, measured)

    def _norms(self, launched: int) -> StepNorms | None:
        """Of a step whose norms are measured, before the optimizer's part of it."""
        if (launched + 1) % NORMS_EVERY_STEPS and launched + 1 != self.settings.horizon.steps:
            return None
        return StepNorms(self._gradients.parameters)

    def _send_numbers(
        self, batch: StepBatch, multiplier: float, loss: Tensor, norms: Tensor | None
    ) -> _Launched:
        """Loss, stop requests and rank 0's seconds are summed over ranks, so that all decide alike."""
        seconds = self.state.train_seconds if self.context.is_main else 0.0
        known = [float(self.context.stop_requested()), seconds]
        numbers = loss.reshape(1)
        if self.context.world_size > 1:
            numbers, known = self._summed(loss, known), []
        if norms is not None:
            numbers = torch.cat((numbers.double(), norms))
        if self.context.device.type == "cuda":
            numbers = numbers.to("cpu", non_blocking=True)
        return _Launched(batch, multiplier, known, numbers, self._clock.step_queued())

    def _summed(self, loss: Tensor, known: list[float]) -> Tensor:
        numbers = torch.tensor([0.0, *known], dtype=torch.float64)
        numbers = numbers.pin_memory() if self.context.device.type == "cuda" else numbers
        numbers = numbers.to(self.context.device, non_blocking=True)
        numbers[0] = loss
        return sum_over_ranks(numbers)

    def _drain(self) -> None:
        if self._pending is not None:
            previous, self._pending = self._pending, None
            self._settle(previous)

    def _settle(self, launched: _Launched) -> None:
        seconds = self._clock.seconds_until(launched.done)
        loss, *rest = launched.numbers.tolist()
        stops, self._agreed_seconds, *norms = launched.known + rest
        self._stopping = self._stopping or stops > 0
        state, batch = self.state, launched.batch
        state.step += 1
        state.tokens += self.settings.tokens_per_step
        state.epochs, state.position = batch.epochs, batch.position
        state.progress = self._progress_after(batch)
        self._count_time(seconds)
        state.record_loss(loss, self.settings.vocab_size)
        measured = {name: value for name, value in zip(NORMS, norms, strict=False) if math.isfinite(value)}
        state.norms = measured or state.norms
        self._report(loss, launched.lr_multiplier, measured)

    def _progress_after(self, batch: StepBatch) -> float:
        progress = self.settings.horizon.progress(self.state.step, self._agreed_seconds)
        return batch.progress if progress is None else progress

    def _count_time(self, seconds: float) -> None:
        traced = self._profiler is not None and self._profiler.is_open
        if not traced:
            self.state.train_seconds += seconds
            self.state.timed_tokens += self.settings.tokens_per_step
        else:
            self.state.untimed_seconds += seconds

    def _report(self, loss: float, multiplier: float, norms: dict[str, float]) -> None:
        state = self.state
        speed = state.tokens_per_second
        text = f"step {state.step}  loss {loss:.4f}  {speed:,.0f} tokens/s"
        self.context.progress.update(state.progress, text)
        if not self._event_due() and not norms:
            return
        self._last_event = time.perf_counter()
        self.context.emit(
            Step(
                time=time.time(),
                step=state.step,
                progress=state.progress,
                train_loss=loss,
                tokens=state.tokens,
                tokens_per_second=speed,
                lr_multiplier=multiplier,
                gradient_norm=norms.get("gradient_norm"),
                weight_norm=norms.get("weight_norm"),
                update_norm=norms.get("update_norm"),
                peak_memory_bytes=measured_peak_bytes(self.context.device) if norms else None,
            )
        )

    def _event_due(self) -> bool:
        total, step = self.settings.horizon.steps, self.state.step
        waited = time.perf_counter() - self._last_event
        if total is None:
            return step <= EVENTS_PER_RUN // 2 or waited >= 1.0 or self.state.progress >= 1.0
        stride = math.ceil(total / EVENTS_PER_RUN)
        return step % stride == 0 or step == total or waited >= 10.0

    def _pause(self) -> None:
        """Evaluate or save, off the training clock."""
        step, settings = self.state.step, self.settings
        if settings.eval_every_steps is not None and step % settings.eval_every_steps == 0:
            self.context.emit(Evaluated(time=time.time(), step=step, metrics=self._evaluate()))
        if settings.checkpoint_every_steps is not None and step % settings.checkpoint_every_steps == 0:
            self._checkpoint()
        self._clock.restart()

    def _checkpoint(self) -> None:
        self._save(self.state)
        self.context.emit(Checkpointed(time=time.time(), step=self.state.step))
