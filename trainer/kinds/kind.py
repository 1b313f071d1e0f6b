"""What every kind of job has: a way to be prepared, and what one does after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from trainer.job import RunPaths
from trainer.run.context import Outcome, RunContext

JobT = TypeVar("JobT")
# Raises JobFailure or JobCancelled, as the job ends.
PreparedJob = Callable[[RunContext], Outcome]


@dataclass(frozen=True)
class Kind(Generic[JobT]):
    """One kind of job.

    `prepare(job, runs_dir, world_size, device_type, memory_bytes)` checks and settles all numbers before
    anything is written. `next_steps(job, paths)` are lines for the person who ran it.
    """

    prepare: Callable[[JobT, Path, int, str, int | None], PreparedJob]
    next_steps: Callable[[JobT, RunPaths], list[str]] = lambda job, paths: []
