"""Simulated labs: faults inside the virtual world, and SIGKILL for the conductor that plays it."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tests.chaos.inspection import has_finished
from tests.chaos.tally import Tally
from tests.support.paths import ROOT

KINDS = ("supervisor", "rank", "agent", "clock_jump")
IN_A_LAB = 12
KILLS_IN_A_LAB = 3
LOOK_SECONDS = 0.002
STUCK_SECONDS = 300.0
_DONE = "simulated_faults_done"


def play_simulated(faults: int, seed: int, tally: Tally) -> None:
    """Labs until so many faults have struck."""
    chance = random.Random(seed)
    while tally.total < faults and len(tally.broken) < 10:
        with tempfile.TemporaryDirectory() as scratch:
            wanted = min(IN_A_LAB + KILLS_IN_A_LAB, faults - tally.total)
            SimulatedLab(Path(scratch) / "lab", chance, tally).play(wanted)
        tally.labs += 1


class SimulatedLab:
    """One lab, played to its end through whatever strikes it."""

    def __init__(self, folder: Path, chance: random.Random, tally: Tally) -> None:
        self.folder, self.chance, self.tally = folder, chance, tally
        self.name = f"simulated lab {tally.labs + 1}"
        self.node = chance.choice(("4xh100", "8xh100", "2xh200"))
        self.seen = 0

    def play(self, wanted: int) -> None:
        """Until it finishes."""
        kills = min(KILLS_IN_A_LAB, wanted)
        self.world = self._world(wanted - kills)
        for number in range(kills + 1):
            ended = self._run(self.chance.uniform(1.5, 4.0) if number < kills else None)
            if ended is not None:
                return self._at_the_end(ended)
        return None

    def _world(self, faults: int) -> str:
        struck = [
            {
                "after_seconds": self.chance.uniform(60.0, 9000.0),
                "kind": KINDS[n % len(KINDS)],
                "seconds": self.chance.choice((-1.0, 1.0)) * self.chance.uniform(60.0, 90_000.0),
            }
            for n in range(faults)
        ]
        self.kinds = [f["kind"] for f in sorted(struck, key=lambda f: float(str(f["after_seconds"])))]
        return json.dumps({"seed": self.chance.randrange(10**6), "faults": struck})

    def _run(self, kill_after_seconds: float | None) -> int | None:
        """One conductor; its exit code, or None when it was killed."""
        command = [
            sys.executable, "-m", "harness", "start", "--simulate", self.node, "--budget", "24usd", "--price",
            "9usd", "--lab", str(self.folder), "--proposer", "random", "--no-plateau",
        ]  # fmt: skip
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HARNESS_")}
        environment = {**kept, "PYTHONPATH": str(ROOT), "HARNESS_SIMULATION": self.world}
        log = self.folder.with_suffix(".log")
        with log.open("ab") as output:
            conductor = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        begun = time.monotonic()
        while conductor.poll() is None:
            lasted = time.monotonic() - begun
            if lasted > STUCK_SECONDS:
                self.tally.broken.append(f"{self.name}: hangs; {log.read_text()[-400:]}")
                conductor.kill()
                return conductor.wait()
            if kill_after_seconds is not None and lasted > kill_after_seconds:
                return self._kill(conductor)
            self._look(conductor)
            time.sleep(LOOK_SECONDS)
        if conductor.returncode != 0 and not has_finished(self.folder):
            self.tally.broken.append(f"{self.name}: exit {conductor.returncode}; {log.read_text()[-1200:]}")
        return conductor.returncode

    def _kill(self, conductor: "subprocess.Popen[bytes]") -> None:
        conductor.send_signal(signal.SIGKILL)
        conductor.wait()
        self.tally.faults["conductor killed"] += 1
        if not (self.folder / "journal.db").exists():
            return
        self._count_struck()
        self.tally.examine(self.name, "conductor killed", self.folder)

    def _look(self, conductor: "subprocess.Popen[bytes]") -> None:
        """When a fault has struck: the conductor is frozen where it is, and the journal examined."""
        if self._struck() <= self.seen:
            return
        conductor.send_signal(signal.SIGSTOP)
        try:
            kinds = self._count_struck()
            self.tally.examine(self.name, " and ".join(kinds), self.folder)
        finally:
            conductor.send_signal(signal.SIGCONT)

    def _count_struck(self) -> list[str]:
        now = self._struck()
        kinds = self.kinds[self.seen : now]
        self.seen = now
        for kind in kinds:
            self.tally.faults["clock jumped" if kind == "clock_jump" else f"{kind} killed"] += 1
        return kinds

    def _struck(self) -> int:
        path = self.folder / "journal.db"
        if not path.exists():
            return 0
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as journal:
                row = journal.execute("SELECT value FROM meta WHERE key = ?", [_DONE]).fetchone()
        except sqlite3.OperationalError:
            return 0  # the tables are just being made
        return 0 if row is None else int(row[0])

    def _at_the_end(self, returncode: int) -> None:
        if has_finished(self.folder):
            self._count_struck()
            self.tally.finished(self.name, self.folder, returncode)
