"""Jobs that people queued, while a session runs: in their order, on free slots, from its money."""

from dataclasses import replace

from harness.conductor.state import LabState
from harness.decisions.actions import Launch
from harness.decisions.decide import decide
from harness.fleet.disk_gate import DiskGate
from harness.steering.brief import brief_pins
from journal.errors import OverBudget
from journal.records import JobRow
from trainer.job import parse_job

LEAST_SECONDS = 20.0


class ManualJobs:
    """Launches them, and lets the first that lacks slots hold those that it will start on."""

    def __init__(self, state: LabState, disk: DiskGate) -> None:
        self.state = state
        self.disk = disk
        self._unaffordable: set[str] = set()

    def launch(self) -> None:
        """Start what may start now; the rest waits."""
        state = self.state
        state.queue_head.slots = None
        running = {row.job_id for row in state.fleet.rows()}
        queued = [row for row in state.journal.jobs(state="queued") if row.purpose == "manual"]
        waiting = [row for row in queued if row.job_id not in running]
        if not waiting:
            return
        own = self._own_waiting()
        state.queue_head.slots = own
        for row in waiting:
            self._try(row)
        # The session's own job comes first: it must not wait for one that waits for it.
        state.queue_head.slots = state.queue_head.slots if own is None else None

    def _own_waiting(self) -> int | None:
        """The slots of the session's own large job that would start now were all of them free."""
        state = self.state
        view = state.view()
        pins = brief_pins(state.brief.words())
        actions = decide(replace(view, free_slots=len(state.fleet.pool.slots)), pins)
        wanted = [action.job.limits.gpus for action in actions if isinstance(action, Launch)]
        return next((gpus for gpus in wanted if 1 < gpus > state.fleet.pool.free), None)

    def _try(self, row: JobRow) -> None:
        state = self.state
        most = len(state.fleet.pool.slots)
        if row.gpus > most:
            message = f"limits.gpus: {row.gpus}; allowed: at most {most}, the session's slots"
            state.accounts.discard(row, "too_many_slots", message)
            return
        deadline = self._deadline(row)
        grace = state.accounts.grace_seconds
        if deadline is None:
            return
        if not state.session.simulated and not self.disk.admits(parse_job(row.spec)):
            return
        if row.gpus > state.usable_slots(deadline + grace):
            if row.job_id not in self._unaffordable:
                state.queue_head.slots = state.queue_head.slots or row.gpus
            return
        try:
            state.accounts.reserve(row, deadline, state.fleet.seconds_until_drained())
        except OverBudget:
            self._unaffordable.add(row.job_id)
            return
        state.fleet.launch(row, deadline, grace)
        state.output.job_launched(row)

    def _deadline(self, row: JobRow) -> float | None:
        """As long as it asks for, as the end's money and time leave it; None: too little to begin."""
        state, plan = self.state, self.state.plan()
        kept = plan.keep_seconds if plan is not None else 0.5 * state.session.total_seconds
        limit = parse_job(row.spec).limits.max_seconds
        grace = state.accounts.grace_seconds
        deadline = min(limit, state.seconds_left() - kept - state.accounts.ending_seconds)
        worst = state.billing.share_micro_usd(row.gpus, deadline + grace)
        enough = deadline >= min(limit, LEAST_SECONDS) and worst <= state.ledger.totals().free
        return deadline if enough else None
