"""The conductor: looks at the journal, asks `decide()`, acts; one turn after another."""

import signal
from collections.abc import Callable
from types import FrameType

from harness.conductor.actor import Actor
from harness.conductor.clock_watch import ClockWatch
from harness.conductor.deployment_watch import DeploymentWatch
from harness.conductor.drain import halt_when_disk_is_full, stop_jobs
from harness.conductor.manual_jobs import ManualJobs
from harness.conductor.retention import tidy
from harness.conductor.state import LabState
from harness.decisions.actions import Action, Finish
from harness.decisions.decide import decide
from harness.decisions.final import is_training_over
from harness.decisions.view import LabView
from harness.errors import Halt
from harness.fleet.protocols import Server
from harness.steering.brief import brief_pins


class Conductor:
    """One run of a session. `run()` returns the session's finish, or None when it was stopped."""

    def __init__(
        self,
        state: LabState,
        actor: Actor,
        server: Server,
        poll_seconds: float,
        holds_lab: Callable[[], bool] = lambda: True,
    ) -> None:
        self.state = state
        self.actor = actor
        self.server = server
        self.poll_seconds = poll_seconds
        self.holds_lab = holds_lab
        self.manual = ManualJobs(state, actor.disk)
        self.clock_watch = ClockWatch(state.journal, state.clock, state.billing.boot_id)
        self.deployment_watch = DeploymentWatch(state.output.say)
        self.stops_asked = 0
        self._last_actions: list[Action] | None = None
        self._is_quiet = False

    def run(self) -> Finish | None:
        """Turn until the session is finished or somebody asks to stop.

        Raises:
            Halt: the disk is full, or the lab is no longer ours.
        """
        try:
            return self._run()
        except Exception as error:
            halt_when_disk_is_full(self.state, error)
            raise

    def _run(self) -> Finish | None:
        state = self.state
        self._take_over()
        self._place_engines(state.view())
        while not self.stops_asked:
            finish = self.turn()
            if finish is not None:
                return finish
            state.output.refresh(state.journal, state.session)
            state.fleet.wait(self.poll_seconds, self._is_quiet)
        stop_jobs(state, lambda: self.stops_asked, self._harvest)
        return None

    def turn(self) -> Finish | None:
        """One look and what follows from it."""
        self._check_lock()
        self.clock_watch.look()
        self.server.poll()
        self._harvest()
        overrun = self.actor.money.update()
        if overrun is not None:
            return overrun
        self._cancel_requested()
        self.actor.register_pending_drafts()
        self.manual.launch()
        pins = brief_pins(self.state.brief.words())
        view = self.state.view(self.actor.proposer_state)
        self.deployment_watch.look(view.deployments)
        self._place_engines(view)
        actions = decide(view, pins)
        # What was refused a moment ago will be refused again until something happens.
        self._is_quiet = not actions or actions == self._last_actions
        self._last_actions = actions
        for action in actions:
            self._check_lock()
            finish = self.actor.act(action)
            if finish is not None:
                return finish
        if is_training_over(view):
            self.state.fleet.end_idle()  # the evaluation has taken a trainer by now
        return None

    def ask_to_stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Signal handler: the first time cleanly, the second time at once."""
        self.stops_asked += 1

    def install_signals(self) -> None:
        """Ctrl-C and `harness stop`."""
        signal.signal(signal.SIGINT, self.ask_to_stop)
        signal.signal(signal.SIGTERM, self.ask_to_stop)

    def _place_engines(self, view: LabView) -> None:
        """Off the GPUs that are measured, before the server starts and until nothing is to be trained."""
        self.server.allow_gpus(is_training_over(view))

    def _check_lock(self) -> None:
        """Without the lab's lock nothing is launched or settled: another conductor may be at it."""
        if not self.holds_lab():
            lock = self.state.lab.lock
            raise Halt(f"{lock} was deleted or replaced: letting go of the lab; its jobs run on", False)

    def _take_over(self) -> None:
        """Go on with the jobs of a conductor that is no more."""
        state = self.state
        self.actor.money.reserve_end()
        for row in state.journal.jobs(states=("queued", "running")):
            if row.purpose == "manual" and row.launched_at is None and not state.ledger.reserved(row.job_id):
                continue
            state.output.say(f"{row.job_id} ({row.purpose}): taken over")
            state.fleet.attach(row, state.accounts.deadline_of(row), state.accounts.grace_seconds)

    def _harvest(self) -> None:
        state = self.state
        under_way = state.fleet.seconds_until_drained
        closed = []
        for ended in state.fleet.ended():
            row = state.accounts.close(ended, under_way())
            closed.append(row.job_id)
            state.output.job_ended(row)
            state.note_champion()
            tidy(state.lab, state.journal, state.view(), state.clock.now())
        if closed:
            state.charge_idle(f"at the end of {' '.join(closed)}")

    def _cancel_requested(self) -> None:
        state = self.state
        running = {row.job_id for row in state.fleet.rows()}
        for row in state.journal.jobs(states=("queued", "running")):
            if row.cancel_requested and row.job_id in running:
                state.fleet.stop(row.job_id)
            elif row.cancel_requested:
                state.accounts.discard(row, "cancelled", "cancelled before it was launched")
