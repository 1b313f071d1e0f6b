"""`harness deploy`: ask for a checkpoint, or for the one before."""

import time

from harness.errors import UserError
from harness.lab.folder import require_lab
from harness.lab.running_server import running_server
from journal.lab_paths import LabPaths
from journal.records import UNDECIDED, Deployment
from journal.store import Journal
from trainer.job import CheckpointPaths, kinds_that_make

WAIT_SECONDS = 600.0


def request(lab: LabPaths, job_id: str | None, rollback: bool) -> Deployment:
    """Record the request; the server acts on it when it runs.

    Raises:
        UserError: no such job or no checkpoint. Refused: nothing to roll back to.
    """
    if (job_id is None) == (not rollback):
        raise UserError("deploy: allowed: a JOB_ID, or --rollback")
    require_lab(lab)
    with Journal.open(lab.journal) as journal:
        if job_id is None:
            return journal.deployment(journal.request_rollback(time.time()))
        if journal.job(job_id) is None:
            raise UserError(f"{job_id}: no such job; see: harness jobs")
        checkpoint = lab.run(job_id).checkpoint
        if not CheckpointPaths(checkpoint).model.is_file():
            raise UserError(
                f"{job_id}: has no checkpoint; allowed: a finished {kinds_that_make('checkpoint')} job"
            )
        return journal.deployment(journal.request_deployment(job_id, str(checkpoint), time.time()))


def await_decision(lab: LabPaths, deployment: Deployment) -> Deployment:
    """Wait until it is live or refused; without a server it stays requested."""
    deadline = time.monotonic() + WAIT_SECONDS
    assert deployment.deployment_id is not None
    with Journal.read_only(lab.journal) as journal:
        while deployment.state in UNDECIDED and running_server(lab) and time.monotonic() < deadline:
            time.sleep(0.1)
            deployment = journal.deployment(deployment.deployment_id)
    return deployment
