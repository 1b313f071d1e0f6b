"""A job that arrives by HTTP: checked like any other, and kept to the lab's own folders."""

import os
import time
from pathlib import Path

from journal.lab_paths import LabPaths
from journal.records import JobRow
from journal.store import Journal
from trainer.job import (
    Job,
    JobError,
    cache_dir,
    check_references,
    data_dir,
    data_sets_of,
    is_job_id,
    parse_job,
    references_of,
)
from trainer.job.refusals import shown

_LAB_FOLDER = "the absolute path of a folder inside the lab"


def check_job(body: bytes, lab: LabPaths) -> Job:
    """Parse a job and check what it refers to.

    Raises:
        JobError: one line naming the field, its value and what is allowed.
    """
    job = parse_job(body)
    for setting, name in data_sets_of(job):
        _require_known_data(setting, name, lab.folder)
    for reference in references_of(job):
        value = reference.value
        if not is_job_id(value) and not _lies_in(Path(value), [lab.folder]):
            raise JobError(
                f"{reference.setting}: {shown(value)}; over HTTP allowed: a job id, or {_LAB_FOLDER}"
            )
    check_references(job, lab.runs)
    return job


def queue_job(journal: Journal, job: Job) -> JobRow:
    """Record the next attempt at this job as `queued`; the conductor launches it."""
    with journal.atomic():
        row = journal.queued_row(job, "manual", "http", time.time())
        journal.add_job(row)
    return row


def _require_known_data(setting: str, name: str, lab: Path) -> None:
    """Whoever may send a job must not be able to point it at any folder of this machine."""
    if name == "starter" or data_dir(name) != Path(name):
        return  # a name: what it stands for was chosen on this machine
    data = os.environ.get("HARNESS_DATA")
    roots = [lab, cache_dir() / "data", *([Path(data)] if data else [])]
    if not _lies_in(Path(name), roots):
        raise JobError(
            f"{setting}: {shown(name)}; over HTTP allowed: the name of a data set, {_LAB_FOLDER}, "
            "or one inside the data folders (for others: harness submit)"
        )


def _lies_in(folder: Path, roots: list[Path]) -> bool:
    """Links followed; a relative path would mean another folder to the process that runs the job."""
    try:
        place = folder.resolve()
    except (OSError, RuntimeError):
        return False  # too long, or links in a circle
    return folder.is_absolute() and any(place.is_relative_to(root.resolve()) for root in roots)
