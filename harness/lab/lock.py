"""Who holds a lab: one process launches its jobs."""

import json
import os
import time
from types import TracebackType
from typing import IO

from harness.errors import UserError
from journal.lab_paths import LabPaths
from trainer.system.files import read_json
from trainer.system.locks import is_locked, try_lock


class LabLock:
    """`lab/lock`: held by the one process that launches jobs, for as long as it lives."""

    def __init__(self, paths: LabPaths, role: str) -> None:
        self.paths = paths
        self.role = role
        self._file: IO[bytes] | None = None

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
        file = try_lock(self.paths.lock)
        if file is None:
            return False
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "role": self.role}).encode())
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
    return (read_json(paths.lock) or {}) if is_locked(paths.lock) else None
