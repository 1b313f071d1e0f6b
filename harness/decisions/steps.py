"""Where one piece of work stands: to be launched, under way, done, or failed for good."""

from dataclasses import dataclass, replace

from harness.decisions.actions import Action, Launch
from harness.decisions.view import LabView, may_retry
from journal.records import JobRow
from trainer.job import TERMINAL_STATES, parse_job


@dataclass(frozen=True)
class Step:
    """`row` when it succeeded, `failed` when it never will, else `actions` ([]: wait)."""

    row: JobRow | None = None
    failed: JobRow | None = None
    actions: tuple[Action, ...] = ()

    @property
    def waits(self) -> bool:
        return self.row is None and self.failed is None and not self.actions


def next_step(view: LabView, launch: Launch, attempts: list[JobRow], taken: int = 0) -> Step:
    """What a piece of work needs now, `taken` slots being promised already in this turn.

    An attempt that was interrupted or lost is repeated with the very same spec, from its checkpoint.
    """
    last = attempts[-1] if attempts else None
    if last is not None and last.state == "succeeded":
        return Step(row=last)
    if last is not None and last.state not in TERMINAL_STATES:
        return Step()
    if last is not None and not may_retry(view, last):
        return Step(failed=last)
    if last is not None:
        resumed = last.job_id if last.job_id in view.checkpoints else None
        launch = replace(launch, job=parse_job(last.spec), resumed_from=resumed)
    if launch.job.limits.gpus > view.free_slots - taken:
        return Step()
    return Step(actions=(launch,))
