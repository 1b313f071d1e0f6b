"""The conductor: looks at the journal, asks `decide()`, acts; one turn after another."""

import signal
from types import FrameType

from harness.acting import END_PURPOSES, Actor
from harness.actions import Finish
from harness.decide import decide
from harness.housekeeping import tidy
from harness.proposals import brief_pins, read_brief
from harness.serving import ServerKeeper
from harness.state import LabState
from journal.errors import OverBudget
from journal.records import JobRow
from trainer.job import parse_job

STOP_WAIT_SECONDS = 30.0
LEAST_MANUAL_SECONDS = 20.0


class Conductor:
    """One run of a session. `run()` returns the session's finish, or None when it was stopped."""

    def __init__(self, state: LabState, actor: Actor, server: ServerKeeper, poll_seconds: float) -> None:
        self.state = state
        self.actor = actor
        self.server = server
        self.poll_seconds = poll_seconds
        self.stops_asked = 0

    def run(self) -> Finish | None:
        """Turn until the session is finished or somebody asks to stop."""
        state = self.state
        self._take_over()
        while not self.stops_asked:
            finish = self.turn()
            if finish is not None:
                return finish
            state.output.refresh(state.journal, state.session, state.fleet.rows())
            state.fleet.wait(self.poll_seconds)
        self._stop_jobs()
        return None

    def turn(self) -> Finish | None:
        """One look and what follows from it."""
        self.state.billing.heartbeat()
        self.server.keep()
        self._harvest()
        self._cancel_requested()
        self.actor.hear_proposer()
        self._launch_manual()
        pins = brief_pins(read_brief(self.state.lab.brief))
        for action in decide(self.state.view(self.actor.thoughts), pins):
            finish = self.actor.act(action)
            if finish is not None:
                return finish
        return None

    def ask_to_stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Signal handler: the first time cleanly, the second time at once."""
        self.stops_asked += 1

    def install_signals(self) -> None:
        """Ctrl-C and `harness stop`."""
        signal.signal(signal.SIGINT, self.ask_to_stop)
        signal.signal(signal.SIGTERM, self.ask_to_stop)

    def _take_over(self) -> None:
        """Go on with the jobs of a conductor that is no more."""
        state = self.state
        plan = state.plan()
        if plan is not None and not self._end_has_begun():
            self.actor.carve_out(plan)
        for row in state.journal.jobs(states=("queued", "running")):
            if row.purpose == "manual" and row.launched_at is None and not state.ledger.reserved(row.job_id):
                continue
            state.output.say(f"{row.job_id} ({row.purpose}): taken over")
            state.fleet.attach(row, state.accounts.deadline_of(row), state.accounts.grace_seconds)

    def _end_has_begun(self) -> bool:
        view = self.state.view()
        return any(view.latest(purpose) is not None for purpose in END_PURPOSES)

    def _harvest(self) -> None:
        state = self.state
        for ended in state.fleet.ended():
            row = state.accounts.close(ended)
            state.output.job_ended(row)
            state.charge_idle(f"at the end of {row.job_id}")
            state.note_champion()
            tidy(state.lab, state.journal, state.view(), state.clock.now())

    def _cancel_requested(self) -> None:
        state = self.state
        flying = {row.job_id for row in state.fleet.rows()}
        for row in state.journal.jobs(states=("queued", "running")):
            if row.cancel_requested and row.job_id in flying:
                state.fleet.stop(row.job_id)
            elif row.cancel_requested:
                state.accounts.discard(row, "cancelled", "cancelled before it was launched")

    def _launch_manual(self) -> None:
        """Jobs that people queued take free slots while the search runs."""
        flying = {row.job_id for row in self.state.fleet.rows()}
        for row in self.state.journal.jobs(state="queued"):
            if row.purpose == "manual" and row.job_id not in flying:
                self._try_manual(row)

    def _try_manual(self, row: JobRow) -> None:
        """Launch one unless slots or money lack; then it waits (`harness serve` has room for it)."""
        state, plan = self.state, self.state.plan()
        kept = plan.reserve_seconds if plan is not None else 0.5 * state.session.total_seconds
        limit = parse_job(row.spec).limits.max_seconds
        deadline = min(limit, state.seconds_left() - kept - state.accounts.grace_seconds)
        if deadline < min(limit, LEAST_MANUAL_SECONDS) or not state.fleet.pool.can_take(row.gpus):
            return
        try:
            state.accounts.reserve_manual(row, deadline)
        except OverBudget:
            return
        state.fleet.launch(row, deadline, state.accounts.grace_seconds)
        state.output.job_launched(row)

    def _stop_jobs(self) -> None:
        """SIGTERM to every job; they save their checkpoints and their rows say `interrupted`."""
        fleet = self.state.fleet
        deadline = self.state.clock.elapsed() + STOP_WAIT_SECONDS + self.state.accounts.grace_seconds
        asked: dict[str, int] = {}
        while len(fleet) and self.state.clock.elapsed() < deadline:
            wanted = min(self.stops_asked, 2)
            for row in fleet.rows():
                if asked.get(row.job_id, 0) < wanted:
                    asked[row.job_id] = wanted
                    fleet.stop(row.job_id, at_once=wanted > 1)
            self.state.clock.sleep(0.1)
            self.state.billing.heartbeat()
            self._harvest()
