"""Whatever runs, a drain from this very instant ends within the budget, and leaves the end its money."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from harness.fleet.fleet import Ended
from harness.money.accounts import Accounts
from harness.money.billing import Billing
from harness.money.lifetimes import LastSign
from harness.plan.plan import SHUTDOWN_SECONDS
from journal.errors import OverBudget
from journal.lab_paths import LabPaths
from journal.ledger.ledger import Ledger
from journal.records import JobRow
from tests.harness.money.test_billing import SettableClock
from tests.support.journal_support import charged_to, job_row, new_journal, recipe
from trainer.job import ExitRecord

PRICE = 3_600_000  # one second is 1,000 micro-dollars
SECOND = PRICE // 3600
SLOTS = 4
GRACE_SECONDS = 3.0


@dataclass
class Flight:
    """A job under way and when it is surely gone."""

    row: JobRow
    started: float
    gone: float


class DrainMachine(RuleBasedStateMachine):
    """Real billing, accounts and ledger; jobs and time are ours."""

    @initialize(seconds=st.integers(60, 600))
    def open(self, seconds: int) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.clock = SettableClock()
        self.journal = new_journal(self.folder)
        self.journal.add_recipe(recipe())
        self.ledger = Ledger(self.journal)
        self.ledger.add_budget(seconds * SECOND)
        self.flights: list[Flight] = []
        self.launched = self.calls = 0
        self.reopen()

    def reopen(self) -> None:
        self.billing = Billing(
            self.journal, self.ledger, PRICE, SLOTS, clock=self.clock, boot_id="boot", session=1
        )
        self.accounts = Accounts(
            LabPaths.at(self.folder), self.journal, self.ledger, self.billing, True, GRACE_SECONDS, self.clock
        )
        self.billing.start([LastSign("boot", self.clock.elapsed())] if self.flights else [])
        # As the conductor's turn does before it asks a model for anything: from here on this is held.
        self.billing.renew_drain(self.drain())

    @rule(gpus=st.integers(1, SLOTS), deadline=st.floats(1.0, 90.0))
    def launch(self, gpus: int, deadline: float) -> None:
        if gpus > SLOTS - sum(flight.row.gpus for flight in self.flights):
            return
        self.launched += 1
        row = job_row(self.launched).model_copy(update={"gpus": gpus})
        before = self.ledger.totals()
        try:
            with self.journal.atomic():
                self.accounts.reserve(row, deadline, self.under_way())
                self.journal.add_job(row)
        except OverBudget:
            assert self.ledger.totals() == before and self.journal.job(row.job_id) is None
            return
        self.journal.mark_running(row.job_id, self.clock.now())
        now = self.clock.elapsed()
        self.flights.append(Flight(row, now, now + deadline + GRACE_SECONDS))

    @rule(seconds=st.floats(0.1, 60.0))
    def jobs_go_on(self, seconds: float) -> None:
        """Time passes up to the first job that must be gone by now."""
        if self.flights:
            self.clock.sleep(min([seconds, *(f.gone - self.clock.elapsed() for f in self.flights)]))
            for flight in [f for f in self.flights if f.gone <= self.clock.elapsed()]:
                self.end(flight, is_known=True)

    @precondition(lambda self: not self.flights)
    @rule(seconds=st.floats(0.01, 5.0))
    def the_node_waits(self, seconds: float) -> None:
        """No job runs: the conductor's next turn sees to it that this is paid for."""
        self.billing.renew_drain(0.0)
        held = self.ledger.reservations()
        at_hand = held.get("node-1", 0) + self.ledger.totals().free
        shutdown = max(0, int(SHUTDOWN_SECONDS * SECOND) - held.get("end-1", 0))
        if at_hand >= self.billing.due_micro_usd(seconds) - self.billing.charged() + shutdown:
            self.clock.sleep(seconds)
            self.billing.renew_drain(0.0)

    @rule(index=st.integers(0, SLOTS), is_known=st.booleans())
    def a_job_ends(self, index: int, is_known: bool) -> None:
        if self.flights:
            self.end(self.flights[index % len(self.flights)], is_known)

    @rule(micro_usd=st.integers(1, 30_000))
    def ask_a_model(self, micro_usd: int) -> None:
        try:
            self.ledger.reserve(f"llm-{self.calls}", micro_usd, "llm")
            self.calls += 1
        except OverBudget:
            pass

    @rule(index=st.integers(0, 9), share=st.floats(0.0, 1.0))
    def a_model_answers(self, index: int, share: float) -> None:
        held = self.ledger.reserved(f"llm-{index}")
        if held:
            self.ledger.settle(f"llm-{index}", int(share * held))

    @rule(seconds=st.integers(1, 200))
    def reserve_the_end(self, seconds: int) -> None:
        self.billing.reserve_end(seconds)
        self.billing.renew_drain(self.drain())

    @rule()
    def charge_idle(self) -> None:
        now = self.clock.elapsed()
        shares = [self.billing.share_micro_usd(f.row.gpus, now - f.started) for f in self.flights]
        self.billing.charge_idle(sum(shares), "idle")

    @rule()
    def crash(self) -> None:
        self.billing.heartbeat()
        self.reopen()

    def end(self, flight: Flight, is_known: bool) -> None:
        self.flights.remove(flight)
        wall = self.clock.elapsed() - flight.started
        record = ExitRecord(
            job_id=flight.row.job_id, returncode=0, reason="exited", wall_seconds=wall, boot_id="boot",
            finished_at=self.clock.now(),
        )  # fmt: skip
        held = self.ledger.reserved(flight.row.job_id)
        closed = self.accounts.close(Ended(flight.row, record if is_known else None, wall), self.under_way())
        # Of an end that nobody saw `wall` is the most it can have lasted; beyond its money it cannot have.
        longest = self.billing.share_micro_usd(flight.row.gpus, wall)
        assert is_known or closed.cost_micro_usd == min(held, longest)
        assert self.ledger.reserved(flight.row.job_id) == 0
        assert charged_to(self.ledger, flight.row.job_id) == closed.cost_micro_usd

    def under_way(self) -> float:
        return max([0.0, *(flight.gone - self.clock.elapsed() for flight in self.flights)])

    def drain(self) -> float:
        return self.accounts.drain_seconds(self.under_way())

    @invariant()
    def a_drain_from_now_stays_within_the_budget(self) -> None:
        held, totals = self.ledger.reservations(), self.ledger.totals()
        models = self.ledger.spent_on("llm") + sum(v for k, v in held.items() if k.startswith("llm-"))
        jobs = sum(held.get(flight.row.job_id, 0) for flight in self.flights)
        end = held.get("end-1", 0)
        node = self.billing.due_micro_usd(self.drain()) + max(end, int(SHUTDOWN_SECONDS * SECOND))
        assert models + max(self.billing.charged() + jobs + end, node) <= totals.budget
        assert totals.spent + totals.reserved <= totals.budget

    def teardown(self) -> None:
        self.journal.close()
        shutil.rmtree(self.folder)


DrainMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestDrainMachine = DrainMachine.TestCase
