"""What finished jobs and deployments show of a machine's overheads. Pure."""

import math
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from harness.plan.overheads import Overheads, rounded, shape_code
from harness.plan.shapes import shape_of
from journal.records import Deployment, JobRow
from trainer.job import JobResult

# The largest of the last few: one slow start should not be planned with for ever, nor be forgotten at once.
_REMEMBERED = 3
_MOST_SHAPES = 200


def adapted(
    prior: Overheads, rows: Sequence[JobRow], first: int, deployments: Sequence[Deployment]
) -> Overheads:
    """What was known before a session, and what its jobs (those from number `first` on) have shown since.

    The same rows give the same answer, whatever was planned in between.
    """
    seen: dict[str, list[float]] = defaultdict(list)
    compiled_at = dict.fromkeys(prior.compiled, -math.inf)
    for number, row in enumerate(rows):
        if row.state == "succeeded" and row.result is not None:
            is_cold = _compiles(row, rows, compiled_at)
            if number >= first and _measures(row, is_cold):
                seen[f"{row.kind}.{'cold' if is_cold else 'warm'}"].append(_seconds_beside_training(row))
    for part in ("tokenizer", "eval"):
        seen[f"{part}.cold"] = seen[f"{part}.warm"]
    live = [d for d in deployments if d.state == "live" and _is_of(d, rows[first:])]
    seen["deployment.warm"] = seen["deployment.cold"] = [d.updated_at - d.requested_at for d in live]
    last = {name: rounded(max(found[-_REMEMBERED:])) for name, found in seen.items() if found}
    shapes = tuple(compiled_at)[-_MOST_SHAPES:]
    return prior.with_measured(last).model_copy(update={"compiled": shapes})


def _compiles(row: JobRow, rows: Sequence[JobRow], compiled_at: dict[str, float]) -> bool:
    """Whether the compile caches did not know the job's shape when it started; notes that they do now."""
    assert row.result is not None and row.started_at is not None and row.finished_at is not None
    shape = shape_of(row, {other.job_id: other.spec for other in rows})
    if shape is None:
        return False
    name = f"{shape_code(_result(row.result).provenance.code_hash)}:{shape}"
    is_cold = compiled_at.get(name, math.inf) > row.started_at
    compiled_at[name] = min(compiled_at.get(name, math.inf), row.finished_at)
    return is_cold


def _measures(row: JobRow, is_cold: bool) -> bool:
    """Ranks wait for each other, and what resumes or compares does other things besides.

    The calibration is a worker's first job, with its imports: where it finds its code, others are faster.
    """
    is_usual = is_cold or row.purpose != "calibrate"
    return is_usual and row.resumed_from is None and row.gpus == 1 and row.purpose != "locked"


def _seconds_beside_training(row: JobRow) -> float:
    """Wall seconds, from the start on, that were not training."""
    assert row.result is not None and row.started_at is not None and row.finished_at is not None
    return row.finished_at - row.started_at - _result(row.result).train_seconds


def _is_of(deployment: Deployment, rows: Sequence[JobRow]) -> bool:
    return any(row.job_id == deployment.job_id for row in rows)


@lru_cache(maxsize=4096)
def _result(text: str) -> JobResult:
    return JobResult.model_validate_json(text)
