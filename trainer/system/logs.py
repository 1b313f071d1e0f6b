"""The end of a log: what a process said last."""

import os
import re
from pathlib import Path

TAIL_BYTES = 4096
MOST_WORDS = 500
# The last line of a traceback; some errors (CUDA's) go on with advice on further lines.
_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Interrupt|Exit)\b")


def tail(path: Path, size_bytes: int = TAIL_BYTES, since_byte: int = 0) -> bytes | None:
    """The file's last bytes, none before `since_byte`; None when it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, since_byte, file.seek(0, os.SEEK_END) - size_bytes))
            return file.read()
    except OSError:
        return None


def last_lines(path: Path, count: int = 1, size_bytes: int = TAIL_BYTES) -> list[str] | None:
    """The last lines that are not blank, stripped; None when the file cannot be read."""
    data = tail(path, size_bytes)
    return None if data is None else lines_of(data.decode(errors="replace"))[-count:]


def last_words(path: Path, since_byte: int = 0) -> str:
    """The last error in the log, else its last line, on one line; `since_byte`: what was there before."""
    data = tail(path, since_byte=since_byte)
    if data is None:
        return "no log"
    lines = lines_of(data.decode(errors="replace"))
    errors = [line for line in lines if _EXCEPTION.match(line)]
    return (errors or lines or ["it printed nothing"])[-1][:MOST_WORDS]


def lines_of(text: str) -> list[str]:
    """The lines that are not blank, stripped."""
    return [line.strip() for line in text.splitlines() if line.strip()]
