"""The end of a log: what a process said last."""

import os
from pathlib import Path

TAIL_BYTES = 4096


def tail(path: Path, size_bytes: int = TAIL_BYTES) -> bytes | None:
    """The file's last bytes; None when it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - size_bytes))
            return file.read()
    except OSError:
        return None


def last_lines(path: Path, count: int = 1, size_bytes: int = TAIL_BYTES) -> list[str] | None:
    """The last lines that are not blank, stripped; None when the file cannot be read."""
    data = tail(path, size_bytes)
    return None if data is None else lines_of(data.decode(errors="replace"))[-count:]


def lines_of(text: str) -> list[str]:
    """The lines that are not blank, stripped."""
    return [line.strip() for line in text.splitlines() if line.strip()]
