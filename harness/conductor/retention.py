"""Disk is a budget too: checkpoints that nothing will build on are deleted, with a row that says so."""

import shutil

from harness.decisions.view import LabView
from journal.lab_paths import LabPaths
from journal.records import JobRow
from journal.store import Journal
from trainer.job import TERMINAL_STATES

DELETED_EVENT = "checkpoint_deleted"
_DISPOSABLE = ("calibrate", "hypothesis")


def disposable(view: LabView) -> list[JobRow]:
    """Finished jobs whose checkpoints are evidence no more: their numbers are in the journal.

    Champions, baselines (the base of early and of late fine-tuning), deployments, manual jobs and
    whatever may be resumed are kept.
    """
    deployed = {deployment.job_id for deployment in view.deployments}
    return [
        row
        for row in view.jobs
        if row.job_id in view.checkpoints
        and row.job_id not in deployed
        and row.purpose in _DISPOSABLE
        and row.state in TERMINAL_STATES
        and not _may_go_on(view, row)
    ]


def tidy(lab: LabPaths, journal: Journal, view: LabView, now: float) -> int:
    """Delete what is disposable; returns how many checkpoints went."""
    rows = disposable(view)
    for row in rows:
        journal.add_event(DELETED_EVENT, {"job_id": row.job_id, "purpose": row.purpose}, now)
        shutil.rmtree(lab.run(row.job_id).checkpoint, ignore_errors=True)
    return len(rows)


def _may_go_on(view: LabView, row: JobRow) -> bool:
    """A cancelled attempt that a later one has not taken over yet."""
    if row.state == "succeeded":
        return False
    later = view.attempts(row.spec_hash)
    return not later or later[-1].job_id == row.job_id
