"""What must hold of a lab after a fault, and what after its end."""

import time
from pathlib import Path

from harness.doctor.lab_checks import examine_lab
from harness.lab.session import load_session
from harness.node.tagged_processes import with_environment
from journal.audit.audit import audit
from journal.lab_paths import LabPaths
from journal.ledger.ledger import Ledger
from journal.store import Journal
from tests.chaos.replay import Readers
from trainer.job import TERMINAL_STATES

PATIENCE_SECONDS = 30.0
# `events` names the damage that was done to a file whose numbers are in the journal.
EXPECTED = ("lock", "events")


def faults_of_journal(folder: Path) -> list[str]:
    """Broken invariants of the journal, in words; the verdicts are judged again from its rows."""
    with Journal.read_only(folder / "journal.db") as journal:
        totals = Ledger(journal).totals()
        found = [f"{check.name}: {check.detail}" for check in audit(journal) if check.state == "failed"]
    if totals.spent > totals.budget:
        found.append(f"spent {totals.spent} of {totals.budget}")
    return found


def faults_of_replay(folder: Path, readers: Readers) -> list[str]:
    """Whether two processes read the same next decision out of the journal."""
    first, second = readers.decisions(folder)
    return [] if first == second and not first.startswith("failed") else [f"replay: {first!r} {second!r}"]


def has_finished(folder: Path) -> bool:
    """Whether the lab's session came to its end, with a champion or without."""
    with Journal.read_only(folder / "journal.db") as journal:
        session = load_session(journal)
    return session is not None and session.state == "finished"


def faults_of_finished(folder: Path) -> list[str]:
    """Broken promises of a lab that has ended: every job accounted for once, nothing left."""
    found = faults_of_journal(folder)
    with Journal.read_only(folder / "journal.db") as journal:
        ledger = Ledger(journal)
        settled = [entry.job_id for entry in ledger.entries() if entry.kind == "settle"]
        rows, totals = journal.jobs(), ledger.totals()
        states = [deployment.state for deployment in journal.deployments()]
    if sorted(settled) != sorted(row.job_id for row in rows):
        found.append(f"{len(rows)} jobs, {len(settled)} settlements")
    found += [f"{row.job_id} is {row.state}" for row in rows if row.state not in TERMINAL_STATES]
    if "live" not in states:
        found.append(f"no model is left deployed: {states}")
    if totals.reserved:
        found.append(f"{totals.reserved} micro-dollars still reserved")
    if left := processes_left(folder):
        found.append(f"processes left: {left}")
    checks = examine_lab(LabPaths.at(folder))
    return found + [f"{c.name}: {c.detail}" for c in checks if c.state == "failed" and c.name not in EXPECTED]


def processes_left(folder: Path) -> list[int]:
    """Processes of the lab that do not go away by themselves."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := with_environment("HARNESS_LAB", str(folder))) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left
