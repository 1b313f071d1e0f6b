"""No launch without room for its checkpoints: what may be deleted goes first, then the launch waits."""

from collections.abc import Callable

from harness.fleet.protocols import JobFleet
from harness.node.disk import KEPT_FREE_BYTES, bytes_of, free_bytes, size_of
from journal.lab_paths import LabPaths
from journal.store import Journal
from trainer.job import Job, parse_job

REFUSED_EVENT = "disk_refused"


class DiskGate:
    """Asked before every launch; `note` hears of the first refusal of a row."""

    def __init__(
        self,
        lab: LabPaths,
        journal: Journal,
        fleet: JobFleet,
        tidy: Callable[[], object],
        note: Callable[[str], None],
    ) -> None:
        self.lab = lab
        self.journal = journal
        self.fleet = fleet
        self.tidy = tidy
        self.note = note
        self.refusal: str | None = None

    def admits(self, job: Job) -> bool:
        """Whether there is room beside the jobs under way; `refusal` says in one line why not."""
        wanted = bytes_of(job, self._job) + KEPT_FREE_BYTES
        if wanted > self._free():
            self.tidy()
        free = self._free()
        if wanted <= free:
            self.refusal = None
            return True
        if self.refusal is None:
            self.note(_line(self.lab, wanted, free))
        self.refusal = _line(self.lab, wanted, free)
        return False

    def _free(self) -> int:
        """Free bytes that no job under way will still need."""
        due = 0
        for row in self.fleet.rows():
            written = size_of(self.lab.run(row.job_id).folder)
            due += max(0, bytes_of(parse_job(row.spec), self._job) - written)
        return free_bytes(self.lab.folder) - due

    def _job(self, reference: str) -> Job | None:
        row = self.journal.job(reference)
        return None if row is None else parse_job(row.spec)


def _line(lab: LabPaths, wanted: int, free: int) -> str:
    megabytes = f"the next job may write {wanted / 1e6:,.0f} MB, {max(0, free) / 1e6:,.0f} MB are free"
    return f"{lab.folder}: {megabytes}; make room on this disk"
