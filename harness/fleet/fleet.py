"""The jobs under way: launched, found again after a crash, ended, stopped."""

import subprocess
from dataclasses import dataclass
from signal import SIGKILL, SIGTERM

from pydantic import ValidationError

from harness.fleet.launcher import Launcher
from harness.fleet.residents import Resident, Residents
from harness.fleet.supervisor import LAUNCH_FILE
from harness.lab.clock import SYSTEM_CLOCK, Clock
from harness.node.slot_queue import Occupied
from harness.node.slots import Slot, SlotPool
from harness.node.tagged_processes import end_all, send_signal, with_environment
from journal.records import JobRow
from journal.store import Journal
from trainer.job import ExitRecord, RunPaths, SupervisorRecord
from trainer.system.files import read_json
from trainer.system.processes import RUN_VARIABLE, ProcessIdentity, boot_id, is_alive

MOST_SPAWNS = 3


@dataclass(frozen=True)
class Ended:
    """A job whose processes are gone; `exit` is None when nobody was left to record how."""

    row: JobRow
    exit: ExitRecord | None
    wall_seconds: float


@dataclass
class _ActiveJob:
    row: JobRow
    deadline_seconds: float
    grace_seconds: float
    supervisor: SupervisorRecord | None = None
    process: Resident | None = None
    spawns: int = 0
    stop_asked: bool = False
    launched_elapsed: float = 0.0

    @property
    def started_elapsed(self) -> float | None:
        """By the clock that never jumps; None when it has not started, or has in an earlier boot."""
        record = self.supervisor
        return record.started_elapsed_seconds if record and record.boot_id == boot_id() else None

    @property
    def longest_seconds(self) -> float:
        """From its start until it is surely gone."""
        return self.deadline_seconds + self.grace_seconds

    @property
    def latest_end_elapsed(self) -> float:
        """When it is surely gone; counted from its launch while its start is unknown."""
        start = self.launched_elapsed if self.started_elapsed is None else self.started_elapsed
        return start + self.longest_seconds


class Fleet:
    """Supervised jobs on the slots of this machine. One owner: whoever holds the lab's lock."""

    def __init__(
        self, journal: Journal, launcher: Launcher, pool: SlotPool, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self.journal = journal
        self.launcher = launcher
        self.pool = pool
        self.clock = clock
        self._active: dict[str, _ActiveJob] = {}
        self._children: list[subprocess.Popen[bytes]] = []
        self._residents = Residents()

    def __len__(self) -> int:
        return len(self._active)

    def rows(self) -> list[JobRow]:
        """Jobs under way."""
        return [job.row for job in self._active.values()]

    def launch(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> None:
        """Give a recorded job its slots and its supervisor."""
        self.journal.mark_launched(row.job_id, self.clock.now())
        self._spawn(self._register(row, deadline_seconds, grace_seconds))

    def attach(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> None:
        """Take over a job of an earlier conductor; one that had no supervisor yet gets it at the next look.

        Only then, for others that are taken over may hold slots. Safe against a supervisor that is just
        starting: the run folder's lock admits one.
        """
        self._register(row, deadline_seconds, grace_seconds)
        launch = read_json(self.launcher.lab.run(row.job_id).folder / LAUNCH_FILE)
        if launch is not None:
            self.pool.hold(row.job_id, launch.get("slots", []))

    def ended(self) -> list[Ended]:
        """Jobs that have ended since the last call; their slots are free again."""
        self._children = [child for child in self._children if child.poll() is None]
        found = [end for job in list(self._active.values()) if (end := self._poll(job)) is not None]
        for end in found:
            self._keep_resident(self._active.pop(end.row.job_id), end)
            self.pool.release(end.row.job_id)
        return found

    def end_idle(self) -> None:
        """End trainers that wait for another job: none will come soon."""
        self._residents.close()

    def let_go(self) -> None:
        """Give no further jobs: idle trainers end now, the others with the job that they have."""
        self.end_idle()
        for job in self._active.values():
            if job.process is not None:
                job.process.let_go()

    def seconds_until_drained(self) -> float:
        """Until the last deadline of a job under way, its kill grace included."""
        return max([0.0, *(job.seconds for job in self.occupied())])

    def occupied(self) -> list[Occupied]:
        """The slots of every job under way, and when they are surely free."""
        now = self.clock.elapsed()
        jobs = self._active.values()
        return [Occupied(job.row.gpus, max(0.0, job.latest_end_elapsed - now)) for job in jobs]

    def running_seconds(self) -> list[tuple[int, float]]:
        """(slots, seconds so far) of every job under way."""
        return [(job.row.gpus, self._seconds_so_far(job)) for job in self._active.values()]

    def wait(self, seconds: float, is_quiet: bool = False) -> None:
        """Let the jobs run for so long."""
        self.clock.sleep(seconds)

    def stop(self, job_id: str, at_once: bool = False) -> None:
        """Ask a job to leave (SIGTERM: it saves its checkpoint), or end it at once."""
        job = self._active[job_id]
        job.stop_asked = True
        if job.supervisor is None:
            return  # it is being started: told as soon as it reports
        mine = job.supervisor.pid
        if at_once:
            run = str(self.launcher.lab.run(job_id).folder)
            send_signal([pid for pid in with_environment(RUN_VARIABLE, run) if pid != mine], SIGKILL)
        send_signal([mine], SIGTERM)

    def _register(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> _ActiveJob:
        job = _ActiveJob(row, deadline_seconds, grace_seconds, launched_elapsed=self.clock.elapsed())
        self._active[row.job_id] = job
        return job

    def _seconds_so_far(self, job: _ActiveJob) -> float:
        start = job.started_elapsed
        return 0.0 if start is None else max(0.0, self.clock.elapsed() - start)

    def _spawn(self, job: _ActiveJob) -> None:
        job.spawns += 1
        job_id = job.row.job_id
        slots = [s.index for s in self.pool.held(job_id)]
        held = self.pool.hold(job_id, slots) if slots else self.pool.take(job_id, job.row.gpus)
        job.process = self._hand_over(job, held) or self._start(job, held)

    def _hand_over(self, job: _ActiveJob, slots: tuple[Slot, ...]) -> Resident | None:
        """To the supervisor of an earlier job on these slots, whose trainer waits for another."""
        folder = None
        if self.launcher.is_resident(job.row):
            paths = self.launcher.prepare(job.row, slots, job.deadline_seconds, job.grace_seconds)
            folder = paths.folder
        return self._residents.take([slot.index for slot in slots], folder)

    def _start(self, job: _ActiveJob, slots: tuple[Slot, ...]) -> Resident:
        child = self.launcher.launch(job.row, slots, job.deadline_seconds, job.grace_seconds)
        self._children.append(child)
        indices = frozenset(slot.index for slot in slots)
        return Resident(child, indices, self.launcher.is_resident(job.row))

    def _keep_resident(self, job: _ActiveJob, end: Ended) -> None:
        succeeded = end.exit is not None and end.exit.reason == "exited" and end.exit.returncode == 0
        if job.process is None:
            return
        if succeeded and job.process.keeps_trainer:
            self._residents.add(job.process)
        else:
            job.process.let_go()

    def _poll(self, job: _ActiveJob) -> Ended | None:
        paths = self.launcher.lab.run(job.row.job_id)
        if job.supervisor is None:
            self._read_supervisor(job, paths)
        record = _read_exit(paths)
        if record is not None:
            return Ended(job.row, record, record.wall_seconds)
        if job.supervisor is None:
            return self._await_supervisor(job)
        if is_alive(_identity(job.supervisor)):
            return None
        record = _read_exit(paths)  # written between the two looks
        end_all(RUN_VARIABLE, str(paths.folder), 2.0)
        return Ended(job.row, record, record.wall_seconds if record else self._at_most(job))

    def _at_most(self, job: _ActiveJob) -> float:
        """The longest that a lost job can have run: nobody saw its end."""
        if job.started_elapsed is None:
            return job.longest_seconds
        return min(self._seconds_so_far(job), job.longest_seconds)

    def _read_supervisor(self, job: _ActiveJob, paths: RunPaths) -> None:
        try:
            job.supervisor = SupervisorRecord.model_validate_json(paths.supervisor.read_bytes())
        except (OSError, ValidationError):
            return
        job.deadline_seconds = job.supervisor.deadline_seconds
        self.journal.mark_running(job.row.job_id, job.supervisor.started_at)
        if job.stop_asked:
            self.stop(job.row.job_id)

    def _await_supervisor(self, job: _ActiveJob) -> Ended | None:
        """No supervisor has reported yet: start another when ours is gone."""
        run = str(self.launcher.lab.run(job.row.job_id).folder)
        if (job.process is not None and job.process.is_alive) or with_environment(RUN_VARIABLE, run):
            return None  # ours, or one of an earlier conductor, is just starting
        if job.stop_asked:
            return Ended(job.row, _never_ran(job.row.job_id, self.clock.now()), 0.0)
        if job.spawns >= MOST_SPAWNS:
            return Ended(job.row, None, 0.0)
        if self.pool.held(job.row.job_id) or self.pool.can_take(job.row.gpus):
            self._spawn(job)
        return None


def _identity(record: SupervisorRecord) -> ProcessIdentity:
    return ProcessIdentity(record.pid, record.start_time_ticks, record.boot_id)


def _read_exit(paths: RunPaths) -> ExitRecord | None:
    try:
        return ExitRecord.model_validate_json(paths.exit.read_bytes())
    except (OSError, ValidationError):
        return None


def _never_ran(job_id: str, now: float) -> ExitRecord:
    """Of a job that was asked to stop before it had a supervisor."""
    return ExitRecord(
        job_id=job_id, returncode=None, reason="stopped", wall_seconds=0.0, boot_id=boot_id(), finished_at=now
    )
