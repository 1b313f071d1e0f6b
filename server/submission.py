"""A job that arrives by HTTP: checked like any other, and kept to the lab's own folders."""

import os
import time
from pathlib import Path

from journal.records import JobRow
from journal.store import Journal
from trainer.job import (
    EvalJob,
    Job,
    JobError,
    PretrainJob,
    SftJob,
    TokenizerJob,
    cache_dir,
    canonical_bytes,
    check_references,
    data_dir,
    is_job_id,
    job_id,
    parse_job,
    run_folder_of,
    spec_hash,
)


def check_job(body: bytes, runs: Path, lab: Path) -> Job:
    """Parse a job and check what it refers to.

    Raises:
        JobError: one line naming the field, its value and what is allowed.
    """
    job = parse_job(body)
    for field, folder in _folders(job, runs):
        _require_known(field, folder, lab)
    check_references(job, runs)
    return job


def queue_job(journal: Journal, job: Job) -> JobRow:
    """Record the next attempt at this job as `queued`; the conductor launches it."""
    digest = spec_hash(job)
    with journal.atomic():
        row = JobRow(
            job_id=job_id(job, journal.next_attempt(digest)),
            spec_hash=digest,
            kind=job.kind,
            purpose="manual",
            state="queued",
            spec=canonical_bytes(job).decode(),
            seed=job.seed,
            gpus=job.limits.gpus,
            source="http",
            created_at=time.time(),
        )
        journal.add_job(row)
    return row


def _folders(job: Job, runs: Path) -> list[tuple[str, Path]]:
    """Every folder that the job names by a path, with its field."""
    named = [("data", data_dir(job.data), job.data)]
    if not isinstance(job, TokenizerJob) and job.core.data is not None:
        named.append(("core.data", data_dir(job.core.data), job.core.data))
    if isinstance(job, PretrainJob):
        named.append(("tokenizer", run_folder_of(job.tokenizer, runs), job.tokenizer))
    if isinstance(job, SftJob):
        named.append(("base", run_folder_of(job.base, runs), job.base))
    if isinstance(job, EvalJob):
        named.append(("checkpoint", run_folder_of(job.checkpoint, runs), job.checkpoint))
    return [(field, folder) for field, folder, text in named if not is_job_id(text)]


def _require_known(field: str, folder: Path, lab: Path) -> None:
    """Whoever may send a job must not be able to point it at any folder of this machine."""
    data = os.environ.get("HARNESS_DATA")
    roots = [lab, cache_dir(), *([Path(data)] if data else [])]
    if not any(folder.resolve().is_relative_to(root.resolve()) for root in roots):
        raise JobError(
            f'{field}: "{folder}"; over HTTP allowed: a name, a job id, or a folder inside the lab '
            "or the data folder (for others: harness submit)"
        )
