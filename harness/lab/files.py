"""Readers never see half a file. stdlib only."""

import json
import os
from pathlib import Path
from typing import Any


def write_atomic(path: Path, data: bytes) -> None:
    """Write under a temporary name in the same folder, then rename."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write a JSON document atomically."""
    write_atomic(path, (json.dumps(document, indent=1) + "\n").encode())


def read_json(path: Path) -> dict[str, Any] | None:
    """The document, or None when there is no (whole) one."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None


def set_aside(path: Path, size_bytes: int) -> None:
    """Take disk space now for a file that must be written when the disk may be full."""
    with path.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size_bytes)


def write_into(room: Path, path: Path, document: dict[str, Any]) -> None:
    """Write a JSON document atomically, in the space that `set_aside` took."""
    data = (json.dumps(document, indent=1) + "\n").encode()
    with room.open("r+b") as file:
        file.write(data)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
    room.replace(path)
