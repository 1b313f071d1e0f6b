"""Supervisors whose trainer waits for another job, each on the slots that it has."""

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_END_SECONDS = 5.0


@dataclass(frozen=True)
class Resident:
    """A supervisor of this process, its slots, and whether it keeps a trainer when a job has succeeded."""

    process: "subprocess.Popen[bytes]"
    slots: frozenset[int]
    keeps_trainer: bool

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def give(self, folder: Path) -> bool:
        """Hand it the next run folder; False where it is gone."""
        assert self.process.stdin is not None
        with suppress(OSError, ValueError):  # gone, or let go of before
            self.process.stdin.write(f"{folder}\n".encode())
            return self.is_alive
        return False

    def let_go(self) -> None:
        """It has no further job: it ends with its trainer, or when the job that it has is over."""
        if self.process.stdin is not None:
            self.process.stdin.close()


class Residents:
    """The idle ones; who asks for slots gets a supervisor that fits or slots that nobody idles on."""

    def __init__(self) -> None:
        self._idle: list[Resident] = []

    def add(self, resident: Resident) -> None:
        """Its job has succeeded, and it can take another."""
        self._idle.append(resident)

    def take(self, slots: Sequence[int], folder: Path | None) -> Resident | None:
        """One on just these slots, told of its next run `folder`; others on any of them are ended."""
        wanted = frozenset(slots)
        touched = [resident for resident in self._idle if resident.slots & wanted]
        self._idle = [resident for resident in self._idle if not resident.slots & wanted]
        fits = folder is not None and len(touched) == 1 and touched[0].slots == wanted
        if fits and folder is not None and touched[0].give(folder):
            return touched[0]
        _end(touched)
        return None

    def close(self) -> None:
        """End all: nothing is left to do."""
        idle, self._idle = self._idle, []
        _end(idle)


def _end(residents: Sequence[Resident]) -> None:
    """Until their trainers' memory is free."""
    for resident in residents:
        resident.let_go()
    for resident in residents:
        with suppress(subprocess.TimeoutExpired):
            resident.process.wait(_END_SECONDS)
