"""The jobs under way: launched, found again after a crash, ended, stopped."""

import subprocess
from dataclasses import dataclass
from signal import SIGKILL, SIGTERM

from pydantic import ValidationError

from harness.clock import SYSTEM_CLOCK, Clock
from harness.files import read_json
from harness.launcher import Launcher
from harness.processes import ProcessIdentity, end_all, is_alive, send_signal, with_environment
from harness.slots import SlotPool
from harness.supervisor import LAUNCH_FILE, RUN_VARIABLE
from journal.records import JobRow
from journal.store import Journal
from trainer.job import ExitRecord, RunPaths, SupervisorRecord

MOST_SPAWNS = 3


@dataclass(frozen=True)
class Ended:
    """A job whose processes are gone; `exit` is None when nobody was left to record how."""

    row: JobRow
    exit: ExitRecord | None
    wall_seconds: float


@dataclass
class _Flight:
    row: JobRow
    deadline_seconds: float
    grace_seconds: float
    process: "subprocess.Popen[bytes] | None" = None
    supervisor: SupervisorRecord | None = None
    spawns: int = 0
    launched_at: float = 0.0


class Fleet:
    """Supervised jobs on the slots of this machine. One owner: whoever holds the lab's lock."""

    def __init__(
        self, journal: Journal, launcher: Launcher, pool: SlotPool, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self.journal = journal
        self.launcher = launcher
        self.pool = pool
        self.clock = clock
        self._flights: dict[str, _Flight] = {}
        self._children: list[subprocess.Popen[bytes]] = []

    def __len__(self) -> int:
        return len(self._flights)

    def rows(self) -> list[JobRow]:
        """Jobs under way."""
        return [flight.row for flight in self._flights.values()]

    def launch(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> None:
        """Give a recorded job its slots and its supervisor."""
        self.journal.mark_launched(row.job_id, self.clock.now())
        flight = _Flight(row, deadline_seconds, grace_seconds, launched_at=self.clock.now())
        self._flights[row.job_id] = flight
        self._spawn(flight)

    def attach(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> None:
        """Take over a job of an earlier conductor; one that had no supervisor yet gets it now.

        Safe against a supervisor that is just starting: the run folder's lock admits one.
        """
        paths = self.launcher.lab.run(row.job_id)
        flight = _Flight(row, deadline_seconds, grace_seconds, launched_at=self.clock.now())
        self._flights[row.job_id] = flight
        launch = read_json(paths.folder / LAUNCH_FILE)
        if launch is not None:
            self.pool.hold(row.job_id, launch.get("slots", []))
        if not paths.supervisor.exists():
            self._spawn(flight)

    def ended(self) -> list[Ended]:
        """Jobs that have ended since the last call; their slots are free again."""
        self._children = [child for child in self._children if child.poll() is None]
        found = [end for flight in list(self._flights.values()) if (end := self._look(flight)) is not None]
        for end in found:
            del self._flights[end.row.job_id]
            self.pool.release(end.row.job_id)
        return found

    def seconds_until_drained(self) -> float:
        """Until the last deadline of a job under way, its kill grace included."""
        now = self.clock.now()
        ends = [
            (f.supervisor.started_at if f.supervisor else f.launched_at)
            + f.deadline_seconds
            + f.grace_seconds
            - now
            for f in self._flights.values()
        ]
        return max([0.0, *ends])

    def running_seconds(self) -> list[tuple[int, float]]:
        """(slots, seconds so far) of every job under way."""
        now = self.clock.now()
        started = [(f, f.supervisor.started_at if f.supervisor else now) for f in self._flights.values()]
        return [(flight.row.gpus, max(0.0, now - at)) for flight, at in started]

    def wait(self, seconds: float) -> None:
        """Let the jobs run for so long."""
        self.clock.sleep(seconds)

    def stop(self, job_id: str, at_once: bool = False) -> None:
        """Ask a job to leave (SIGTERM: it saves its checkpoint), or end it at once."""
        flight = self._flights[job_id]
        run = str(self.launcher.lab.run(job_id).folder)
        if at_once:
            mine = flight.supervisor.pid if flight.supervisor else None
            send_signal([pid for pid in with_environment(RUN_VARIABLE, run) if pid != mine], SIGKILL)
        if flight.supervisor is not None:
            send_signal([flight.supervisor.pid], SIGTERM)
        elif flight.process is not None:
            send_signal([flight.process.pid], SIGTERM)

    def _spawn(self, flight: _Flight) -> None:
        flight.spawns += 1
        job_id = flight.row.job_id
        slots = [s.index for s in self.pool.held(job_id)]
        held = self.pool.hold(job_id, slots) if slots else self.pool.take(job_id, flight.row.gpus)
        flight.process = self.launcher.launch(flight.row, held, flight.deadline_seconds, flight.grace_seconds)
        self._children.append(flight.process)

    def _look(self, flight: _Flight) -> Ended | None:
        paths = self.launcher.lab.run(flight.row.job_id)
        if flight.supervisor is None:
            self._meet(flight, paths)
        record = _read_exit(paths)
        if record is not None:
            return Ended(flight.row, record, record.wall_seconds)
        if flight.supervisor is None:
            return self._unborn(flight)
        if is_alive(_identity(flight.supervisor)):
            return None
        record = _read_exit(paths)  # written between the two looks
        end_all(RUN_VARIABLE, str(paths.folder), 2.0)
        wall = record.wall_seconds if record else _last_sign(paths) - flight.supervisor.started_at
        return Ended(flight.row, record, max(0.0, wall))

    def _meet(self, flight: _Flight, paths: RunPaths) -> None:
        try:
            flight.supervisor = SupervisorRecord.model_validate_json(paths.supervisor.read_bytes())
        except (OSError, ValidationError):
            return
        flight.deadline_seconds = flight.supervisor.deadline_seconds
        self.journal.mark_running(flight.row.job_id, flight.supervisor.started_at)

    def _unborn(self, flight: _Flight) -> Ended | None:
        """No supervisor has reported yet: start another when ours is gone."""
        if flight.process is not None and flight.process.poll() is None:
            return None
        if flight.spawns < MOST_SPAWNS:
            self._spawn(flight)
            return None
        return Ended(flight.row, None, 0.0)


def _identity(record: SupervisorRecord) -> ProcessIdentity:
    return ProcessIdentity(record.pid, record.start_time_ticks, record.boot_id)


def _read_exit(paths: RunPaths) -> ExitRecord | None:
    try:
        return ExitRecord.model_validate_json(paths.exit.read_bytes())
    except (OSError, ValidationError):
        return None


def _last_sign(paths: RunPaths) -> float:
    """When a lost job last wrote anything."""
    files = [path for path in (paths.events, paths.log, paths.supervisor) if path.exists()]
    return max(path.stat().st_mtime for path in files)
