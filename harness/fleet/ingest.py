"""From a run folder to the journal: how a job ended, its result, its curves."""

from contextlib import suppress
from dataclasses import dataclass
from signal import SIGKILL

from pydantic import ValidationError

from harness.fleet.failure_reasons import rank_code, tail_of
from harness.fleet.fleet import Ended
from journal.records import INTERRUPTED
from journal.store import Journal
from trainer.job import JobResult, JobState, RunPaths
from trainer.job.events import Evaluated, Step, event_adapter
from trainer.system.logs import last_lines

DAMAGED_EVENT = "events_damaged"
MESSAGE_BYTES = 2000
BAD_JOB = 2
_ENDED_BY_US = ("time_limit", "silent")
_POINTS = 1000
_MOST_STEPS = 1 << 53  # what SQLite and JSON both hold


@dataclass(frozen=True)
class JobOutcome:
    """What the journal's row will say."""

    state: JobState
    reason: str | None
    message: str | None
    result: JobResult | None


def job_outcome(ended: Ended, paths: RunPaths, cancel_requested: bool) -> JobOutcome:
    """How the job ended: by its own result, else by its exit record, else lost."""
    result = read_result(paths)
    if result is not None and result.state == "cancelled":
        return JobOutcome(*_cancelled(ended, cancel_requested), result.message, result)
    if result is not None:
        return JobOutcome(result.state, result.reason, result.message, result)
    state, reason = _without_result(ended, cancel_requested, paths)
    return JobOutcome(state, reason, log_tail(paths), None)


def read_result(paths: RunPaths) -> JobResult | None:
    """The job's `result.json`, if there is a valid one of this very job."""
    try:
        result = JobResult.model_validate_json(paths.result.read_bytes())
    except (OSError, ValidationError):
        return None
    return result if result.job_id == paths.job_id else None


def ingest_points(journal: Journal, paths: RunPaths) -> int:
    """Copy the curves of `events.jsonl`, thinned to what the journal keeps; returns the lines left out."""
    series: dict[str, list[tuple[int, float]]] = {}
    events, damaged = _events(paths)
    for event in events:
        if isinstance(event, Step):
            series.setdefault("train_loss", []).append((event.step, event.train_loss))
            series.setdefault("tokens_per_second", []).append((event.step, event.tokens_per_second))
        if isinstance(event, Evaluated):
            for name, value in event.metrics.items():
                series.setdefault(name, []).append((event.step, value))
    for name, points in series.items():
        stride = -(-len(points) // _POINTS)
        journal.add_points(paths.job_id, name, points[::stride])
    return damaged


def log_tail(paths: RunPaths) -> str:
    """The last lines of the job's log, as the reason of a job that left no result."""
    lines = last_lines(paths.log, 5, MESSAGE_BYTES)
    return "no log" if lines is None else " | ".join(lines) or "empty log"


def _events(paths: RunPaths) -> tuple[list[object], int]:
    """The events, and how many lines are none: torn by a kill, or damaged."""
    found: list[object] = []
    try:
        lines = paths.events.read_bytes().split(b"\n")
    except OSError:
        return found, 0
    whole = [line for line in lines if line.strip()]
    for line in whole:
        with suppress(ValidationError):
            event = event_adapter().validate_json(line)
            if 0 <= getattr(event, "step", 0) <= _MOST_STEPS:
                found.append(event)
    return found, len(whole) - len(found)


def _cancelled(ended: Ended, cancel_requested: bool) -> tuple[JobState, str]:
    if cancel_requested:
        return "cancelled", "cancelled"
    if ended.exit is None:
        return "cancelled", "lost"  # its supervisor died; what was left of it was asked to leave
    if ended.exit.reason in _ENDED_BY_US:
        return "failed", ended.exit.reason
    return "cancelled", INTERRUPTED


def _without_result(ended: Ended, cancel_requested: bool, paths: RunPaths) -> tuple[JobState, str]:
    if ended.exit is None:
        return "failed", "lost"
    if cancel_requested:
        return "cancelled", "cancelled"
    if ended.exit.reason == "exited":
        return "failed", _exit_reason(ended.exit.returncode, paths)
    if ended.exit.reason in ("stopped", "killed"):
        return "cancelled", INTERRUPTED
    return "failed", ended.exit.reason


def _exit_reason(returncode: int | None, paths: RunPaths) -> str:
    code = 0 if returncode is None else rank_code(returncode, tail_of(paths.log))
    return {BAD_JOB: "bad_job", -SIGKILL: "killed"}.get(code, "exit_code")
