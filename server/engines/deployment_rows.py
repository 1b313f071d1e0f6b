"""What a deployment's row goes through, as the server writes it."""

import time

from journal.records import UNDECIDED, Deployment, DeploymentState
from journal.store import Journal

RETRY_EVENT = "deployment_retry"


def undecided(journal: Journal) -> list[Deployment]:
    """What is to be served: the live one, then whatever waits, in the order of the requests."""
    rows = journal.deployments()
    live = [row for row in rows if row.state == "live"]
    return live + [row for row in rows if row.state in UNDECIDED]


def reset_unfinished(journal: Journal) -> None:
    """What a server that is no more left: unfinished rows are requested again, drained ones closed."""
    with journal.atomic():
        for row in journal.deployments():
            if row.deployment_id is not None and row.state in ("loading", "canary"):
                journal.set_deployment(row.deployment_id, "requested", None, time.time())
            if row.deployment_id is not None and row.state == "draining":
                journal.set_deployment(row.deployment_id, "retired", None, time.time())


def set_state(journal: Journal, deployment: Deployment, state: DeploymentState, reason: str | None) -> None:
    """Move it on, where that means anything."""
    assert deployment.deployment_id is not None
    with journal.atomic():
        now = journal.deployment(deployment.deployment_id).state
        # A live row that is brought back after a restart stays live while it loads, and a
        # rolled-back one stays that when its last request is done.
        if (now == "live" and state != "failed") or now == "rolled_back":
            return
        if state == "loading" and now in ("loading", "canary"):
            journal.set_deployment(deployment.deployment_id, "requested", None, time.time())
        journal.set_deployment(deployment.deployment_id, state, reason, time.time())


def put_back(journal: Journal, deployment: Deployment, tries: int, why: str, pause_seconds: float) -> None:
    """Requested again after a try that failed; an event says why, for the row keeps its own reason."""
    detail: dict[str, object] = {
        "deployment_id": deployment.deployment_id,
        "job_id": deployment.job_id,
        "tries": tries,
        "why": why,
        "pause_seconds": round(pause_seconds, 1),
    }
    with journal.atomic():
        set_state(journal, deployment, "requested", None)
        journal.add_event(RETRY_EVENT, detail, time.time())


def make_live(journal: Journal, deployment: Deployment) -> None:
    """The swap on record, all at once; a rollback closes the one it replaces as `rolled_back`."""
    assert deployment.deployment_id is not None
    with journal.atomic():
        replaced = journal.live_deployment()
        journal.set_deployment(deployment.deployment_id, "live", None, time.time())
        is_rollback = (deployment.reason or "").startswith("rollback of deployment")
        if is_rollback and replaced is not None and replaced.deployment_id != deployment.deployment_id:
            assert replaced.deployment_id is not None
            reason = f"rolled back to {deployment.job_id}"
            journal.set_deployment(replaced.deployment_id, "rolled_back", reason, time.time())
