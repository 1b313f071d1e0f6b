"""One attempt at a job: from a claimed folder to exactly one `result.json`."""

from __future__ import annotations

import math
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from types import FrameType
from typing import Literal

import torch

from trainer.checkpoint import CheckpointError
from trainer.context import JobCancelled, JobFailure, Outcome, Ranks, RunContext
from trainer.data.errors import DataError
from trainer.disk import is_disk_full
from trainer.events import EventWriter
from trainer.job import (
    EvalJob,
    JobError,
    JobResult,
    PretrainJob,
    RunPaths,
    SftJob,
    TokenizerJob,
    canonical_bytes,
    spec_hash,
)
from trainer.job.events import Finished
from trainer.progress import open_progress
from trainer.provenance import gather_provenance
from trainer.run_folder import Request, resumed_from, say, write_once
from trainer.summary import summary

State = Literal["succeeded", "failed", "cancelled"]


@dataclass
class StopSignals:
    """Remembers SIGTERM and SIGINT; a second SIGINT interrupts at once."""

    requested: bool = False

    def install(self) -> None:
        signal.signal(signal.SIGTERM, self._remember)
        signal.signal(signal.SIGINT, self._remember)

    def _remember(self, number: int, frame: FrameType | None) -> None:
        self.requested = True
        if number == signal.SIGINT:
            signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass
class Attempt:
    """One attempt at a job, on one rank."""

    request: Request
    ranks: Ranks
    device: torch.device
    paths: RunPaths

    def run(self) -> tuple[State, bool]:
        """Run to a terminal state; also whether every rank came to it together."""
        stop = StopSignals()
        stop.install()
        started = time.time()
        main = self.ranks.rank == 0
        writer = EventWriter(self.paths.events) if main else None
        context = RunContext(
            paths=self.paths,
            runs_dir=self.request.runs_dir,
            rank=self.ranks.rank,
            world_size=self.ranks.world_size,
            device=self.device,
            job_bytes=canonical_bytes(self.request.job),
            spec_hash=spec_hash(self.request.job),
            write_event=writer.write if writer else lambda event: None,
            progress=open_progress(self.paths.events if main else None),
            stop_requested=lambda: stop.requested,
        )
        try:
            ended = self._ended(context)
        finally:
            context.progress.close()
        self._record(ended, started)
        context.emit(Finished(time=time.time(), state=ended.state, reason=ended.reason))
        if writer:
            writer.close()
        self._tell(ended)
        return ended.state, ended.symmetric

    def _ended(self, context: RunContext) -> Ended:
        """Run the job's kind; every failure becomes a value here."""
        try:
            return Ended("succeeded", outcome=run_kind(context, self.request))
        except JobCancelled as error:
            return Ended("cancelled", "stopped", error.message, error.partial)
        except JobFailure as error:
            return Ended("failed", error.reason, error.message, error.partial)
        except (JobError, DataError, CheckpointError) as error:
            return Ended("failed", "disk_full" if is_disk_full(error) else "bad_input", str(error))
        except (torch.OutOfMemoryError, MemoryError) as error:
            return Ended("failed", "out_of_memory", _first_line(error), symmetric=False)
        except KeyboardInterrupt:
            return Ended("cancelled", "interrupted", "interrupted before a checkpoint", symmetric=False)
        except Exception as error:
            traceback.print_exc()
            reason = "disk_full" if is_disk_full(error) else "error"
            return Ended("failed", reason, f"{type(error).__name__}: {_first_line(error)}", symmetric=False)

    def _record(self, ended: Ended, started: float) -> None:
        """Write `result.json`: rank 0's duty, or that of the one rank that failed alone."""
        if self.ranks.rank != 0 and ended.symmetric:
            return
        outcome = ended.outcome or Outcome(metrics={}, resolved={})
        finished = time.time()
        result = JobResult(
            job_id=self.paths.job_id,
            spec_hash=spec_hash(self.request.job),
            kind=self.request.job.kind,
            state=ended.state,
            reason=ended.reason,
            message=ended.message,
            metrics={name: float(value) for name, value in outcome.metrics.items() if math.isfinite(value)},
            resolved=outcome.resolved,
            core=outcome.core,
            provenance=gather_provenance(
                self.device, self.ranks.world_size, outcome.data_hash, outcome.tokenizer_hash
            ),
            resumed_from=resumed_from(self.paths),
            started_at=started,
            finished_at=finished,
            wall_seconds=finished - started,
            train_seconds=outcome.train_seconds,
        )
        write_once(self.paths.result, (result.model_dump_json(indent=1) + "\n").encode())

    def _tell(self, ended: Ended) -> None:
        if ended.state != "succeeded":
            say(self.ranks, f"{self.paths.job_id} {ended.state} ({ended.reason}): {ended.message}")
        if self.ranks.rank == 0 and sys.stdout.isatty():
            print(summary(self.request.job, self.paths, ended.state, ended.outcome))


@dataclass(frozen=True)
class Ended:
    """How an attempt ended on this rank."""

    state: State
    reason: str | None = None
    message: str | None = None
    outcome: Outcome | None = None
    symmetric: bool = True


def run_kind(context: RunContext, request: Request) -> Outcome:
    """Run a job of any kind.

    Raises:
        JobFailure, JobCancelled: as the job ends.
    """
    job = request.job
    if isinstance(job, TokenizerJob):
        from trainer.tokenizer_job import run_tokenizer

        return run_tokenizer(context, job)
    if isinstance(job, PretrainJob):
        from trainer.pretrain import run_pretrain

        return run_pretrain(context, job)
    if isinstance(job, SftJob):
        from trainer.sft import run_sft

        return run_sft(context, job)
    assert isinstance(job, EvalJob)
    from trainer.evaluate import run_eval

    return run_eval(context, job)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:500]
