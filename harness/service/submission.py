"""`harness submit`: one job by hand, into a running lab or without one."""

import signal
import sys
import time
from pathlib import Path

from harness.errors import UserError
from harness.fleet.launcher import trainer_command
from harness.lab.folder import create_lab
from harness.lab.lock import LabLock, lock_holder
from harness.lab.simulated import check_same_nature
from harness.node.machine import Machine, check_usable, detect
from harness.service.reuse import recorded_result
from harness.service.worker import WORKER_ROLE, Worker
from journal.lab_paths import LabPaths
from journal.records import JobRow
from journal.store import Journal
from trainer.job import (
    MAX_JOB_BYTES,
    TERMINAL_STATES,
    Job,
    check_references,
    parse_job,
    read_job_file,
)


class Submission:
    """A job on its way to its result."""

    def __init__(self, lab: LabPaths, journal: Journal, machine: Machine) -> None:
        self.lab = lab
        self.journal = journal
        self.machine = machine
        self._stop = 0

    def queue(self, job: Job) -> JobRow:
        """Record the job as the next attempt."""
        with self.journal.atomic():
            simulated = trainer_command() is not None
            row = self.journal.queued_row(job, "manual", "cli", time.time(), simulated)
            self.journal.add_job(row)
        return row

    def follow(self, job_id: str) -> JobRow:
        """Wait for the end, as the lab's worker when nobody else is; Ctrl-C cancels only one's own."""
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        while True:
            row = self._row(job_id)
            if row.state in TERMINAL_STATES:
                return row
            if self._stop:
                raise UserError(f"{job_id} goes on without us; see: harness jobs {job_id}")
            if lock_holder(self.lab) is None:
                self._work(job_id)
            else:
                time.sleep(0.2)

    def _work(self, job_id: str) -> None:
        lock = LabLock(self.lab, WORKER_ROLE)
        leave: list[int] = []
        previous = signal.signal(signal.SIGUSR1, lambda *_: leave.append(1))
        try:
            lock.acquire()
        except UserError:
            signal.signal(signal.SIGUSR1, previous)
            return  # somebody was faster: follow them
        worker = Worker(self.lab, self.journal, self.machine, lambda text: None, _warn)
        try:
            worker.take_over()
            while not leave and self._row(job_id).state not in TERMINAL_STATES:
                worker.turn(only=job_id)
                if self._stop:
                    worker.stop()
                time.sleep(0.05)
        finally:
            worker.let_go()
            lock.release()
            signal.signal(signal.SIGUSR1, previous)
        if leave:
            time.sleep(0.5)  # the session that asked takes the lock now

    def _row(self, job_id: str) -> JobRow:
        row = self.journal.job(job_id)
        assert row is not None
        return row

    def _on_signal(self, number: int, frame: object) -> None:
        self._stop += 1


def _warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def read_job(path: Path, lab: LabPaths) -> Job:
    """Parse a job file (`-`: standard input) and check what it refers to.

    Raises:
        JobError: one line naming the field, its value and what is allowed.
    """
    job = parse_job(sys.stdin.buffer.read(MAX_JOB_BYTES + 1) if str(path) == "-" else read_job_file(path))
    check_references(job, lab.runs)
    return job


def submit_job(lab: LabPaths, job: Job, wait: bool, again: bool) -> JobRow:
    """Answer from the journal when this very job has succeeded before, else run it.

    Raises:
        UserError: the machine cannot run it.
    """
    check_same_nature(lab, simulated=False)
    machine = detect()
    slots = len(machine.slots())
    if job.limits.gpus > slots:
        raise UserError(
            f"limits.gpus: {job.limits.gpus}; allowed: 1 to {slots} on this machine ({machine.name})"
        )
    check_usable(machine)
    create_lab(lab)
    journal = Journal.open(lab.journal)
    try:
        known = None if again else recorded_result(lab, journal, job, machine)
        if known is not None:
            return known
        submission = Submission(lab, journal, machine)
        row = submission.queue(job)
        return submission.follow(row.job_id) if wait else row
    finally:
        journal.close()
