"""`harness start`: one session of the lab, from its budget to its report."""

import math
import os
from contextlib import suppress
from dataclasses import dataclass, field, replace

from agent.spender import settle_lost_calls
from harness.conductor.actor import Actor
from harness.conductor.conductor import Conductor
from harness.conductor.state import LabState
from harness.decisions.actions import Finish
from harness.errors import Halt, UserError
from harness.fleet.launcher import trainer_command
from harness.lab.clock import SYSTEM_CLOCK, Clock
from harness.lab.crash_points import crash_point
from harness.lab.folder import create_lab
from harness.lab.lock import LabLock
from harness.lab.session import Session, load_session, save_session
from harness.lab.simulated import check_same_nature
from harness.money.accounts import Accounts
from harness.money.billing import Billing
from harness.money.lifetimes import last_signs
from harness.money.meter import load_meter
from harness.node.machine import Machine, check_usable, detect
from harness.plan.plan import Plan
from harness.plan.scale import scale_for
from harness.plan.stored import first_plan, known_times, save_first_plan
from harness.reports.live import Output
from harness.service.server_process import stop_server
from harness.service.worker import ask_worker_to_leave
from harness.simulation.node_names import simulated_machine
from harness.simulation.settings import simulation_settings
from harness.start.default_data import fetch_default
from harness.start.detach import notify_ready
from harness.start.end import close_billing, deployed_in_words, final_report, give_gpus_back, run_on_finish
from harness.start.options import StartOptions, check_data, default_data
from harness.start.proposers import build_proposer, check_proposer
from harness.start.runtime import Runtime, lab_clock, make_runtime
from harness.steering.brief import read_brief
from harness.steering.raise_budget import raise_session
from journal.lab_paths import LabPaths
from journal.ledger.ledger import Ledger
from journal.prices import format_money, node_price
from journal.store import Journal

INTERRUPTED = 130


@dataclass
class Start:
    """One `harness start`: everything that lives as long as it does."""

    lab: LabPaths
    options: StartOptions
    machine: Machine
    output: Output
    clock: Clock = field(default=SYSTEM_CLOCK)

    @property
    def price(self) -> int:
        """Micro-dollars an hour of this node."""
        assert self.options.price_micro_usd_per_hour is not None
        return self.options.price_micro_usd_per_hour

    def dry_run(self) -> None:
        """Print what the money would buy."""
        plan = self._first_plan(self._seconds_bought(0))
        self.output.plan(plan, self.machine.name)
        self._fetch(plan, dry_run=True)

    def run(self) -> int:
        """Run or go on with a session; 0 when it ended with a deployed model."""
        check_same_nature(self.lab, self.machine.simulated)
        check_usable(self.machine)
        check_proposer(self.options.proposer)
        read_brief(self.lab.brief)  # refuses one that cannot be read: it may pin and forbid settings
        if not self.lab.journal.exists():
            # Refuses too small a budget before anything is made.
            self._fetch(self._first_plan(self._seconds_bought(0)), dry_run=False)
        if not self.machine.simulated:
            check_data(self.options.data)
        create_lab(self.lab)
        ask_worker_to_leave(self.lab)
        with LabLock(self.lab, "harness start") as lock:
            journal = Journal.open(self.lab.journal)
            try:
                return self._run(journal, lock)
            finally:
                journal.close()

    def _run(self, journal: Journal, lock: LabLock) -> int:
        self.clock = self.output.clock = lab_clock(journal, self.machine.simulated)
        ledger = Ledger(journal, self.clock.now)
        session = self._session(journal, ledger)
        crash_point("after_session")
        runtime = make_runtime(
            self.lab, journal, self.machine, self.clock, session.slots, self.options.port, self.output
        )
        billing = Billing(
            journal,
            ledger,
            session.price_micro_usd_per_hour,
            session.slots,
            session.bill == "share",
            runtime.clock,
            runtime.boot_id,
            session.number,
        )
        under_way = journal.jobs(states=("queued", "running"))
        billing.start(last_signs(self.lab, under_way, self.options.grace_seconds))
        settle_lost_calls(journal)
        state = self._state(journal, session, ledger, billing, runtime)
        actor = Actor(
            state, build_proposer(session.proposer, journal, runtime.clock.now), runtime.proposer_executor
        )
        conductor = Conductor(state, actor, runtime.server, self.options.poll_seconds, lock.is_ours)
        conductor.install_signals()
        notify_ready()
        try:
            finish = conductor.run()
            return self._stopped(state) if finish is None else self._finish(state, finish)
        except Halt as halt:
            return self._halted(halt)
        finally:
            actor.close()

    def _state(
        self, journal: Journal, session: Session, ledger: Ledger, billing: Billing, runtime: Runtime
    ) -> LabState:
        has_stand_in = session.simulated or trainer_command() is not None
        grace = self.options.grace_seconds
        accounts = Accounts(self.lab, journal, ledger, billing, has_stand_in, grace, runtime.clock)
        return LabState(
            self.lab, journal, session, runtime.fleet, billing, accounts, self.output, runtime.clock,
            self._remembered_machine(),
        )  # fmt: skip

    def _session(self, journal: Journal, ledger: Ledger) -> Session:
        """The session to go on with, or a new one with its budget."""
        last = load_session(journal)
        if last is not None and last.state == "running":
            return self._resume(journal, ledger, last)
        if last is not None and last.data != self.options.data:
            raise UserError(
                f"--data: {self.options.data}; this lab is about {last.data}: its numbers would not compare; "
                "allowed: the same data, or another --lab"
            )
        seconds = self._seconds_bought(ledger.totals().free)
        plan = self._first_plan(seconds)
        self.output.plan(plan, self.machine.name)
        session = self._new_session(journal, 1 if last is None else last.number + 1, seconds)
        with journal.atomic():
            ledger.add_budget(self.options.budget_micro_usd, f"session {session.number}")
            save_session(journal, session)
            save_first_plan(journal, session, plan)
            detail: dict[str, object] = {
                "session": session.number,
                "budget_micro_usd": session.budget_micro_usd,
            }
            journal.add_event("session_started", detail, session.started_at)
        return session

    def _new_session(self, journal: Journal, number: int, seconds: float) -> Session:
        options = self.options
        return Session(
            number=number,
            state="running",
            started_at=self.clock.now(),
            budget_micro_usd=options.budget_micro_usd,
            price_micro_usd_per_hour=self.price,
            bill=options.bill,
            hours=options.hours,
            total_seconds=seconds,
            data=options.data,
            proposer=options.proposer,
            slots=len(self.machine.slots(options.slots)),
            seed=options.seed,
            max_hypotheses=options.max_hypotheses,
            machine=self.machine.name,
            machine_kind="gpu" if self.machine.gpus else "cpu",
            node_seconds_before=load_meter(journal).total_seconds(),
            jobs_before=len(journal.jobs()),
            hypotheses_before=len(journal.hypotheses()),
            simulated=self.machine.simulated,
            stops_at_plateau=options.stops_at_plateau,
        )

    def _resume(self, journal: Journal, ledger: Ledger, session: Session) -> Session:
        """An interrupted session: same settings; a larger budget than before adds the difference."""
        if session.simulated and session.machine != self.machine.name:
            raise UserError(
                f"--simulate: {self.machine.name}; the session under way is of a {session.machine}; "
                "allowed: the same node"
            )
        more = max(0, self.options.budget_micro_usd - session.budget_micro_usd)
        longer = self.options.hours if (self.options.hours or 0.0) > (session.hours or math.inf) else None
        if more or longer:
            session = raise_session(journal, session, more, longer, self.clock.now())
        self.output.say(
            f"going on with session {session.number} of {self.lab.folder} "
            f"({format_money(ledger.totals().free)} free, reservations of jobs under way apart)"
        )
        return session

    def _seconds_bought(self, free_micro_usd: int) -> float:
        money = self.options.budget_micro_usd + max(0, free_micro_usd)
        seconds = money * 3600.0 / self.price
        return seconds if self.options.hours is None else min(seconds, self.options.hours * 3600.0)

    def _fetch(self, plan: Plan, dry_run: bool) -> None:
        if not self.machine.simulated:
            scale = scale_for(self.machine.kind, self.options.data)
            fetch_default(self.options.data, plan, scale, self.output.say, dry_run)

    def _first_plan(self, seconds: float) -> Plan:
        scale = scale_for(self.machine.kind, self.options.data)
        slots = len(self.machine.slots(self.options.slots))
        has_stand_in = self.machine.simulated or trainer_command() is not None
        known = known_times(scale, self._remembered_machine(), has_stand_in)
        return first_plan(scale, slots, self.price, seconds, self.options.max_hypotheses, known)

    def _remembered_machine(self) -> str | None:
        if self.machine.simulated:
            return self.machine.name if simulation_settings().keeps_caches else None
        return None if trainer_command() is not None else self.machine.name

    def _finish(self, state: LabState, finish: Finish) -> int:
        crash_point("before_report")
        if not self.options.keep_serving:
            stop_server(self.lab, "conductor")
        give_gpus_back(state.journal)
        outcome = finish.outcome if finish.ok else f"{finish.outcome}; {deployed_in_words(state.journal)}"
        report = final_report(state, outcome)
        crash_point("before_finish")
        journal = state.journal
        with journal.atomic():
            session = load_session(journal) or state.session  # its money may have been raised since
            save_session(journal, session.model_copy(update={"state": "finished", "outcome": outcome}))
            detail: dict[str, object] = {
                "session": session.number,
                "outcome": outcome,
                "ok": finish.ok,
            }
            journal.add_event("session_finished", detail, self.clock.now())
        self.output.say(f"{outcome}; {state.summary()}", None if finish.ok else "red")
        self.output.say(f"report: {report}")
        if journal.live_deployment() is not None and not session.simulated:
            self.output.say(f"talk to it: harness chat{self._lab_option()}   (or: make chat)")
        return 0 if finish.ok else 1

    def _stopped(self, state: LabState) -> int:
        if not self.options.keep_serving:
            stop_server(self.lab, "conductor")
        give_gpus_back(state.journal)
        close_billing(state, "interrupted")
        state.journal.add_event("interrupted", {"session": state.session.number}, self.clock.now())
        amount = state.session.budget_micro_usd / 1_000_000
        node = f" --simulate {self.options.simulate}" if self.options.simulate else ""
        self.output.say(f"stopped; {state.summary()}")
        self.output.say(f"to go on: harness start --budget {amount:g}usd{node}{self._lab_option()}")
        return INTERRUPTED

    def _halted(self, halt: Halt) -> int:
        if halt.lab_is_ours and not self.options.keep_serving:
            stop_server(self.lab, "conductor")
        with suppress(OSError):  # our output may go to the very disk that is full
            self.output.say(str(halt), "red")
        return 1

    def _lab_option(self) -> str:
        default = os.path.abspath("lab")  # noqa: PTH100
        return "" if str(self.lab.folder) == default else f" --lab {self.lab.folder}"


def start_lab(lab: LabPaths, options: StartOptions, output: Output, dry_run: bool) -> int:
    """The command's body."""
    machine = detect() if options.simulate is None else simulated_machine(options.simulate)
    if options.price_micro_usd_per_hour is None:
        gpu = machine.gpus[0].name if machine.gpus else None
        options = replace(options, price_micro_usd_per_hour=node_price(gpu, len(machine.gpus)))
    if not options.data:
        options = replace(options, data=default_data(lab, machine))
    start = Start(lab, options, machine, output)
    if dry_run:
        start.dry_run()
        return 0
    with output:
        code = start.run()
    if code != INTERRUPTED:
        run_on_finish(lab, options.on_finish, output.say)
    return code
