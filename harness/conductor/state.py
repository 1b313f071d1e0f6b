"""What one conductor run works with: the lab, its journal and money, its jobs under way."""

import math
from dataclasses import dataclass, field
from functools import cached_property

from harness.conductor.retention import tidy
from harness.decisions.champion import champion_recipe
from harness.decisions.view import LabView
from harness.fleet.protocols import JobFleet
from harness.lab.clock import SYSTEM_CLOCK, Clock
from harness.lab.session import Session
from harness.lab.simulated import MARKER
from harness.money.accounts import Accounts
from harness.money.billing import Billing
from harness.node.slot_queue import QueueHead, usable_slots
from harness.plan.plan import SHUTDOWN_SECONDS, Plan, search_limit
from harness.plan.scale import Scale, scale_for
from harness.plan.stored import KeptTimes, known_times, load_first_plan, load_plan
from harness.reports.live import Output
from harness.steering.brief import Brief
from journal.lab_paths import LabPaths
from journal.ledger.ledger import Ledger
from journal.prices import format_money
from journal.records import JobRow, Recipe
from journal.store import Journal
from journal.store.history import History
from journal.views import CHAMPION_RECIPE
from trainer.job import TERMINAL_STATES, CheckpointPaths, makes_checkpoint

UNREADABLE_BRIEF_EVENT = "brief_unreadable"


@dataclass(frozen=True)
class ProposerState:
    """What the proposer is doing; the journal does not know."""

    is_proposing: bool = False
    exhausted_at: int | None = None


@dataclass
class LabState:
    """The parts, and the views of them that decisions are made on; only the session's money may change."""

    lab: LabPaths
    journal: Journal
    session: Session
    fleet: JobFleet
    billing: Billing
    accounts: Accounts
    output: Output
    clock: Clock = SYSTEM_CLOCK
    # Under which name what jobs take is kept for the next lab; None: stand-ins show nothing of a machine.
    remembered_machine: str | None = None
    queue_head: QueueHead = field(default_factory=QueueHead)
    _without_checkpoint: set[str] = field(default_factory=set)

    @property
    def ledger(self) -> Ledger:
        return self.accounts.ledger

    @property
    def scale(self) -> Scale:
        return scale_for(self.session.machine_kind, self.session.data)

    @cached_property
    def history(self) -> History:
        """The journal's long lists."""
        return History(self.journal)

    @cached_property
    def brief(self) -> Brief:
        """The researcher's words, now and as they last could be read."""
        return Brief(self.lab.brief, self._note_unreadable_brief)

    def plan(self) -> Plan | None:
        """The measured plan, once there is one."""
        return load_plan(self.journal, self.session)

    def known_times(self) -> KeptTimes:
        """What was known of the machine before the session."""
        return known_times(self.scale, self.remembered_machine, self.accounts.simulated)

    def view(self, proposer: ProposerState | None = None) -> LabView:
        """The journal as it is now."""
        jobs = tuple(self.history.jobs())
        verdicts = tuple(self.history.verdicts())
        proposer = proposer or ProposerState()
        return LabView(
            session=self.session,
            scale=self.scale,
            plan=self.plan(),
            jobs=jobs,
            recipes=tuple(self.history.recipes()),
            hypotheses=tuple(self.history.hypotheses()),
            verdicts=verdicts,
            deployments=tuple(self.journal.deployments()),
            checkpoints=frozenset(row.job_id for row in jobs if self._has_checkpoint(row)),
            free_slots=self._slots_for_search(),
            seconds_left=self.seconds_left(),
            is_proposing=proposer.is_proposing,
            proposals_exhausted=proposer.exhausted_at == len(verdicts),
            prefetch=self.session.proposer == "llm",
            first_plan=load_first_plan(self.journal, self.session),
        )

    def usable_slots(self, seconds: float) -> int:
        """Slots that a job of at most so many seconds may take now, without delaying one that waits."""
        return usable_slots(len(self.fleet.pool.slots), self.fleet.occupied(), self.queue_head.slots, seconds)

    def tidy(self) -> None:
        """Delete the checkpoints that nothing will build on."""
        tidy(self.lab, self.journal, self.view(), self.clock.now())

    def _slots_for_search(self) -> int:
        plan = self.plan()
        longest = math.inf if plan is None else search_limit(plan) + self.accounts.grace_seconds
        return self.usable_slots(longest)

    def seconds_left(self) -> float:
        """Node time until the session must be over, by money and by the clock."""
        by_money = self.billing.seconds_left() - SHUTDOWN_SECONDS
        if self.session.hours is None:
            return by_money
        used = self.billing.node_seconds() - self.session.node_seconds_before
        return min(by_money, self.session.hours * 3600.0 - used - SHUTDOWN_SECONDS)

    def champion(self) -> Recipe | None:
        """The confirmed recipe in front, by the journal as it is now."""
        view = self.view()
        return None if view.plan is None else champion_recipe(view, view.plan)

    def note_champion(self) -> None:
        """Tell readers of the journal which recipe is in front."""
        champion = self.champion()
        if champion is not None and self.journal.meta(CHAMPION_RECIPE) != champion.recipe_id:
            self.journal.set_meta(CHAMPION_RECIPE, champion.recipe_id)

    def charge_idle(self, note: str) -> None:
        """Charge the node time that nobody has been charged for up to now."""
        self.billing.charge_idle(self.running_shares_micro_usd(), note)

    def running_shares_micro_usd(self) -> int:
        """What the jobs under way have used of the node so far."""
        return sum(self.billing.share_micro_usd(gpus, s) for gpus, s in self.fleet.running_seconds())

    def drain_seconds(self) -> float:
        """Until every job under way is surely gone; 0 without any."""
        return self.accounts.drain_seconds(self.fleet.seconds_until_drained())

    def summary(self) -> str:
        """The money in one line."""
        totals = self.ledger.totals()
        return f"spent {format_money(totals.spent)} of {format_money(totals.budget)}"

    def _note_unreadable_brief(self, error: str) -> None:
        self.journal.add_event(UNREADABLE_BRIEF_EVENT, {"error": error}, self.clock.now())
        self.output.say(f"{error}; the lab goes on with the words before", "red")

    def _has_checkpoint(self, row: JobRow) -> bool:
        if row.state not in TERMINAL_STATES or not makes_checkpoint(row.kind):
            return False
        if row.job_id in self._without_checkpoint:
            return False  # deleted or never written: a job that has ended gets none any more
        checkpoint = self.lab.run(row.job_id).checkpoint
        model = checkpoint / MARKER if self.session.simulated else CheckpointPaths(checkpoint).model
        found = model.is_file()
        if not found:
            self._without_checkpoint.add(row.job_id)
        return found
