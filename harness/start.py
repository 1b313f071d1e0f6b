"""`harness start`: one session of the lab, from its budget to its report."""

import os
import time
from dataclasses import dataclass, replace

from agent.spender import settle_lost_calls
from harness.accounts import Accounts
from harness.acting import Actor
from harness.actions import Finish
from harness.billing import Billing
from harness.conductor import Conductor
from harness.crash import crash_point
from harness.errors import UserError
from harness.fleet import Fleet
from harness.lab import LabLock, LabPaths
from harness.launcher import Launcher
from harness.machine import Machine, check_usable, detect
from harness.options import check_data, default_data
from harness.output import Output
from harness.plan import Plan, guessed_rates, make_plan
from harness.proposers import build_proposer, check_proposer
from harness.recipes import scale_for
from harness.report import write_report
from harness.serving import ServerKeeper, stop_server
from harness.session import Session, load_session, save_session
from harness.settings import StartOptions, trainer_command
from harness.slots import SlotPool
from harness.state import LabState
from harness.worker import ask_worker_to_leave
from journal.ledger import Ledger
from journal.prices import format_money, node_price
from journal.store import Journal


@dataclass
class Start:
    """One `harness start`: everything that lives as long as it does."""

    lab: LabPaths
    options: StartOptions
    machine: Machine
    output: Output

    @property
    def price(self) -> int:
        """Micro-dollars an hour of this node."""
        assert self.options.price_micro_usd_per_hour is not None
        return self.options.price_micro_usd_per_hour

    def dry_run(self) -> None:
        """Print what the money would buy."""
        self.output.plan(self._first_plan(self._seconds_bought(0)), self.machine.name)

    def run(self) -> int:
        """Run or go on with a session; 0 when it ended with a deployed model."""
        check_usable(self.machine)
        check_data(self.options.data)
        check_proposer(self.options.proposer)
        if not self.lab.journal.exists():
            self._first_plan(self._seconds_bought(0))  # refuses too small a budget before anything is made
        self.lab.create()
        ask_worker_to_leave(self.lab)
        with LabLock(self.lab, "harness start"):
            journal = Journal.open(self.lab.journal)
            try:
                return self._run(journal)
            finally:
                journal.close()

    def _run(self, journal: Journal) -> int:
        ledger = Ledger(journal)
        session = self._session(journal, ledger)
        crash_point("after_session")
        billing = Billing(
            journal, ledger, session.price_micro_usd_per_hour, session.slots, session.bill == "share"
        )
        billing.start(self._jobs_alive_until(journal))
        settle_lost_calls(journal)
        state = self._state(journal, session, ledger, billing)
        actor = Actor(state, build_proposer(session.proposer, journal))
        keeper = ServerKeeper(self.lab, self.options.port, self.output.say)
        conductor = Conductor(state, actor, keeper, self.options.poll_seconds)
        conductor.install_signals()
        try:
            finish = conductor.run()
            return self._stopped(state) if finish is None else self._finish(state, finish)
        finally:
            actor.close()

    def _state(self, journal: Journal, session: Session, ledger: Ledger, billing: Billing) -> LabState:
        command = trainer_command()
        grace = self.options.grace_seconds
        accounts = Accounts(self.lab, journal, ledger, billing, command is not None, grace)
        fleet = Fleet(journal, Launcher(self.lab, command), SlotPool(self.machine.slots(session.slots)))
        return LabState(self.lab, journal, session, fleet, billing, accounts, self.output)

    def _session(self, journal: Journal, ledger: Ledger) -> Session:
        """The session to go on with, or a new one with its budget."""
        last = load_session(journal)
        if last is not None and last.state == "running":
            return self._go_on(journal, ledger, last)
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
            detail: dict[str, object] = {
                "session": session.number,
                "budget_micro_usd": session.budget_micro_usd,
            }
            journal.add_event("session_started", detail, session.started_at)
        return session

    def _new_session(self, journal: Journal, number: int, seconds: float) -> Session:
        options = self.options
        billing = Billing(journal, Ledger(journal), self.price, 1)
        return Session(
            number=number,
            state="running",
            started_at=time.time(),
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
            node_seconds_before=billing.recorded_seconds(),
            jobs_before=len(journal.jobs()),
            hypotheses_before=len(journal.hypotheses()),
        )

    def _go_on(self, journal: Journal, ledger: Ledger, session: Session) -> Session:
        """An interrupted session: same settings; a larger budget than before adds the difference."""
        more = self.options.budget_micro_usd - session.budget_micro_usd
        if more > 0:
            session = session.model_copy(update={"budget_micro_usd": self.options.budget_micro_usd})
            with journal.atomic():
                ledger.add_budget(more, f"session {session.number}, more")
                save_session(journal, session)
        self.output.say(
            f"going on with session {session.number} of {self.lab.folder} "
            f"({format_money(ledger.totals().free)} free, reservations of jobs under way apart)"
        )
        return session

    def _seconds_bought(self, free_micro_usd: int) -> float:
        money = self.options.budget_micro_usd + max(0, free_micro_usd)
        seconds = money * 3600.0 / self.price
        return seconds if self.options.hours is None else min(seconds, self.options.hours * 3600.0)

    def _first_plan(self, seconds: float) -> Plan:
        scale = scale_for(self.machine.kind, self.options.data)
        slots = len(self.machine.slots(self.options.slots))
        return make_plan(
            scale,
            slots,
            self.price,
            seconds,
            guessed_rates(scale),
            self.options.max_hypotheses,
        )

    def _jobs_alive_until(self, journal: Journal) -> float | None:
        """When the jobs of a conductor that died were last seen: their node time is paid for too."""
        ends = [_alive_until(self.lab, row.job_id) for row in journal.jobs(states=("queued", "running"))]
        known = [end for end in ends if end is not None]
        return max(known) if known else None

    def _finish(self, state: LabState, finish: Finish) -> int:
        crash_point("before_report")
        session, journal = state.session, state.journal
        state.ledger.release(state.end_key)
        state.charge_idle("to the end of the session")
        report = write_report(self.lab, journal, session, finish.outcome)
        if not self.options.keep_serving:
            stop_server(self.lab, "conductor")
        crash_point("before_finish")
        state.charge_idle("shutdown")
        state.billing.stop()
        finished = session.model_copy(update={"state": "finished", "outcome": finish.outcome})
        with journal.atomic():
            save_session(journal, finished)
            detail: dict[str, object] = {
                "session": session.number,
                "outcome": finish.outcome,
                "ok": finish.ok,
            }
            journal.add_event("session_finished", detail, time.time())
        self.output.say(f"{finish.outcome}; {state.summary()}", None if finish.ok else "red")
        self.output.say(f"report: {report}")
        if finish.ok:
            self.output.say(f"talk to it: harness chat{self._lab_option()}   (or: make chat)")
        return 0 if finish.ok else 1

    def _stopped(self, state: LabState) -> int:
        if not self.options.keep_serving:
            stop_server(self.lab, "conductor")
        state.ledger.release(state.end_key, note="interrupted")
        state.charge_idle("interrupted")
        state.billing.stop()
        state.journal.add_event("interrupted", {"session": state.session.number}, time.time())
        amount = state.session.budget_micro_usd / 1_000_000
        self.output.say(f"stopped; {state.summary()}")
        self.output.say(f"to go on: harness start --budget {amount:g}usd{self._lab_option()}")
        return 130

    def _lab_option(self) -> str:
        default = os.path.abspath("lab")  # noqa: PTH100
        return "" if str(self.lab.folder) == default else f" --lab {self.lab.folder}"


def start_lab(lab: LabPaths, options: StartOptions, output: Output, dry_run: bool) -> int:
    """The command's body."""
    machine = detect()
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
        return start.run()


def _alive_until(lab: LabPaths, job_id: str) -> float | None:
    from harness.files import read_json
    from harness.processes import with_environment
    from harness.supervisor import RUN_VARIABLE

    paths = lab.run(job_id)
    record = read_json(paths.exit)
    if record is not None:
        return float(record["finished_at"])
    return time.time() if with_environment(RUN_VARIABLE, str(paths.folder)) else None
