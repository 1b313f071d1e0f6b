"""The writer of `events.jsonl`: one line an event, appended by rank 0 alone, which holds a lock on it."""

from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from trainer.run.context import Event
from trainer.system.locks import lock_while_open


class EventWriter:
    """Appends events; a line torn by an earlier kill is cut off first, so every line is complete."""

    def __init__(self, path: Path) -> None:
        path.touch()
        _cut_torn_line(path)
        self._file: BinaryIO = path.open("ab", buffering=0)
        # Tells a run under way from one that was killed.
        with suppress(OSError):  # a file system without locks
            lock_while_open(self._file)

    def write(self, event: Event) -> None:
        """Append one line in one write."""
        self._file.write(event.model_dump_json().encode() + b"\n")

    def close(self) -> None:
        self._file.close()


def _cut_torn_line(path: Path) -> None:
    text = path.read_bytes()
    complete = text.rfind(b"\n") + 1
    if complete != len(text):
        with path.open("r+b") as file:
            file.truncate(complete)
