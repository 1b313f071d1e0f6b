"""Labs of real processes: conductor, supervisors, server, and trainers or their stand-ins."""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.cast import Cast
from tests.chaos.inspection import has_finished
from tests.chaos.strikes import Strikes, mounted, unmount
from tests.chaos.tally import Tally
from tests.support.harness_lab import ROOT, CliLab

DISK_MEGABYTES = 256


def play_real(faults: int, seed: int, tally: Tally, casts: Sequence[Cast]) -> None:
    """Labs until so many faults have struck, each with the next cast."""
    chance = random.Random(seed)
    while tally.total < faults and len(tally.broken) < 10:
        cast = casts[tally.labs % len(casts)]
        with tempfile.TemporaryDirectory() as scratch:
            disk = Path(scratch) / "disk"
            has_disk = mounted(disk, DISK_MEGABYTES)
            try:
                lab = RealLab(cast, disk / "lab", disk if has_disk else None, chance, tally)
                lab.play(min(cast.faults_in_a_lab, faults - tally.total))
            finally:
                if has_disk:
                    unmount(disk)
        tally.labs += 1


class RealLab:
    """One lab, started again and again until it has finished."""

    def __init__(
        self, cast: Cast, folder: Path, disk: Path | None, chance: random.Random, tally: Tally
    ) -> None:
        self.cast, self.chance, self.tally, self.wanted = cast, chance, tally, 0
        scratch = folder.parent.parent / "tmp"  # what a killed torchrun leaves goes with the lab
        scratch.mkdir()
        extra = {**cast.extra, "TMPDIR": str(scratch)}
        self.lab = CliLab(folder, {"seconds": 0.6}, extra, stand_ins=cast.stand_ins, budget=cast.budget)
        if cast.brief:
            folder.mkdir(parents=True)
            (folder / "brief.md").write_text(cast.brief)
        self.name = f"real lab {tally.labs + 1} ({cast.name})"
        self.strikes = Strikes(folder, disk, chance)
        self.log = folder.parent.parent / "log.txt"
        self.deadline = time.monotonic() + cast.stuck_seconds

    def play(self, wanted: int) -> None:
        """Until it finishes, by itself or after so many faults."""
        self.wanted = wanted
        try:
            while self._turn():
                pass
        finally:
            self.lab.clean_up()

    def _turn(self) -> bool:
        """One conductor; whether another is needed."""
        conductor = self._start()
        while conductor.poll() is None:
            if time.monotonic() > self.deadline:
                self.tally.broken.append(f"{self.name}: hangs; {self._tail()}")
                return False
            if self.wanted > 0:
                self._strike()
            else:
                time.sleep(0.2)
        if (self.lab.folder / "journal.db").exists() and has_finished(self.lab.folder):
            self.tally.finished(f"{self.name}, {self._tail()}", self.lab.folder, conductor.returncode)
            return False
        if "Traceback" in self._tail():
            self.tally.broken.append(f"{self.name}: {self._tail()}")
            return False
        return True

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [
            sys.executable,
            "-m",
            "harness",
            *self.lab.start_arguments(),
            "--lab",
            str(self.lab.folder),
        ]
        environment = self.lab.environment | {"PYTHONUNBUFFERED": "1"}
        with self.log.open("ab") as output:
            return subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
            )

    def _strike(self) -> None:
        time.sleep(self.chance.uniform(*self.cast.between_seconds))
        kind = self.strikes.strike() if (self.lab.folder / "journal.db").exists() else None
        if kind is None:
            return
        self.wanted -= 1
        self.tally.faults[kind] += 1
        self.tally.examine(self.name, kind, self.lab.folder)

    def _tail(self) -> str:
        return self.log.read_text()[-1500:] if self.log.exists() else ""
