"""What a job is given to run with, and what it gives back. Imports no torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.job import CoreReport, RunPaths
from trainer.job.events import Checkpointed, Evaluated, Finished, Profiled, Started, Step
from trainer.job.result import Scalar
from trainer.run.progress_bar import Progress

if TYPE_CHECKING:
    import torch

Event = Started | Step | Evaluated | Checkpointed | Profiled | Finished


@dataclass(frozen=True)
class Outcome:
    """What a succeeded job reports; the runner adds identity, times and provenance."""

    metrics: dict[str, float]
    resolved: dict[str, Scalar]
    core: CoreReport | None = None
    train_seconds: float = 0.0
    data_hash: str | None = None
    tokenizer_hash: str | None = None


class JobFailure(Exception):
    """The job itself failed; `reason` is the short code kept in `result.json`."""

    def __init__(self, reason: str, message: str, partial: Outcome | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.partial = partial


class JobCancelled(Exception):
    """The job was asked to stop, and has saved what it needs to go on."""

    def __init__(self, message: str = "stopped on request", partial: Outcome | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.partial = partial


@dataclass
class RunContext:
    """One attempt at a job, as seen by one rank."""

    paths: RunPaths
    runs_dir: Path
    rank: int
    world_size: int
    device: torch.device
    job_bytes: bytes
    spec_hash: str
    write_event: Callable[[Event], None] = lambda event: None
    progress: Progress = field(default_factory=Progress)
    stop_requested: Callable[[], bool] = lambda: False
    reached: Callable[[int], None] = lambda step: None

    @property
    def is_main(self) -> bool:
        return self.rank == 0

    def emit(self, event: Event) -> None:
        """Append one event; a no-op on ranks other than 0."""
        if self.is_main:
            self.write_event(event)

    def should_stop(self) -> bool:
        """Whether any rank was asked to stop (SIGTERM, SIGINT); collective: every rank must call it."""
        if self.world_size == 1:
            return self.stop_requested()
        from trainer.processes.group import any_rank  # imports torch

        return any_rank(self.stop_requested(), self.device)
