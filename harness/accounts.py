"""Opening and closing a job in journal and ledger: reserved before it starts, settled once."""

import time
from dataclasses import dataclass

from harness.actions import Launch
from harness.billing import Billing
from harness.clock import SYSTEM_CLOCK, Clock
from harness.crash import crash_point
from harness.fleet import Ended
from harness.ingest import Closing, ingest_points, outcome_of
from harness.lab import LabPaths
from journal.ledger import Ledger
from journal.records import JobRow, Purpose
from journal.store import Journal
from trainer.job import TERMINAL_STATES, canonical_bytes, job_id, spec_hash
from trainer.job.loading import Job


@dataclass(frozen=True)
class Accounts:
    """The journal's and the ledger's side of a job's life."""

    lab: LabPaths
    journal: Journal
    ledger: Ledger
    billing: Billing
    simulated: bool
    grace_seconds: float
    clock: Clock = SYSTEM_CLOCK

    def open(self, launch: Launch, deadline_seconds: float) -> JobRow:
        """Record the next attempt and reserve its worst case, in one transaction.

        Raises:
            OverBudget: the ledger does not cover it; nothing was recorded.
        """
        worst = self.billing.share_micro_usd(launch.job.limits.gpus, deadline_seconds + self.grace_seconds)
        with self.journal.atomic():
            row = new_row(self.journal, launch, self.simulated, self.clock.now())
            self.ledger.reserve(row.job_id, worst, launch.purpose)
            self.journal.add_job(row)
        crash_point("after_reserve")
        return row

    def reserve_manual(self, row: JobRow, deadline_seconds: float) -> None:
        """Reserve for a job that somebody queued.

        Raises:
            OverBudget: the ledger does not cover it.
        """
        worst = self.billing.share_micro_usd(row.gpus, deadline_seconds + self.grace_seconds)
        self.ledger.reserve(row.job_id, worst, row.purpose)

    def deadline_of(self, row: JobRow) -> float:
        """The deadline that a recorded job's reservation pays for."""
        held = self.ledger.reserved(row.job_id)
        seconds = held * self.billing.slots * 3600.0 / (self.billing.price * row.gpus)
        return max(1.0, seconds - self.grace_seconds)

    def close(self, ended: Ended) -> JobRow:
        """Ingest the result, close the row and settle its share, in one transaction."""
        paths = self.lab.run(ended.row.job_id)
        current = self.journal.job(ended.row.job_id) or ended.row
        closing = outcome_of(ended, paths, current.cancel_requested)
        crash_point("after_result_before_settle")
        ingest_points(self.journal, paths)
        with self.journal.atomic():
            self._close_row(current, closing, ended)
        crash_point("after_settle")
        return self.journal.job(current.job_id) or current

    def _close_row(self, row: JobRow, closing: Closing, ended: Ended) -> None:
        share = self.billing.share_micro_usd(row.gpus, ended.wall_seconds)
        held = self.ledger.reserved(row.job_id)
        # Never more than was set aside: what a late kill took beyond it is charged as idle.
        cost = min(share, held) if held else share
        if row.state in TERMINAL_STATES:
            self.ledger.settle(row.job_id, row.cost_micro_usd or 0, row.purpose)
            return
        at = ended.exit.finished_at if ended.exit is not None else self.clock.now()
        self.journal.finish_job(
            row.job_id, closing.state, closing.reason, closing.message, closing.result, cost, at
        )
        if held:
            self.ledger.settle(row.job_id, cost, row.purpose)

    def discard(self, row: JobRow, reason: str, message: str) -> None:
        """Close a job that was never launched."""
        with self.journal.atomic():
            self.journal.finish_job(row.job_id, "cancelled", reason, message, None, 0, self.clock.now())
            if self.ledger.reserved(row.job_id):
                self.ledger.settle(row.job_id, 0, row.purpose)


def new_row(journal: Journal, launch: Launch, simulated: bool, now: float) -> JobRow:
    """The row of a job's next attempt."""
    return _row(journal, launch.job, launch.purpose, "conductor", simulated, now).model_copy(
        update={
            "hypothesis_id": launch.hypothesis_id,
            "recipe_id": launch.recipe_id,
            "arm": launch.arm,
            "resumed_from": launch.resumed_from,
        }
    )


def manual_row(journal: Journal, job: Job, simulated: bool) -> JobRow:
    """The row of a job submitted on the command line."""
    return _row(journal, job, "manual", "cli", simulated, time.time())


def _row(journal: Journal, job: Job, purpose: Purpose, source: str, simulated: bool, now: float) -> JobRow:
    digest = spec_hash(job)
    return JobRow.model_validate(
        {
            "job_id": job_id(job, journal.next_attempt(digest)),
            "spec_hash": digest,
            "kind": job.kind,
            "purpose": purpose,
            "state": "queued",
            "spec": canonical_bytes(job).decode(),
            "seed": job.seed,
            "gpus": job.limits.gpus,
            "source": source,
            "simulated": simulated,
            "created_at": now,
        }
    )
