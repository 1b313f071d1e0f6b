"""Opening and closing a job in journal and ledger: reserved before it starts, settled once."""

from dataclasses import dataclass

from harness.decisions.actions import END_PURPOSES, Launch
from harness.fleet.fleet import Ended
from harness.fleet.ingest import DAMAGED_EVENT, JobOutcome, ingest_points, job_outcome
from harness.lab.clock import SYSTEM_CLOCK, Clock
from harness.lab.crash_points import crash_point
from harness.money.billing import Billing
from journal.errors import Overrun
from journal.lab_paths import LabPaths
from journal.ledger.ledger import Ledger
from journal.records import JobRow
from journal.store import Journal
from trainer.job import TERMINAL_STATES

# What ending a job takes beyond its grace: noticing, SIGKILL to all descendants, the exit record.
KILL_SECONDS = 5.0
UNKNOWN_END = "its end is unknown: charged until it was found gone, or in full"


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

    @property
    def ending_seconds(self) -> float:
        """From a job's deadline until it is surely gone."""
        return self.grace_seconds + KILL_SECONDS

    def open(self, launch: Launch, deadline_seconds: float, under_way_seconds: float = 0.0) -> JobRow:
        """Record the next attempt and reserve its worst case, in one transaction.

        `under_way_seconds`: until the jobs under way could be drained.

        Raises:
            OverBudget: the ledger does not cover it; nothing was recorded.
        """
        with self.journal.atomic():
            row = self._row(launch)
            if launch.purpose in END_PURPOSES:
                self.billing.release_end()
            self.reserve(row, deadline_seconds, under_way_seconds)
            self.journal.add_job(row)
        crash_point("after_reserve")
        return row

    def _row(self, launch: Launch) -> JobRow:
        """The row of a job's next attempt."""
        row = self.journal.queued_row(
            launch.job, launch.purpose, "conductor", self.clock.now(), self.simulated
        )
        links = ("hypothesis_id", "recipe_id", "arm", "resumed_from")
        return row.model_copy(update={name: getattr(launch, name) for name in links})

    def reserve(self, row: JobRow, deadline_seconds: float, under_way_seconds: float = 0.0) -> None:
        """Reserve a job's share of its worst case, and the node until it could be drained.

        Raises:
            OverBudget: the ledger does not cover it; nothing was recorded.
        """
        free = self.ledger.totals().free
        if free < 0:
            raise Overrun(free)
        seconds = deadline_seconds + self.ending_seconds
        with self.journal.atomic():
            self.ledger.reserve(row.job_id, self.billing.share_micro_usd(row.gpus, seconds), row.purpose)
            self.billing.reserve_drain(max(seconds, self.drain_seconds(under_way_seconds)))

    def drain_seconds(self, under_way_seconds: float) -> float:
        """Until the jobs under way are surely gone, their deadlines being so far off; 0 without any."""
        return under_way_seconds + KILL_SECONDS if under_way_seconds > 0.0 else 0.0

    def deadline_of(self, row: JobRow) -> float:
        """The deadline that a recorded job's reservation pays for."""
        held = self.ledger.reserved(row.job_id)
        seconds = held * self.billing.slots * 3600.0 / (self.billing.price * row.gpus)
        return max(1.0, seconds - self.ending_seconds)

    def close(self, ended: Ended, under_way_seconds: float = 0.0) -> JobRow:
        """Ingest the result, close the row and settle its share, in one transaction.

        `under_way_seconds`: until the jobs still under way could be drained.
        """
        paths = self.lab.run(ended.row.job_id)
        current = self.journal.job(ended.row.job_id) or ended.row
        outcome = job_outcome(ended, paths, current.cancel_requested)
        crash_point("after_result_before_settle")
        damaged = ingest_points(self.journal, paths)
        with self.journal.atomic():
            if damaged:
                detail: dict[str, object] = {"job_id": current.job_id, "lines": damaged}
                self.journal.add_event(DAMAGED_EVENT, detail, self.clock.now())
            self._close_row(current, outcome, ended)
            self.billing.renew_drain(self.drain_seconds(under_way_seconds))
        crash_point("after_settle")
        return self.journal.job(current.job_id) or current

    def _close_row(self, row: JobRow, outcome: JobOutcome, ended: Ended) -> None:
        if row.state in TERMINAL_STATES:
            self._settle(row, row.cost_micro_usd or 0)
            return
        held = self.ledger.reserved(row.job_id)
        is_known = ended.exit is not None
        # A known end costs what it took, be it more than was set aside: an overrun belongs on record. One
        # that nobody saw costs the longest it can have lasted, at most all that was set aside.
        cost = self.billing.share_micro_usd(row.gpus, ended.wall_seconds)
        cost = cost if is_known or not held else min(cost, held)
        # From the start on, not by the time of day: that may have been set meanwhile.
        at = self.clock.now() if row.started_at is None else row.started_at + ended.wall_seconds
        self.journal.finish_job(
            row.job_id, outcome.state, outcome.reason, outcome.message, outcome.result, cost, at
        )
        if held:
            self._settle(row, cost, "" if is_known else UNKNOWN_END)

    def _settle(self, row: JobRow, cost_micro_usd: int, note: str = "") -> None:
        """Charge the job; what it takes beyond its own reservation was the node's."""
        beyond = cost_micro_usd - self.ledger.reserved(row.job_id)
        if beyond > 0 and self.billing.node_account is not None and not self.ledger.is_settled(row.job_id):
            self.ledger.release(self.billing.node_account, beyond, f"to {row.job_id}")
        self.ledger.settle(row.job_id, cost_micro_usd, row.purpose, note)

    def discard(self, row: JobRow, reason: str, message: str) -> None:
        """Close a job that was never launched."""
        with self.journal.atomic():
            self.journal.finish_job(row.job_id, "cancelled", reason, message, None, 0, self.clock.now())
            if self.ledger.reserved(row.job_id):
                self.ledger.settle(row.job_id, 0, row.purpose)
