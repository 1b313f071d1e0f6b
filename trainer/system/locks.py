"""Advisory locks (flock(2)), which the kernel drops when their holder dies, however that is."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on `path` (made if absent), waiting for it."""
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def try_lock(path: Path) -> IO[bytes] | None:
    """An exclusive lock on `path` (made if absent), held until the file is closed; None when another has it.

    Raises:
        OSError: the file cannot be opened or locked at all.
    """
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    except OSError:
        file.close()
        raise
    return file


def lock_while_open(file: IO[bytes]) -> None:
    """Take an exclusive lock on an open file, waiting for it; it is held until the file is closed."""
    fcntl.flock(file, fcntl.LOCK_EX)


def is_locked(path: Path) -> bool:
    """Whether some process holds an exclusive lock on `path`; False for a file that cannot be opened."""
    try:
        file = path.open("rb")
    except OSError:
        return False
    with file:
        try:
            # A shared probe does not keep other probes out while it lasts.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
