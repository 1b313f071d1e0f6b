"""Faults of a real machine: who is killed, what is damaged, whose disk fills. Each says what it did."""

import contextlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from harness.lab.lock import lock_holder
from harness.lab.running_server import running_server
from harness.node.tagged_processes import values_of
from journal.lab_paths import LabPaths
from trainer.system.files import preallocate
from trainer.system.processes import RUN_VARIABLE, start_time_ticks

FULL_SECONDS = 1.5
LEFT_BYTES = 64 << 10
DAMAGE = (b'{"event": "step", "ste', b"\0" * 512, b"\xff\xfe{]\n", b"[1, 2]\n")


class Strikes:
    """Random faults for one lab; `disk` is its own small file system, where it could be mounted."""

    def __init__(self, folder: Path, disk: Path | None, chance: random.Random) -> None:
        self.lab, self.disk, self.chance = LabPaths.at(folder), disk, chance

    def strike(self) -> str | None:
        """Do one; its name, or None when there was nothing to strike just now."""
        kinds: list[Callable[[], str | None]] = [
            self.kill_conductor, self.kill_conductor, self.kill_supervisor, self.kill_agent, self.kill_rank,
            self.kill_server, self.damage_events,
        ]  # fmt: skip
        if self.disk is not None:
            kinds.append(self.fill_disk)
        return self.chance.choice(kinds)()

    def kill_conductor(self) -> str | None:
        holder = lock_holder(self.lab)
        return _killed(int(str(holder["pid"])), "conductor killed") if holder else None

    def kill_supervisor(self) -> str | None:
        return self._kill(lambda words: "harness.fleet.supervisor" in words, "supervisor killed")

    def kill_agent(self) -> str | None:
        return self._kill(lambda words: "torch.distributed.run" in words, "agent killed")

    def kill_rank(self) -> str | None:
        return self._kill(
            lambda words: "torch.distributed.run" not in words and "harness.fleet.supervisor" not in words,
            "rank killed",
        )

    def kill_server(self) -> str | None:
        server = running_server(self.lab)
        return None if server is None else _killed(server.identity.pid, "server killed")

    def damage_events(self) -> str | None:
        """A write that was cut off, or a block of zeros after a power cut."""
        files = [path / "events.jsonl" for path in self._runs() if (path / "events.jsonl").exists()]
        if not files:
            return None
        with self.chance.choice(files).open("ab") as file:
            file.write(self.chance.choice(DAMAGE))
        return "events.jsonl damaged"

    def fill_disk(self) -> str | None:
        """No room for anybody for a while."""
        assert self.disk is not None
        stuffing, usage = self.disk / "stuffing", os.statvfs(self.disk)
        with contextlib.suppress(OSError):
            preallocate(stuffing, max(0, usage.f_bavail * usage.f_frsize - LEFT_BYTES))
        time.sleep(FULL_SECONDS)
        stuffing.unlink(missing_ok=True)
        return "disk filled"

    def _kill(self, is_target: Callable[[str], bool], name: str) -> str | None:
        mine = {str(run) for run in (self.lab.runs, *self._runs())}  # the first: idle between two jobs
        pids = [pid for pid, run in values_of(RUN_VARIABLE).items() if run in mine and is_target(_words(pid))]
        return _killed(self.chance.choice(sorted(pids)), name) if pids else None

    def _runs(self) -> list[Path]:
        return sorted(self.lab.runs.iterdir()) if self.lab.runs.is_dir() else []


def mounted(folder: Path, megabytes: int) -> bool:
    """Give a folder a small file system of its own, where the machine allows it."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def unmount(folder: Path) -> None:
    """Take it away again."""
    subprocess.run(["umount", "-l", str(folder)], check=False)


def _killed(pid: int, name: str) -> str | None:
    if start_time_ticks(pid) is None:
        return None
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return name
    return None


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
