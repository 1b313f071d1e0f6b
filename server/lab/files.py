"""The server's own files in a lab: its lock, `server.json`, and a probe of the conductor's lock."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from journal.lab_paths import LabPaths
from server.lab.process_identity import ServerRecord, record_of_this_process


class LabBusy(RuntimeError):
    """Another server holds this lab; `str()` says where it listens."""


class ServerLock:
    """One server a lab: an flock on `server.lock`, gone with the process however that ends."""

    def __init__(self, lab: LabPaths) -> None:
        self._lab = lab
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            LabBusy: when another server has it.
        """
        descriptor = os.open(self._lab.server_lock, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise LabBusy(f"{self._lab.folder}: {_whereabouts(self._lab)}") from None
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_locked(path: Path) -> bool:
    """Whether some process holds an exclusive flock on `path`."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        # A shared probe does not keep other probes out while it lasts.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def publish(lab: LabPaths, host: str, port: int) -> None:
    """Write `server.json`, whole or not at all."""
    record = record_of_this_process(host, port)
    temporary = lab.server.with_name(f".{lab.server.name}.{record.pid}")
    temporary.write_text(record.model_dump_json() + "\n")
    temporary.replace(lab.server)


def unpublish(lab: LabPaths) -> None:
    """Remove `server.json` (we hold the lock, so it is ours or a dead server's)."""
    lab.server.unlink(missing_ok=True)


def fresh_socket_folder(lab: Path) -> Path:
    """An empty private folder with a short name: UNIX socket paths end at about 100 bytes."""
    digest = hashlib.sha256(str(lab.resolve()).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"harness-{os.getuid()}-{digest}"
    if folder.is_symlink() or (folder.exists() and folder.stat().st_uid != os.getuid()):
        return Path(tempfile.mkdtemp(prefix="harness-"))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def _whereabouts(lab: LabPaths) -> str:
    try:
        record = ServerRecord.model_validate_json(lab.server.read_bytes())
    except (OSError, ValueError):
        return "a server for this lab is starting or stopping"
    return f"a server for this lab already listens on port {record.port} (pid {record.pid})"
