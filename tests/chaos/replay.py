"""`python -m tests.chaos.replay`: the next decision that a copy of a lab's journal leads to.

It reads a line of JSON for each copy, `[lab folder, journal]`, and answers with one. Time stands still
there, so that the same journal must give the same words in every process, whatever its hash seed.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType

from harness.conductor.state import LabState
from harness.decisions.decide import decide
from harness.fleet.fleet import Ended
from harness.lab.session import load_session
from harness.money.accounts import Accounts
from harness.money.recorded_billing import billing_as_recorded
from harness.node.slot_queue import Occupied
from harness.node.slots import Slot, SlotPool
from harness.reports.live import Output
from harness.steering.brief import brief_pins, read_brief
from journal.lab_paths import LabPaths
from journal.records import JobRow
from journal.store import Journal
from tests.support.paths import ROOT

HASH_SEEDS = ("1", "2")


class StillFleet:
    """The jobs that the journal says are under way; nothing moves."""

    def __init__(self, rows: list[JobRow], slots: int) -> None:
        self._rows = [row for row in rows if row.launched_at is not None]
        self.pool = SlotPool(Slot(index, None, ()) for index in range(slots))

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self) -> list[JobRow]:
        return self._rows

    def launch(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> None:
        raise AssertionError("nothing is launched")

    def attach(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> None:
        raise AssertionError("nothing is attached")

    def ended(self) -> list[Ended]:
        return []

    def seconds_until_drained(self) -> float:
        return 0.0

    def occupied(self) -> list[Occupied]:
        return [Occupied(row.gpus, 60.0) for row in self._rows]

    def running_seconds(self) -> list[tuple[int, float]]:
        return [(row.gpus, 0.0) for row in self._rows]

    def wait(self, seconds: float, is_quiet: bool = False) -> None:
        raise AssertionError("time stands still")

    def stop(self, job_id: str, at_once: bool = False) -> None:
        raise AssertionError("nothing is stopped")


def next_decision(lab: LabPaths, journal: Journal) -> str:
    """What `decide()` says of this journal, in words."""
    session = load_session(journal)
    if session is None or session.state == "finished":
        return "no session under way"
    fleet = StillFleet(journal.jobs(states=("queued", "running")), session.slots)
    billing = billing_as_recorded(journal, session)
    accounts = Accounts(lab, journal, billing.ledger, billing, session.simulated, 15.0, billing.clock)
    state = LabState(lab, journal, session, fleet, billing, accounts, Output(), billing.clock)
    return repr(decide(state.view(), brief_pins(read_brief(lab.brief))))


class Readers:
    """Two processes with different hash seeds that read the same copies of journals."""

    def __enter__(self) -> "Readers":
        self._readers = [_reader(seed) for seed in HASH_SEEDS]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for reader in self._readers:
            reader.communicate()

    def decisions(self, folder: Path) -> list[str]:
        """The next decision, as each of them sees it in one copy of the journal."""
        with tempfile.TemporaryDirectory() as scratch:
            copied = Path(scratch) / "journal.db"
            copy_journal(folder / "journal.db", copied)
            return [_ask(reader, [str(folder), str(copied)]) for reader in self._readers]


def copy_journal(source: Path, target: Path) -> None:
    """A consistent copy, whoever writes meanwhile."""
    source_uri = f"file:{source}?mode=ro"
    with closing(sqlite3.connect(source_uri, uri=True)) as living, closing(sqlite3.connect(target)) as copied:
        living.backup(copied)


def _reader(hash_seed: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.replay"],
        env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ask(reader: "subprocess.Popen[str]", question: Sequence[str]) -> str:
    assert reader.stdin is not None and reader.stdout is not None
    reader.stdin.write(json.dumps(question) + "\n")
    reader.stdin.flush()
    line = reader.stdout.readline()
    return str(json.loads(line)) if line else f"failed: exit code {reader.wait()}"


def main() -> None:
    for line in sys.stdin:
        folder, copied = json.loads(line)
        with Journal.open(Path(copied)) as journal:
            print(json.dumps(next_decision(LabPaths.at(Path(folder)), journal)), flush=True)


if __name__ == "__main__":
    main()
