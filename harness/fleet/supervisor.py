"""`python -m harness.fleet.supervisor RUN_DIR`: runs a job, and outlives whoever launched it.

It holds the run folder's lock while the job runs, so that no job runs twice; ends the job and all
its descendants at the deadline, on SIGTERM, or after too long a silence; and leaves `exit.json`.
Killed itself, it takes the job along (`trainer.system.prctl`). Where the trainer is resident and the job
succeeded, it reads the next run folder from its standard input, for as long as its launcher lives. stdlib
only: it starts in tens of milliseconds and stays small beside the job it watches.
"""

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from harness.fleet.failure_reasons import cause_of_end, count_oom_kills
from harness.fleet.liveness import Silence
from harness.fleet.resident import ResidentTrainer, end_child_with
from harness.lab.clock import SYSTEM_CLOCK
from harness.node.affinity import pin
from harness.node.tagged_processes import end_all, reap_children, send_signal, with_environment
from trainer.system.assignment import Assignment, idle_value
from trainer.system.environment_block import VisibleVariable
from trainer.system.files import preallocate, read_json, write_json, write_preallocated
from trainer.system.locks import try_lock
from trainer.system.prctl import become_subreaper
from trainer.system.processes import DEADLINE_VARIABLE, RUN_VARIABLE, boot_id, identity_of

ALREADY_SUPERVISED = 75
LAUNCH_FILE = "launch.json"
# The kernel ends a rank so long after we should have.
RANK_MARGIN_SECONDS = 10.0
_POLL_SECONDS = 0.25
_EXIT_BYTES = 4096
# Memory that a trainer holds while nobody gives it work is somebody else's.
IDLE_SECONDS = 30.0

Child = subprocess.Popen[bytes] | ResidentTrainer


class Supervisor:
    """Watches one job from start to exit record."""

    def __init__(self, folder: Path, launch: dict[str, Any], trainer: ResidentTrainer | None = None) -> None:
        self.folder = folder
        self.launch = launch
        self.trainer = trainer
        self.job_id: str = launch["job_id"]
        self.run_id: str = launch["run"]
        self.stop_requested = False
        self.started_at = time.time()
        self.started_elapsed = SYSTEM_CLOCK.elapsed()
        self.deadline = self.started_elapsed + float(launch["deadline_seconds"])
        self.exit_space = folder / f".{launch['exit']}.room"

    def run(self) -> int:
        """Run the job; the exit code is 0 once the exit record is written."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        become_subreaper()
        preallocate(self.exit_space, _EXIT_BYTES)
        oom_kills = count_oom_kills()
        self._write_record()
        try:
            child = self._start()
        except OSError as error:
            self._note(f"could not start: {error}")
            self._write_exit(None, "launch_failed")
            return 0
        reason = self._watch(child)
        end_all(RUN_VARIABLE, self.run_id, 2.0)
        reap_children()
        if reason == "exited":
            reason = cause_of_end(child.wait(), self.folder / self.launch["log"], oom_kills)
        self._write_exit(child.returncode, reason)
        return 0

    def _start(self) -> Child:
        pin(self.launch["cores"])
        last = self.deadline + float(self.launch["grace_seconds"]) + RANK_MARGIN_SECONDS
        if "resident_command" in self.launch:
            return self._assign(last)
        with (self.folder / self.launch["log"]).open("ab") as log:
            return subprocess.Popen(
                self.launch["command"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, DEADLINE_VARIABLE: f"{last:.0f}"},
                preexec_fn=partial(end_child_with, os.getpid()),
            )

    def _assign(self, last: float) -> ResidentTrainer:
        """Give the job to the trainer of the job before, or to a new one."""
        log, job = (self.folder / self.launch[name] for name in ("log", "job"))
        assignment = Assignment(self.job_id, self.run_id, str(job), str(log), last)
        if self.trainer is None or not self.trainer.is_free or not self.trainer.assign(assignment):
            self.trainer = ResidentTrainer(self.launch["resident_command"], self.run_id, log, os.environ)
            self.trainer.assign(assignment)
        return self.trainer

    def _watch(self, child: Child) -> str:
        """Wait for the end, or bring it about; returns the reason."""
        quiet = Silence([self.folder / self.launch[name] for name in ("events", "log")])
        while not _ended(child, _POLL_SECONDS):
            reason = self._reason_to_end(quiet)
            if reason is not None:
                left = self._end(child, reason)
                return "killed" if reason == "stopped" and not left else reason
        return "exited"

    def _reason_to_end(self, quiet: Silence) -> str | None:
        if self.stop_requested:
            return "stopped"
        if SYSTEM_CLOCK.elapsed() >= self.deadline:
            return "time_limit"
        return "silent" if quiet.seconds() >= float(self.launch["silence_seconds"]) else None

    def _end(self, child: Child, reason: str) -> bool:
        """SIGTERM to all, the grace period, then SIGKILL; True when the job left by itself."""
        self._note(f"asked to stop: {reason}")
        self._signal_all(child, signal.SIGTERM)
        if _ended(child, float(self.launch["grace_seconds"])):
            return True
        self._signal_all(child, signal.SIGKILL)
        child.wait()
        return False

    def _signal_all(self, child: Child, number: signal.Signals) -> None:
        """The child, too, which may not have taken the run's name yet."""
        send_signal(list({child.pid, *with_environment(RUN_VARIABLE, self.run_id)}), number)

    def _write_record(self) -> None:
        identity = identity_of(os.getpid())
        record = {
            "job_id": self.job_id,
            "pid": identity.pid,
            "start_time_ticks": identity.start_time_ticks,
            "boot_id": identity.boot_id,
            "started_at": self.started_at,
            "started_elapsed_seconds": self.started_elapsed,
            "deadline_seconds": float(self.launch["deadline_seconds"]),
        }
        write_json(self.folder / self.launch["supervisor"], record)

    def _write_exit(self, returncode: int | None, reason: str) -> None:
        record = {
            "job_id": self.job_id,
            "returncode": returncode,
            "reason": reason,
            "wall_seconds": SYSTEM_CLOCK.elapsed() - self.started_elapsed,
            "boot_id": boot_id(),
            "finished_at": time.time(),
        }
        write_preallocated(self.exit_space, self.folder / self.launch["exit"], record)

    def _note(self, text: str) -> None:
        with suppress(OSError), (self.folder / self.launch["log"]).open("ab") as log:
            log.write(f"[supervisor] {text}\n".encode(errors="backslashreplace"))

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stop_requested = True


def _ended(child: Child, seconds: float) -> bool:
    try:
        child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def supervise(folder: Path, trainer: ResidentTrainer | None) -> tuple[int, ResidentTrainer | None]:
    """Supervise the job of one run folder: the exit code, and the trainer if it can take another job."""
    launch = read_json(folder / LAUNCH_FILE)
    if launch is None:
        print("usage: python -m harness.fleet.supervisor RUN_DIR (prepared by the launcher)", file=sys.stderr)
        return 2, trainer
    lock = try_lock(folder / launch["lock"])
    # It has run: a second run would be a second launch.
    if lock is None or (folder / launch["exit"]).exists() or (folder / launch["supervisor"]).exists():
        return ALREADY_SUPERVISED, trainer
    with lock:
        supervisor = Supervisor(folder, launch, trainer)
        code, trainer = supervisor.run(), supervisor.trainer
    return code, trainer if trainer is not None and trainer.is_free else None


def next_folder() -> Path | None:
    """The next run folder from whoever launched this process; None when that is gone or has none for long."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    readable, _, _ = select.select([0], [], [], IDLE_SECONDS)
    line = b""
    while readable and (byte := os.read(0, 1)) not in (b"", b"\n"):
        line += byte
    return Path(os.fsdecode(line)) if line else None


def main(arguments: list[str]) -> int:
    """Supervise the job of a run folder, and then others; 75 when another supervisor has it."""
    folder: Path | None = Path(arguments[0]) if len(arguments) == 1 else Path()
    run, code, trainer = VisibleVariable(RUN_VARIABLE), 0, None
    while folder is not None:
        code, trainer = supervise(folder, trainer)
        run.change(idle_value(str(folder)))
        folder = next_folder() if trainer is not None else None
        if folder is not None and not run.change(str(folder)):
            break
    if trainer is not None:
        trainer.end()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
