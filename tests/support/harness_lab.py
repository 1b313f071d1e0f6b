"""A lab driven through its command line, its trainer and its models played by stand-ins."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from harness.lab.lock import lock_holder
from harness.node.tagged_processes import end_all, with_environment
from journal.lab_paths import LabPaths
from journal.ledger.ledger import Ledger
from journal.store import Journal
from tests.support.paths import ROOT

FAKE_TRAINER = [sys.executable, str(ROOT / "tests" / "support" / "fakes" / "fake_trainer.py")]
FAKE_ENGINE = [sys.executable, str(ROOT / "tests" / "support" / "fakes" / "fake_engine.py")]
PATIENCE_SECONDS = 90.0
BUDGET = "0.06usd"
T = TypeVar("T")


def eventually(probe: Callable[[], T], what: str, patience_seconds: float = PATIENCE_SECONDS) -> T:
    """The first true value of `probe`; fails when none comes in a generous time."""
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline:
        if value := probe():
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come about")


@dataclass
class CliLab:
    """One lab folder and the environment its commands run in; without stand-ins the real trainer runs."""

    folder: Path
    trainer: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    stand_ins: bool = True
    budget: str = BUDGET

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("HARNESS_", "OPENAI_"))}
        stand_ins = {
            "HARNESS_TRAINER_COMMAND": json.dumps(FAKE_TRAINER),
            "HARNESS_ENGINE_COMMAND": json.dumps(FAKE_ENGINE),
            "FAKE_TRAINER": json.dumps(self.trainer),
        }
        shared = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        return {**kept, **shared, **(stand_ins if self.stand_ins else {}), **self.extra}

    def popen(self, *arguments: str, **extra: str) -> "subprocess.Popen[str]":
        """A command under way."""
        return subprocess.Popen(
            [sys.executable, "-m", "harness", *arguments, "--lab", str(self.folder)],
            cwd=self.folder.parent,
            env={**self.environment, **extra},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, **extra: str) -> "subprocess.CompletedProcess[str]":
        """A command to its end; standard output and errors apart."""
        return subprocess.run(
            [sys.executable, "-m", "harness", *arguments, "--lab", str(self.folder)],
            cwd=self.folder.parent,
            env={**self.environment, **extra},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )

    def start_arguments(self, *more: str) -> list[str]:
        """`start` with two slots' worth of settings that every test shares."""
        return ["start", "--budget", self.budget, "--port", "0", "--slots", "2", *more]

    def journal(self) -> Journal:
        """The journal, for reading."""
        return Journal.read_only(self.folder / "journal.db")

    def processes(self) -> list[int]:
        """Everything that was started for this lab and lives."""
        return with_environment("HARNESS_LAB", str(self.folder))

    def holder(self) -> dict[str, object] | None:
        """Who holds the lab's lock."""
        return lock_holder(LabPaths.at(self.folder))

    def clean_up(self) -> None:
        """End what a failed test left."""
        holder = self.holder()
        if holder is not None:
            os.kill(int(str(holder["pid"])), signal.SIGKILL)
        end_all("HARNESS_LAB", str(self.folder), 0.5)

    def check_money(self) -> None:
        """Budget kept, every job settled exactly once, nothing left reserved."""
        with self.journal() as journal:
            ledger = Ledger(journal)
            totals, entries = ledger.totals(), ledger.entries()
            rows = [row for row in journal.jobs() if row.purpose != "manual"]
        assert totals.spent <= totals.budget and totals.reserved == 0, totals
        settled = [entry.job_id for entry in entries if entry.kind == "settle"]
        assert sorted(settled) == sorted(set(settled)), "a job was settled twice"
        assert {row.job_id for row in rows} <= set(settled), "a job was not settled"
        reserves = {entry.job_id: entry.reserved_micro_usd for entry in entries if entry.kind == "reserve"}
        for row in (row for row in rows if (self.folder / "runs" / row.job_id / "exit.json").exists()):
            wall = json.loads((self.folder / "runs" / row.job_id / "exit.json").read_text())["wall_seconds"]
            share = wall * 200_000 / 3600 * row.gpus / 2
            assert row.cost_micro_usd is not None and abs(row.cost_micro_usd - share) <= 2.0, row.job_id
            assert row.cost_micro_usd <= reserves[row.job_id]
        spent = reserved = 0
        for entry in entries:
            spent += entry.spent_micro_usd
            reserved += entry.reserved_micro_usd
            assert spent + reserved <= totals.budget, entry
