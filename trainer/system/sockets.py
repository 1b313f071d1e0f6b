"""Where UNIX sockets may lie: the kernel allows their paths few bytes."""

import os
import tempfile
from pathlib import Path

# `sun_path` of Linux, less the zero at its end.
MOST_PATH_BYTES = 107


def check_path(path: Path) -> None:
    """Refuse a path that no socket can have.

    Raises:
        OSError: it is too long.
    """
    size_bytes = len(os.fsencode(path))
    if size_bytes > MOST_PATH_BYTES:
        raise OSError(f"{path}: {size_bytes} bytes; allowed: at most {MOST_PATH_BYTES} for a UNIX socket")


def folder_for_sockets(room_bytes: int) -> Path:
    """TMPDIR where a path in it has room for so many bytes after a slash, else a shorter folder like it.

    Raises:
        OSError: none is short enough and can be written.
    """
    runtime = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    for name in (tempfile.gettempdir(), runtime, "/tmp", "/var/tmp", "/dev/shm"):
        fits = len(os.fsencode(name)) + 1 + room_bytes <= MOST_PATH_BYTES
        if fits and Path(name).is_dir() and os.access(name, os.W_OK | os.X_OK):
            return Path(name)
    raise OSError(
        f"TMPDIR: {tempfile.gettempdir()}; allowed: a folder of at most "
        f"{MOST_PATH_BYTES - 1 - room_bytes} bytes that can be written, for UNIX sockets"
    )
