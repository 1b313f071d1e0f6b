"""Which process this is, told so that a reused pid cannot be mistaken for it."""

import os
from pathlib import Path

from trainer.job import Contract


class ServerRecord(Contract):
    """`server.json`: the running server of a lab."""

    pid: int
    start_time_ticks: int
    boot_id: str
    port: int
    host: str


def start_time_ticks(pid: int) -> int | None:
    """Clock ticks from boot to the start of `pid` (proc(5), field 22); None when there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The command name may hold spaces and brackets; the fields after its last bracket do not.
    return int(stat.rpartition(")")[2].split()[19])


def boot_id() -> str:
    """The kernel's id of this boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def record_of_this_process(host: str, port: int) -> ServerRecord:
    """The record to publish once the server listens."""
    pid = os.getpid()
    return ServerRecord(
        pid=pid, start_time_ticks=start_time_ticks(pid) or 0, boot_id=boot_id(), port=port, host=host
    )
