"""Processes as Linux knows them: who they are, whether they live, and how to end them. stdlib only."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True)
class ProcessIdentity:
    """A process for good: pids are reused, the triple is not."""

    pid: int
    start_time_ticks: int
    boot_id: str


def boot_id() -> str:
    """The kernel's id of this boot."""
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "unknown"


def start_time_ticks(pid: int) -> int | None:
    """When the process started, in clock ticks since boot; None when it is gone or a zombie."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    # The name (field 2) may hold spaces and parentheses: count from the last one.
    state, *fields = stat.rpartition(")")[2].split()
    return None if state in "ZX" else int(fields[18])


def identity_of(pid: int) -> ProcessIdentity:
    """The identity of a living process.

    Raises:
        ProcessLookupError: no such process.
    """
    ticks = start_time_ticks(pid)
    if ticks is None:
        raise ProcessLookupError(pid)
    return ProcessIdentity(pid, ticks, boot_id())


def is_alive(identity: ProcessIdentity) -> bool:
    """Whether this very process runs (not another one with its pid)."""
    return identity.boot_id == boot_id() and start_time_ticks(identity.pid) == identity.start_time_ticks


def with_environment(name: str, value: str) -> list[int]:
    """Pids of living processes, other than this one, that were started with `name=value`."""
    wanted = f"{name}={value}".encode()
    return [pid for pid in _pids() if pid != os.getpid() and wanted in _environment(pid)]


def values_of(name: str) -> dict[int, str]:
    """Pid → value, for every living process, other than this one, that was started with this variable."""
    mark = f"{name}=".encode()
    found: dict[int, str] = {}
    for pid in _pids():
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


def _pids() -> list[int]:
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def _environment(pid: int) -> list[bytes]:
    try:
        if start_time_ticks(pid) is None:
            return []
        return (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
