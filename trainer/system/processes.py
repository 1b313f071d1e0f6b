"""Processes as Linux knows them: which one it is, whether it lives, and what it was started with.

Not psutil: records on disk hold these ticks, and it tells a start by the wall clock, which can be set.
"""

from dataclasses import dataclass
from pathlib import Path

# The run folder, in the environment of all processes of a run, and when the kernel ends them, in seconds
# since boot. Job ids repeat between labs, folders do not: a run's descendants are found by it.
RUN_VARIABLE = "HARNESS_RUN"
DEADLINE_VARIABLE = "HARNESS_DEADLINE"
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
        return (_PROC / "sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    except OSError:
        return "unknown"


def start_time_ticks(pid: int) -> int | None:
    """When the process started, in clock ticks since boot; None when it is gone or a zombie."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The name (field 2) may hold spaces and parentheses: count from the last one.
    state, *fields = stat.rpartition(")")[2].split()
    return None if state in "ZX" else int(fields[18])


def is_running(pid: int) -> bool:
    """Whether some process has this pid; a zombie runs no more."""
    return start_time_ticks(pid) is not None


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


def all_pids() -> list[int]:
    """Every process of the machine."""
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def environment_of(pid: int) -> list[bytes]:
    """The `name=value` entries that a process was started with; none where it is gone or not ours to read."""
    try:
        return (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
