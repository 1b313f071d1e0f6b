"""Labs of real processes: conductor, supervisors, server, stand-in trainers; every second under torchrun."""

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.inspection import faults_of_finished, faults_of_journal, faults_of_replay
from tests.chaos.strikes import Strikes, mounted, unmount
from tests.chaos.tally import Tally
from tests.harness_lab import ROOT, CliLab

IN_A_LAB = 8
DISK_MEGABYTES = 256
BETWEEN_SECONDS = (0.3, 4.0)
STUCK_SECONDS = 600.0
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
RANKS = [*TORCHRUN, "-m", "tests.chaos.rank"]


def play_real(faults: int, seed: int, tally: Tally, in_a_lab: int = IN_A_LAB) -> None:
    """Labs until so many faults have struck."""
    chance = random.Random(seed)
    while tally.total < faults and len(tally.broken) < 10:
        with tempfile.TemporaryDirectory() as scratch:
            disk = Path(scratch) / "disk"
            has_disk = mounted(disk, DISK_MEGABYTES)
            try:
                lab = RealLab(disk / "lab", disk if has_disk else None, chance, tally)
                lab.play(min(in_a_lab, faults - tally.total))
            finally:
                if has_disk:
                    unmount(disk)
        tally.labs += 1


class RealLab:
    """One lab, started again and again until it has finished."""

    def __init__(self, folder: Path, disk: Path | None, chance: random.Random, tally: Tally) -> None:
        under_torchrun = tally.labs % 2 == 1
        extra = {"HARNESS_TRAINER_COMMAND": json.dumps(RANKS)} if under_torchrun else {}
        self.lab = CliLab(folder, trainer={"seconds": 0.6}, extra=extra)
        self.name = f"real lab {tally.labs + 1}{' (torchrun)' if under_torchrun else ''}"
        self.strikes = Strikes(folder, disk, chance)
        self.chance, self.tally, self.wanted = chance, tally, 0
        self.log = folder.parent.parent / "log.txt"
        self.deadline = time.monotonic() + STUCK_SECONDS

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
        if conductor.returncode == 0:
            self.tally.inspected(self.name, "its end", faults_of_finished(self.lab.folder))
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
        time.sleep(self.chance.uniform(*BETWEEN_SECONDS))
        kind = self.strikes.strike() if (self.lab.folder / "journal.db").exists() else None
        if kind is None:
            return
        self.wanted -= 1
        self.tally.faults[kind] += 1
        self.tally.inspected(self.name, kind, faults_of_journal(self.lab.folder))
        self.tally.inspected(self.name, kind, faults_of_replay(self.lab.folder))
        self.tally.replays += 1

    def _tail(self) -> str:
        return self.log.read_text()[-1500:] if self.log.exists() else ""
