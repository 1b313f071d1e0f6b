"""The lab folder: where its files lie, and who holds it."""

import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from harness.errors import UserError
from harness.lab.files import read_json
from trainer.job import RunPaths

BRIEF = """# Brief

What the lab is for, in words; every proposer reads this at every round.

Typed lines, each on a line of its own (settings are dotted paths of a pretrain job):
<!-- pin: model.sequence_len = 512 -->
<!-- forbid: optim.weight_decay, total_batch_size -->
"""


@dataclass(frozen=True)
class LabPaths:
    """File names of one lab; `folder` is absolute."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> "LabPaths":
        return cls(folder.absolute())

    @property
    def journal(self) -> Path:
        return self.folder / "journal.db"

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def brief(self) -> Path:
        return self.folder / "brief.md"

    @property
    def server(self) -> Path:
        return self.folder / "server.json"

    @property
    def server_log(self) -> Path:
        return self.folder / "server.log"

    @property
    def start_log(self) -> Path:
        return self.folder / "start.log"

    @property
    def report(self) -> Path:
        return self.folder / "report"

    def run(self, job_id: str) -> RunPaths:
        """The run folder of a job."""
        return RunPaths(self.runs / job_id)

    def create(self) -> None:
        """Make the folder and a first brief.

        Raises:
            UserError: it cannot be made there.
        """
        try:
            self.runs.mkdir(parents=True, exist_ok=True)
            if not self.brief.exists():
                self.brief.write_text(BRIEF)
        except OSError as error:
            raise UserError(
                f"--lab: {self.folder}: {error.strerror}; allowed: a folder one can write"
            ) from None

    def require(self) -> None:
        """Refuse a folder that is no lab yet.

        Raises:
            UserError: there is no journal in it.
        """
        if not self.journal.is_file():
            raise UserError(
                f"--lab: {self.folder} holds no lab yet; begin with: harness start --budget 0.06usd"
            )


class LabLock:
    """`lab/lock`: held by the one process that launches jobs, for as long as it lives."""

    def __init__(self, paths: LabPaths, role: str) -> None:
        self.paths = paths
        self.role = role
        self._file: IO[str] | None = None

    def acquire(self, wait_seconds: float = 0.0) -> None:
        """Take the lock, waiting at most so long.

        Raises:
            UserError: another process holds it; the line says which.
        """
        deadline = time.monotonic() + wait_seconds
        while not self._try():
            if time.monotonic() >= deadline:
                holder = lock_holder(self.paths) or {}
                raise UserError(
                    f"{self.paths.folder}: held by {holder.get('role', 'another process')} "
                    f"(pid {holder.get('pid', 'unknown')}); "
                    f"end it with: harness stop --lab {self.paths.folder}"
                )
            time.sleep(0.1)

    def _try(self) -> bool:
        try:
            return self._lock()
        except OSError as error:
            line = f"{self.paths.lock}: {error.strerror}; allowed: a lab folder that one can write"
            raise UserError(line) from None

    def _lock(self) -> bool:
        file = self.paths.lock.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.seek(0)
        file.truncate()
        file.write(json.dumps({"pid": os.getpid(), "role": self.role}))
        file.flush()
        self._file = file
        return self.is_ours()  # not when it was replaced between opening and locking

    def is_ours(self) -> bool:
        """Whether the file that others see is still the one we hold."""
        if self._file is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), self.paths.lock.stat())
        except OSError:
            return False

    def release(self) -> None:
        """Let go."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> "LabLock":
        if self._file is None:
            # A server's probe of the lock lasts microseconds: it must not turn a start away.
            self.acquire(wait_seconds=0.5)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def lock_holder(paths: LabPaths) -> dict[str, object] | None:
    """Who holds the lab (`pid`, `role`), or None when nobody does."""
    if not paths.lock.exists():
        return None
    with paths.lock.open("r") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return read_json(paths.lock) or {}
    return None
