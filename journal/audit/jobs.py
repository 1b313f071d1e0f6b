"""Job rows and deployments: are they what they say?"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator

from journal.audit.checks import Check, check_of
from journal.records import JobRow
from journal.store import Journal
from trainer.job import TERMINAL_STATES, JobResult


def jobs_are_what_they_say(journal: Journal) -> Check:
    """Ids follow from the stored specs, ends are dated, results belong to their rows."""
    rows = journal.jobs()
    known = {row.job_id for row in rows}
    faults = [f"{row.job_id}: {fault}" for row in rows for fault in _faults_of(row, known)]
    fine = f"{len(rows)} jobs: ids recompute from their specs, results belong to their rows"
    return check_of("jobs", faults, fine, "the rows were changed by hand: trust a copy of journal.db instead")


def no_job_runs_twice(journal: Journal) -> Check:
    """At most one attempt at a job of the session is under way."""
    under_way = [row for row in journal.jobs(states=("queued", "running")) if row.purpose != "manual"]
    counts = Counter((row.spec_hash, row.purpose, row.hypothesis_id) for row in under_way)
    faults = [f"{key[0][:10]}: {count} attempts under way" for key, count in counts.items() if count > 1]
    return check_of("launched once", faults, f"{len(under_way)} of the session's jobs under way, none twice")


def deployments_in_order(journal: Journal) -> Check:
    """At most one deployment is live, and each serves a job of this lab."""
    deployments = journal.deployments()
    live = [d for d in deployments if d.state == "live"]
    faults = [f"{len(live)} deployments are live at once"] if len(live) > 1 else []
    for deployment in deployments:
        if journal.job(deployment.job_id) is None:
            faults.append(f"deployment {deployment.deployment_id}: {deployment.job_id} is no job of this lab")
    answering = live[0].job_id if live else "none"
    return check_of("deployments", faults, f"{len(deployments)} deployments, live: {answering}")


def _faults_of(row: JobRow, known: set[str]) -> Iterator[str]:
    document = json.loads(row.spec)
    digest = hashlib.sha256(row.spec.encode()).hexdigest()
    if digest != row.spec_hash or not row.job_id.startswith(f"{digest[:10]}-"):
        yield "its id is not the hash of its spec"
    if (document.get("kind"), document.get("seed")) != (row.kind, row.seed):
        yield "kind or seed are not its spec's"
    if row.resumed_from is not None and row.resumed_from not in known:
        yield f"resumed from {row.resumed_from}, which is no job of this lab"
    if row.state in TERMINAL_STATES:
        yield from _faults_of_end(row)


def _faults_of_end(row: JobRow) -> Iterator[str]:
    if row.finished_at is None:
        yield "ended without a time"
    if row.result is None:
        return
    result = JobResult.model_validate_json(row.result)
    if (result.job_id, result.spec_hash) != (row.job_id, row.spec_hash):
        yield f"holds the result of {result.job_id}"
    # A job that was stopped at its limit reports `cancelled`; its row knows why it was stopped.
    if result.state not in (row.state, "cancelled") or result.metrics != row.metrics:
        yield f"is {row.state}, its result says {result.state}"
