"""The server's own files in a lab: its lock and `server.json`."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

from journal.lab_paths import LabPaths, ServerRecord, read_server
from trainer.system.files import write_whole
from trainer.system.locks import try_lock
from trainer.system.processes import identity_of
from trainer.system.sockets import folder_for_sockets

# `/<deployment>.sock.<pid>`, as an engine names its socket before it listens.
SOCKET_NAME_BYTES = 30


class LabBusy(RuntimeError):
    """Another server holds this lab; `str()` says where it listens."""


class ServerLock:
    """One server a lab: an flock on `server.lock`, gone with the process however that ends."""

    def __init__(self, lab: LabPaths) -> None:
        self._lab = lab
        self._file: IO[bytes] | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            LabBusy: when another server has it.
        """
        self._file = try_lock(self._lab.server_lock)
        if self._file is None:
            raise LabBusy(f"{self._lab.folder}: {_describe_server(self._lab)}")

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def publish(lab: LabPaths, host: str, port: int) -> None:
    """Write `server.json`, whole or not at all."""
    own = identity_of(os.getpid())
    record = ServerRecord(
        pid=own.pid, start_time_ticks=own.start_time_ticks, boot_id=own.boot_id, port=port, host=host
    )
    write_whole(lab.server, (record.model_dump_json() + "\n").encode())


def unpublish(lab: LabPaths) -> None:
    """Remove `server.json` (we hold the lock, so it is ours or a dead server's)."""
    lab.server.unlink(missing_ok=True)


def fresh_socket_folder(lab: Path) -> Path:
    """An empty private folder with a short name.

    Raises:
        OSError: there is no place for it.
    """
    digest = hashlib.sha256(str(lab.resolve()).encode()).hexdigest()[:12]
    name = f"harness-{os.getuid()}-{digest}"
    parent = folder_for_sockets(len(name) + SOCKET_NAME_BYTES)
    folder = parent / name
    if folder.is_symlink() or (folder.exists() and folder.stat().st_uid != os.getuid()):
        return Path(tempfile.mkdtemp(prefix="harness-", dir=parent))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def _describe_server(lab: LabPaths) -> str:
    record = read_server(lab)
    if record is None:
        return "a server for this lab is starting or stopping"
    return f"a server for this lab already listens on port {record.port} (pid {record.pid})"
