"""The processes that make files of rows, seen from the rank that reads these."""

from __future__ import annotations

import subprocess
from pathlib import Path

from trainer.batches.row_builder import BAD_INPUT, command
from trainer.batches.rows import is_ready
from trainer.data.errors import DataError
from trainer.system.logs import lines_of


class Builders:
    """At most one process a file; what ends without its file is begun anew when it is wanted again."""

    def __init__(self, tokenizer_path: Path, sequence_len: int) -> None:
        self._tokenizer_path, self._sequence_len = tokenizer_path, sequence_len
        self._running: dict[Path, subprocess.Popen[str]] = {}

    def begin(self, shard: Path, rows: Path) -> None:
        """See to it that the file of a shard's rows is there or being made."""
        running = self._running.get(rows)
        if is_ready(rows) or (running is not None and running.poll() is None):
            return
        if running is not None:
            self._reap(rows)
        self._running[rows] = subprocess.Popen(
            command(shard, self._tokenizer_path, self._sequence_len, rows),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C asks a rank for a checkpoint, and leaves it its data
        )

    def wait(self, shard: Path, rows: Path) -> None:
        """Return once the file is there.

        Raises:
            DataError: it cannot be made, for a reason that the user can mend.
            RuntimeError: its process died.
        """
        self.begin(shard, rows)
        if rows not in self._running:
            return
        code, last_words = self._reap(rows)
        if rows.exists():
            return
        if code == BAD_INPUT:
            raise DataError(last_words)
        raise RuntimeError(f"{shard}: packing it ended with code {code}: {last_words}")

    def close(self) -> None:
        """End all of them."""
        for process in self._running.values():
            process.terminate()
        for rows in list(self._running):
            self._reap(rows)

    def _reap(self, rows: Path) -> tuple[int, str]:
        """Wait for the end of a process; its exit code and the last line it wrote."""
        process = self._running.pop(rows)
        _, written = process.communicate()
        return process.returncode, (lines_of(written) or ["it said nothing"])[-1][:500]
