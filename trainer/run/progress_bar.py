"""Progress for a person: a bar on a terminal; for a supervisor: a heartbeat."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar


class Progress:
    """Shows nothing; the interface of every progress display."""

    def update(self, fraction: float, text: str) -> None:
        """Show that `fraction` (0 to 1) of the present stage is done, with a few words."""

    def close(self) -> None:
        """Leave the terminal as it was."""


class TerminalProgress(Progress):
    """A bar with the elapsed time and the time left."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self._bar: Bar = Bar(
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>5.1f}%"),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            transient=True,
        )
        self._task = self._bar.add_task("starting", total=1.0)
        self._bar.start()

    def update(self, fraction: float, text: str) -> None:
        self._bar.update(self._task, completed=fraction, description=text)

    def close(self) -> None:
        self._bar.stop()


class Heartbeat(Progress):
    """Touches a file at most once a second: work without events is no silence."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = 0.0

    def update(self, fraction: float, text: str) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + 1.0
            os.utime(self._path)


def open_progress(events: Path | None) -> Progress:
    """Rank 0's bar where it writes to a terminal, else its heartbeat on `events`; None: another rank."""
    if events is None:
        return Progress()
    return TerminalProgress() if sys.stdout.isatty() else Heartbeat(events)
