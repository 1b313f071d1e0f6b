"""Processes found by a variable of their environment, and how to end them.

stdlib only: psutil would nearly double what a supervisor takes to start (50 ms).
"""

import os
import signal
import time

from trainer.system.processes import all_pids, environment_of, start_time_ticks


def with_environment(name: str, value: str) -> list[int]:
    """Pids of living processes, other than this one, that were started with `name=value`."""
    wanted = f"{name}={value}".encode()
    return [pid for pid in all_pids() if pid != os.getpid() and wanted in _environment(pid)]


def values_of(name: str) -> dict[int, str]:
    """Pid → value, for every living process, other than this one, that was started with this variable."""
    mark = f"{name}=".encode()
    found: dict[int, str] = {}
    for pid in all_pids():
        for entry in _environment(pid) if pid != os.getpid() else []:
            if entry.startswith(mark):
                found[pid] = os.fsdecode(entry[len(mark) :])
    return found


def send_signal(pids: list[int], number: signal.Signals) -> None:
    """Send a signal to each; those that are gone are skipped."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def end_all(name: str, value: str, grace_seconds: float) -> bool:
    """SIGTERM, grace, SIGKILL for every process started with `name=value`; True when none is left."""
    deadline = time.monotonic() + grace_seconds
    send_signal(with_environment(name, value), signal.SIGTERM)
    while with_environment(name, value):
        if time.monotonic() >= deadline:
            return _kill_all(name, value)
        time.sleep(0.05)
    return True


def _kill_all(name: str, value: str) -> bool:
    for _ in range(100):
        pids = with_environment(name, value)
        if not pids:
            return True
        send_signal(pids, signal.SIGKILL)
        reap_children()
        time.sleep(0.05)
    return False


def reap_children() -> None:
    """Collect every child that has ended, so that none stays a zombie."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return


def _environment(pid: int) -> list[bytes]:
    return [] if start_time_ticks(pid) is None else environment_of(pid)
