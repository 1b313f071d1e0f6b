"""One attempt at a job: from a claimed folder to exactly one `result.json`."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from types import FrameType
from typing import Literal

import torch

from trainer.checkpoint.contents import CheckpointError
from trainer.data.errors import DataError
from trainer.job import (
    JobError,
    JobResult,
    RunPaths,
    canonical_bytes,
    spec_hash,
)
from trainer.job.events import Finished
from trainer.kinds.kind import PreparedJob
from trainer.kinds.table import kind_of
from trainer.processes.rank_watch import STACK_CHARS, Lost, RankWatch, watched
from trainer.processes.ranks import Ranks
from trainer.run.context import JobCancelled, JobFailure, Outcome, RunContext
from trainer.run.disk_full import is_disk_full
from trainer.run.events import EventWriter
from trainer.run.folder import Request, resumed_from, say
from trainer.run.progress_bar import open_progress
from trainer.run.provenance import gather_provenance
from trainer.run.summary import summary
from trainer.system.files import write_once

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
    prepared: PreparedJob
    ranks: Ranks
    device: torch.device
    paths: RunPaths

    def run(self) -> tuple[State, bool]:
        """Run to a terminal state; also whether every rank came to it together."""
        stop = StopSignals()
        stop.install()
        started = time.time()
        with watched(self.ranks, lambda lost: self._give_up(lost, started)) as watch:
            ended = self._run(stop, started, watch)
        return ended.state, ended.symmetric

    def _run(self, stop: StopSignals, started: float, watch: RankWatch | None) -> Ended:
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
            reached=watch.reached if watch else lambda step: None,
        )
        try:
            ended = self._ended(context, watch)
        finally:
            context.progress.close()
        if ended.recorded:
            self._record(ended, started)
            context.emit(Finished(time=time.time(), state=ended.state, reason=ended.reason))
        if writer:
            writer.close()
        self._tell(ended)
        return ended

    def _give_up(self, lost: Lost, started: float) -> None:
        """End this rank, whose main thread waits for one that will not come."""
        message = f"{lost.message}; rank {self.ranks.rank} waited for it"
        if lost.stack is None:
            ended = Ended("failed", "killed", message, symmetric=False, recorded=False)
        else:
            ended = Ended("failed", "silent", message, symmetric=False, traceback=lost.stack)
            self._record(ended, started)
        self._tell(ended)
        sys.stderr.flush()
        os._exit(1)

    def _ended(self, context: RunContext, watch: RankWatch | None) -> Ended:
        """Run the job's kind; every failure becomes a value here."""
        try:
            return Ended("succeeded", outcome=self.prepared(context))
        except JobCancelled as error:
            return Ended("cancelled", "stopped", error.message, error.partial)
        except JobFailure as error:
            return Ended("failed", error.reason, error.message, error.partial)
        except (JobError, DataError, CheckpointError) as error:
            return Ended("failed", "disk_full" if is_disk_full(error) else "bad_input", str(error))
        except (torch.OutOfMemoryError, MemoryError) as error:
            return self._alone("out_of_memory", _first_line(error), watch)
        except KeyboardInterrupt:
            return Ended("cancelled", "interrupted", "interrupted before a checkpoint", symmetric=False)
        except Exception as error:
            traceback.print_exc()
            reason = "disk_full" if is_disk_full(error) else "error"
            return self._alone(reason, f"{type(error).__name__}: {_first_line(error)}", watch)

    def _alone(self, reason: str, message: str, watch: RankWatch | None) -> Ended:
        """A failure of this rank, or what it sees of another's."""
        stack = traceback.format_exc()[-STACK_CHARS:]
        if watch is None:
            return Ended("failed", reason, message, symmetric=False, traceback=stack)
        dead = watch.dead(within_seconds=2.0) if reason == "error" else None
        if dead is not None:
            message = f"{dead}; rank {self.ranks.rank} then met {message}"
            return Ended("failed", "killed", message, symmetric=False, recorded=False)
        return Ended("failed", reason, f"rank {self.ranks.rank}: {message}", symmetric=False, traceback=stack)

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
            traceback=ended.traceback,
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
            ranks = self.ranks if ended.symmetric else Ranks()  # alone, a rank speaks for itself
            say(ranks, f"{self.paths.job_id} {ended.state} ({ended.reason}): {ended.message}")
        if self.ranks.rank == 0 and sys.stdout.isatty():
            next_steps = kind_of(self.request.job).next_steps(self.request.job, self.paths)
            print(summary(self.paths, ended.state, ended.outcome, next_steps))


@dataclass(frozen=True)
class Ended:
    """How an attempt ended on this rank.

    Of a rank that died only its supervisor knows why (memory, a signal): then no result is written.
    """

    state: State
    reason: str | None = None
    message: str | None = None
    outcome: Outcome | None = None
    symmetric: bool = True
    traceback: str | None = None
    recorded: bool = True


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:500]
