"""Manual jobs where no session runs: whoever holds the lab's lock may launch them, without a budget."""

import time
from collections.abc import Callable
from os import kill
from signal import SIGUSR1

from harness.errors import UserError
from harness.fleet.disk_gate import DiskGate
from harness.fleet.fleet import Fleet
from harness.fleet.launcher import launcher_of, trainer_command
from harness.lab.lock import lock_holder
from harness.money.accounts import Accounts
from harness.money.billing import Billing
from harness.node.machine import Machine
from harness.node.slots import SlotPool
from journal.errors import MoneyError
from journal.lab_paths import LabPaths
from journal.ledger.ledger import Ledger
from journal.prices import OWN_MACHINE_MICRO_USD_PER_HOUR, node_price
from journal.records import JobRow
from journal.store import Journal
from trainer.job import parse_job

WORKER_ROLE = "worker"
GRACE_SECONDS = 15.0
YIELD_SECONDS = 15.0


class Worker:
    """Runs the queued manual jobs of a lab; the caller holds the lab's lock."""

    def __init__(
        self,
        lab: LabPaths,
        journal: Journal,
        machine: Machine,
        say: Callable[[str], None],
        warn: Callable[[str], None],
    ) -> None:
        command = trainer_command()
        slots = machine.slots()
        billing = Billing(journal, Ledger(journal), price_of(machine), len(slots))
        self.journal = journal
        self.say = say
        self.accounts = Accounts(lab, journal, billing.ledger, billing, command is not None, GRACE_SECONDS)
        self.fleet = Fleet(journal, launcher_of(lab), SlotPool(slots))
        self.disk = DiskGate(lab, journal, self.fleet, lambda: None, warn)
        self._refused: set[str] = set()

    def take_over(self) -> None:
        """Go on with manual jobs that were under way when their owner ended."""
        for row in self.journal.jobs(states=("queued", "running")):
            if row.purpose == "manual" and row.launched_at is not None:
                self.fleet.attach(row, parse_job(row.spec).limits.max_seconds, GRACE_SECONDS)

    def turn(self, only: str | None = None) -> None:
        """Close what has ended, cancel what is to be cancelled, launch what fits."""
        for ended in self.fleet.ended():
            row = self.accounts.close(ended)
            self.say(f"{row.job_id} {row.kind}: {row.state}{f' ({row.reason})' if row.reason else ''}")
        under_way = {row.job_id for row in self.fleet.rows()}
        for row in self.journal.jobs(states=("queued", "running")):
            if row.cancel_requested:
                self._cancel(row, row.job_id in under_way)
            elif row.purpose == "manual" and row.state == "queued" and row.job_id not in under_way:
                self._launch(row, only)

    def stop(self) -> None:
        """SIGTERM to every job, and wait until they have left."""
        for row in self.fleet.rows():
            self.fleet.stop(row.job_id)
        deadline = time.monotonic() + 2 * GRACE_SECONDS
        while len(self.fleet) and time.monotonic() < deadline:
            for ended in self.fleet.ended():
                self.accounts.close(ended)
            time.sleep(0.05)

    def let_go(self) -> None:
        """Before another takes the lab: trainers that wait for a job would be in its way."""
        self.fleet.let_go()

    def _launch(self, row: JobRow, only: str | None) -> None:
        if only is not None and row.job_id != only:
            return
        if row.gpus > len(self.fleet.pool.slots):
            if row.job_id not in self._refused:
                message = f"limits.gpus: {row.gpus}; this machine has {len(self.fleet.pool.slots)} slots"
                self.accounts.discard(row, "too_many_slots", message)
            self._refused.add(row.job_id)
            return
        job = parse_job(row.spec)
        if self.fleet.pool.can_take(row.gpus) and self.disk.admits(job):
            self.fleet.launch(row, job.limits.max_seconds, GRACE_SECONDS)
            self.say(f"{row.job_id} {row.kind}: launched")

    def _cancel(self, row: JobRow, under_way: bool) -> None:
        if under_way:
            self.fleet.stop(row.job_id)
        elif row.state == "queued" and row.purpose == "manual":
            self.accounts.discard(row, "cancelled", "cancelled before it was launched")


def price_of(machine: Machine) -> int:
    """The machine's price for jobs outside any budget; unknown GPUs count as one's own machine."""
    try:
        return node_price(machine.gpus[0].name if machine.gpus else None, len(machine.gpus))
    except MoneyError:
        return OWN_MACHINE_MICRO_USD_PER_HOUR


def ask_worker_to_leave(lab: LabPaths) -> None:
    """A session takes precedence: a worker lets go of the lab, its jobs run on and are taken over.

    Raises:
        UserError: it does not let go.
    """
    holder = lock_holder(lab)
    if holder is None or holder.get("role") != WORKER_ROLE or not isinstance(holder.get("pid"), int):
        return
    kill(int(str(holder["pid"])), SIGUSR1)
    deadline = time.monotonic() + YIELD_SECONDS
    while lock_holder(lab) is not None:
        if time.monotonic() > deadline:
            raise UserError(f"{lab.folder}: the worker (pid {holder['pid']}) does not let go of the lab")
        time.sleep(0.05)
