"""`python -m harness.supervisor RUN_DIR`: runs one job, and outlives whoever launched it.

It holds the run folder's lock while the job runs, so that no job runs twice; ends the job and all
its descendants at the deadline or on SIGTERM; and leaves `exit.json`. stdlib only: it starts in
tens of milliseconds and stays small beside the job it watches.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import IO, Any

from harness.files import read_json, write_json
from harness.processes import boot_id, end_all, identity_of, reap_children, send_signal, with_environment

ALREADY_SUPERVISED = 75
LAUNCH_FILE = "launch.json"
# Job ids repeat between labs, folders do not: descendants are found by this variable.
RUN_VARIABLE = "HARNESS_RUN"
_PR_SET_CHILD_SUBREAPER = 36


class Supervisor:
    """Watches one job from start to exit record."""

    def __init__(self, folder: Path, launch: dict[str, Any]) -> None:
        self.folder = folder
        self.launch = launch
        self.job_id: str = launch["job_id"]
        self.run_id: str = launch["run"]
        self.stop_requested = False
        self.started_at = time.time()
        self.clock = time.monotonic()

    def run(self) -> int:
        """Run the job; the exit code is 0 once the exit record is written."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        _become_subreaper()
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
        self._write_exit(child.returncode, reason)
        return 0

    def _start(self) -> "subprocess.Popen[bytes]":
        cores = self.launch.get("cores")
        if cores:
            _pin(cores)
        with (self.folder / self.launch["log"]).open("ab") as log:
            return subprocess.Popen(
                self.launch["command"], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    def _watch(self, child: "subprocess.Popen[bytes]") -> str:
        deadline = self.clock + float(self.launch["deadline_seconds"])
        while not _ended(child, 0.25):
            if self.stop_requested or time.monotonic() >= deadline:
                stopped = self.stop_requested
                left = self._end(child)
                return ("stopped" if left else "killed") if stopped else "time_limit"
        return "exited"

    def _end(self, child: "subprocess.Popen[bytes]") -> bool:
        """SIGTERM to all, the grace period, then SIGKILL; True when the job left by itself."""
        self._note("asked to stop")
        send_signal(with_environment(RUN_VARIABLE, self.run_id), signal.SIGTERM)
        if _ended(child, float(self.launch["grace_seconds"])):
            return True
        send_signal(with_environment(RUN_VARIABLE, self.run_id), signal.SIGKILL)
        child.wait()
        return False

    def _write_record(self) -> None:
        identity = identity_of(os.getpid())
        record = {
            "job_id": self.job_id,
            "pid": identity.pid,
            "start_time_ticks": identity.start_time_ticks,
            "boot_id": identity.boot_id,
            "started_at": self.started_at,
            "deadline_seconds": float(self.launch["deadline_seconds"]),
        }
        write_json(self.folder / self.launch["supervisor"], record)

    def _write_exit(self, returncode: int | None, reason: str) -> None:
        record = {
            "job_id": self.job_id,
            "returncode": returncode,
            "reason": reason,
            "wall_seconds": time.monotonic() - self.clock,
            "boot_id": boot_id(),
            "finished_at": time.time(),
        }
        write_json(self.folder / self.launch["exit"], record)

    def _note(self, text: str) -> None:
        with (self.folder / self.launch["log"]).open("a") as log:
            log.write(f"[supervisor] {text}\n")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stop_requested = True


def _ended(child: "subprocess.Popen[bytes]", seconds: float) -> bool:
    try:
        child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _become_subreaper() -> None:
    """Orphaned descendants come to us instead of to init."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _pin(cores: list[int]) -> None:
    try:
        os.sched_setaffinity(0, cores)
    except OSError:
        return  # the machine's cores changed since the plan: run unpinned


def _take_lock(path: Path) -> IO[bytes] | None:
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def main(arguments: list[str]) -> int:
    """Supervise the job of one run folder; 75 when another supervisor has it."""
    if len(arguments) != 1 or (launch := read_json(Path(arguments[0]) / LAUNCH_FILE)) is None:
        print("usage: python -m harness.supervisor RUN_DIR (prepared by the launcher)", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    lock = _take_lock(folder / launch["lock"])
    if lock is None:
        return ALREADY_SUPERVISED
    if (folder / launch["exit"]).exists() or (folder / launch["supervisor"]).exists():
        return ALREADY_SUPERVISED  # it has run: a second run would be a second launch
    return Supervisor(folder, launch).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
