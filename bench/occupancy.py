"""A simulated node played to its end: slot occupancy, money spent, and what the conductor itself costs.

    python -m bench.occupancy --node 8xh100 --budget 576usd

A slot is idle while no job has it and the unreserved budget could still pay for the cheapest useful
job. `strict` counts every second of every slot from start to exit.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from harness.lab.session import Session, load_session
from harness.plan.plan import Plan
from harness.plan.stored import load_plan
from journal.ledger.ledger import Ledger
from journal.prices import node_cost_micro_usd
from journal.records import JobRow, LedgerEntry
from journal.store import Journal

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Occupancy:
    """Slot seconds of one session, and its money."""

    slots: int
    node_seconds: float
    busy_seconds: float
    idle_seconds: float
    spent_micro_usd: int
    budget_micro_usd: int
    jobs: int

    @property
    def share(self) -> float:
        """Busy of busy and idle."""
        return self.busy_seconds / (self.busy_seconds + self.idle_seconds)

    @property
    def strict_share(self) -> float:
        """Busy of everything that was paid for."""
        return self.busy_seconds / (self.slots * self.node_seconds)

    @property
    def spent_share(self) -> float:
        return self.spent_micro_usd / self.budget_micro_usd


def measure(journal: Journal) -> Occupancy:
    """The last session's occupancy, from its record alone."""
    session = load_session(journal)
    assert session is not None
    plan = load_plan(journal, session)
    assert plan is not None
    rows = [row for row in journal.jobs()[session.jobs_before :] if row.started_at and row.finished_at]
    ledger = Ledger(journal)
    totals, entries = ledger.totals(), ledger.entries()
    end = max(entry.at for entry in entries)
    busy = sum((row.finished_at or 0.0) - (row.started_at or 0.0) for row in rows for _ in range(row.gpus))
    return Occupancy(
        slots=session.slots,
        node_seconds=end - session.started_at,
        busy_seconds=busy,
        idle_seconds=_idle_seconds(session, plan, rows, entries, end),
        spent_micro_usd=totals.spent,
        budget_micro_usd=totals.budget,
        jobs=len(rows),
    )


def _idle_seconds(
    session: Session, plan: Plan, rows: list[JobRow], entries: list[LedgerEntry], end: float
) -> float:
    """Slot seconds without a job while the unreserved budget could pay for one more search job."""
    cheapest = node_cost_micro_usd(plan.search_job_seconds, plan.price_micro_usd_per_hour) // plan.slots
    changes: list[tuple[float, int, int]] = [(end, 0, 0)]
    for entry in entries:
        free = entry.budget_micro_usd - entry.spent_micro_usd - entry.reserved_micro_usd
        changes.append((entry.at, 0, free))
    for row in rows:
        changes += [(row.started_at or 0.0, row.gpus, 0), (row.finished_at or 0.0, -row.gpus, 0)]
    idle, busy, free, before = 0.0, 0, 0, session.started_at
    for at, slots, money in sorted(changes):
        if free >= cheapest:
            idle += (session.slots - busy) * (at - before)
        busy, free, before = busy + slots, free + money, at
    return idle


def play(lab: Path, node: str, budget: str, *more: str) -> tuple[float, float]:
    """Run the lab in a process of its own; (CPU seconds, wall seconds)."""
    command = [sys.executable, "-m", "harness", "start", "--budget", budget, "--simulate", node]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (lab.parent / "start.log").open("w") as log:
        subprocess.run([*command, "--lab", str(lab), *more], check=True, stdout=log, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--node", default="8xh100")
    parser.add_argument("--budget", default="576usd")
    parser.add_argument("--seed", default="0")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        lab = Path(scratch) / "lab"
        cpu, wall = play(lab, args.node, args.budget, "--no-plateau", "--seed", args.seed)
        with Journal.read_only(lab / "journal.db") as journal:
            found, verdicts = measure(journal), len(journal.verdicts())
    print(f"occupancy        {found.share:.2%} (strict: {found.strict_share:.2%}) of {found.slots} slots")
    print(f"spent            {found.spent_share:.2%} of {found.budget_micro_usd / 1e6:,.2f} dollars")
    print(f"jobs, verdicts   {found.jobs}, {verdicts}")
    print(f"virtual hours    {found.node_seconds / 3600:.1f}")
    print(f"CPU, wall        {cpu:.1f} s, {wall:.1f} s ({found.node_seconds / wall:,.0f} times as fast)")


if __name__ == "__main__":
    main()
