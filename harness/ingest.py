"""From a run folder to the journal: how a job ended, its result, its curves."""

from dataclasses import dataclass

from pydantic import ValidationError

from harness.fleet import Ended
from harness.view import INTERRUPTED
from journal.store import Journal
from trainer.job import JobResult, JobState, RunPaths
from trainer.job.events import Evaluated, Step, event_adapter

TAIL_BYTES = 2000
_POINTS = 1000


@dataclass(frozen=True)
class Closing:
    """What the journal's row will say."""

    state: JobState
    reason: str | None
    message: str | None
    result: JobResult | None


def outcome_of(ended: Ended, paths: RunPaths, cancel_requested: bool) -> Closing:
    """How the job ended: by its own result, else by its exit record, else lost."""
    result = read_result(paths)
    if result is not None and result.state == "cancelled":
        return Closing(*_cancelled(ended, cancel_requested), result.message, result)
    if result is not None:
        return Closing(result.state, result.reason, result.message, result)
    state, reason = _without_result(ended, cancel_requested)
    return Closing(state, reason, log_tail(paths), None)


def read_result(paths: RunPaths) -> JobResult | None:
    """The job's `result.json`, if there is a valid one of this very job."""
    try:
        result = JobResult.model_validate_json(paths.result.read_bytes())
    except (OSError, ValidationError):
        return None
    return result if result.job_id == paths.job_id else None


def ingest_points(journal: Journal, paths: RunPaths) -> None:
    """Copy the curves of `events.jsonl`, thinned to what the journal keeps."""
    series: dict[str, list[tuple[int, float]]] = {}
    for event in _events(paths):
        if isinstance(event, Step):
            series.setdefault("train_loss", []).append((event.step, event.train_loss))
            series.setdefault("tokens_per_second", []).append((event.step, event.tokens_per_second))
        if isinstance(event, Evaluated):
            for name, value in event.metrics.items():
                series.setdefault(name, []).append((event.step, value))
    for name, points in series.items():
        stride = -(-len(points) // _POINTS)
        journal.add_points(paths.job_id, name, points[::stride])


def log_tail(paths: RunPaths) -> str:
    """The last lines of the job's log, as the reason of a job that left no result."""
    try:
        data = paths.log.read_bytes()[-TAIL_BYTES:]
    except OSError:
        return "no log"
    lines = [line.strip() for line in data.decode(errors="replace").splitlines() if line.strip()]
    return " | ".join(lines[-5:]) or "empty log"


def _events(paths: RunPaths) -> list[object]:
    adapter = event_adapter()
    found: list[object] = []
    try:
        lines = paths.events.read_bytes().splitlines()
    except OSError:
        return found
    for line in lines:
        try:
            found.append(adapter.validate_json(line))
        except ValidationError:
            continue  # the last line of a job that was killed while writing it
    return found


def _cancelled(ended: Ended, cancel_requested: bool) -> tuple[JobState, str]:
    if cancel_requested:
        return "cancelled", "cancelled"
    if ended.exit is None:
        return "cancelled", "lost"  # its supervisor died; what was left of it was asked to leave
    if ended.exit.reason == "time_limit":
        return "failed", "time_limit"
    return "cancelled", INTERRUPTED


def _without_result(ended: Ended, cancel_requested: bool) -> tuple[JobState, str]:
    if ended.exit is None:
        return "failed", "lost"
    if cancel_requested:
        return "cancelled", "cancelled"
    if ended.exit.reason == "launch_failed":
        return "failed", "launch_failed"
    if ended.exit.reason == "exited":
        return "failed", _exit_reason(ended.exit.returncode)
    if ended.exit.reason == "stopped":
        return "cancelled", INTERRUPTED
    past = ended.exit.reason == "time_limit"
    return ("failed", "time_limit") if past else ("cancelled", INTERRUPTED)


def _exit_reason(returncode: int | None) -> str:
    if returncode == 2:
        return "bad_job"
    return "killed" if returncode is not None and returncode < 0 else "exit_code"
