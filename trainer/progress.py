"""Progress for a person: a bar on a terminal, nothing anywhere else."""

from __future__ import annotations

import sys
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


def open_progress(is_main: bool) -> Progress:
    """A bar where rank 0 writes to a terminal, else silence: logs are for programs."""
    return TerminalProgress() if is_main and sys.stdout.isatty() else Progress()
