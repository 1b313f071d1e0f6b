"""Simulated jobs behind the interface of `harness.fleet.fleet.Fleet`: same rows and folders, no processes."""

import random

from harness.fleet.fleet import Ended
from harness.node.slot_queue import Occupied
from harness.node.slots import SlotPool
from harness.simulation.clock import VirtualClock
from harness.simulation.outcome import Ending, Outcome, OutcomeModel
from harness.simulation.run_folder import begin, carried_progress, end, read_outcome, write_outcome
from harness.simulation.server import SimulatedServer
from harness.simulation.settings import Fault
from journal.records import JobRow
from journal.store import Journal
from trainer.job import RunPaths

STOP_SECONDS = 2.0
# While nothing is to come, time that runs out still changes what is decided.
LONGEST_JUMP_SECONDS = 60.0
_FAULTS_DONE = "simulated_faults_done"


class SimulatedFleet:
    """Jobs whose end is known from their launch on; `wait` jumps to the next thing that happens."""

    def __init__(
        self,
        journal: Journal,
        model: OutcomeModel,
        pool: SlotPool,
        clock: VirtualClock,
        server: SimulatedServer,
    ) -> None:
        self.journal = journal
        self.model = model
        self.pool = pool
        self.clock = clock
        self.server = server
        self._running: dict[str, tuple[JobRow, Outcome]] = {}
        self._latest_ends: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._running)

    def rows(self) -> list[JobRow]:
        return [row for row, _ in self._running.values()]

    def launch(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> None:
        self.journal.mark_launched(row.job_id, self.clock.now())
        self._start(row, deadline_seconds, grace_seconds)

    def attach(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> None:
        outcome = read_outcome(self._paths(row.job_id))
        if outcome is None:
            self.launch(row, deadline_seconds, grace_seconds)
        else:
            self.pool.hold(row.job_id, outcome.slots)
            self._track(row, outcome, deadline_seconds + grace_seconds)

    def ended(self) -> list[Ended]:
        self._cause_due_faults()
        now = self.clock.elapsed()
        over = sorted(
            (outcome.end_elapsed, job_id)
            for job_id, (_, outcome) in self._running.items()
            if outcome.end_elapsed <= now
        )
        return [self._finish(job_id) for _, job_id in over]

    def end_idle(self) -> None:
        """Nothing idles here."""

    def seconds_until_drained(self) -> float:
        return max([0.0, *(end - self.clock.elapsed() for end in self._latest_ends.values())])

    def occupied(self) -> list[Occupied]:
        now = self.clock.elapsed()
        return [
            Occupied(row.gpus, max(0.0, self._latest_ends[job_id] - now))
            for job_id, (row, _) in self._running.items()
        ]

    def running_seconds(self) -> list[tuple[int, float]]:
        now = self.clock.elapsed()
        return [
            (row.gpus, max(0.0, now - outcome.started_elapsed)) for row, outcome in self._running.values()
        ]

    def wait(self, seconds: float, is_quiet: bool = False) -> None:
        self.clock.sleep(max(seconds, self._until_next()) if is_quiet else seconds)

    def stop(self, job_id: str, at_once: bool = False) -> None:
        self._end_early(job_id, "ended" if at_once else "stopped", 0.0 if at_once else STOP_SECONDS)

    def _until_next(self) -> float:
        now = self.clock.elapsed()
        comes = [outcome.end_elapsed - now for _, outcome in self._running.values()]
        comes += [fault.after_seconds - now for fault in self._faults_to_come()]
        return min([LONGEST_JUMP_SECONDS, *comes, *self.server.seconds_to_answers()])

    def _start(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> None:
        earlier = 0.0 if row.resumed_from is None else carried_progress(self._paths(row.resumed_from))
        slots = tuple(slot.index for slot in self.pool.take(row.job_id, row.gpus))
        outcome = self.model.outcome_of(
            row, deadline_seconds, grace_seconds, self.clock.now(), self.clock.elapsed(), earlier, slots
        )
        begin(self._paths(row.job_id), row, outcome, deadline_seconds)
        self._track(row, outcome, deadline_seconds + grace_seconds)

    def _track(self, row: JobRow, outcome: Outcome, longest_seconds: float) -> None:
        self.journal.mark_running(row.job_id, outcome.started_at)
        self._running[row.job_id] = (row, outcome)
        self._latest_ends[row.job_id] = outcome.started_elapsed + longest_seconds

    def _finish(self, job_id: str) -> Ended:
        row, outcome = self._running.pop(job_id)
        del self._latest_ends[job_id]
        self.pool.release(job_id)
        at = self.clock.now() - (self.clock.elapsed() - outcome.end_elapsed)
        return Ended(row, end(self._paths(job_id), row, outcome, self.model, at), outcome.wall_seconds)

    def _end_early(self, job_id: str, ending: Ending, in_seconds: float) -> None:
        row, outcome = self._running[job_id]
        at = min(outcome.end_elapsed, self.clock.elapsed() + in_seconds)
        trained = max(0.0, min(outcome.train_seconds, at - outcome.started_elapsed - outcome.startup_seconds))
        share = trained / outcome.train_seconds if outcome.train_seconds else 0.0
        changed = outcome.model_copy(
            update={
                "end_elapsed": at,
                "ending": ending,
                "train_seconds": trained,
                "progress": outcome.carried_progress + share * (outcome.progress - outcome.carried_progress),
            }
        )
        self.model.workers.note(changed.slots, ending)
        write_outcome(self._paths(job_id), changed)
        self._running[job_id] = (row, changed)

    def _faults_to_come(self) -> tuple[Fault, ...]:
        done = int(self.journal.meta(_FAULTS_DONE) or 0)
        return tuple(sorted(self.model.settings.faults, key=lambda fault: fault.after_seconds)[done:])

    def _cause_due_faults(self) -> None:
        due = [f for f in self._faults_to_come() if f.after_seconds <= self.clock.elapsed()]
        for fault in due:
            done = int(self.journal.meta(_FAULTS_DONE) or 0)
            self.journal.set_meta(_FAULTS_DONE, str(done + 1))
            self._cause(fault, random.Random(f"{self.model.settings.seed}:{done}"))

    def _cause(self, fault: Fault, chance: random.Random) -> None:
        if fault.kind == "clock_jump":
            self.clock.jump(fault.seconds)
        elif self._running:
            job_id = chance.choice(sorted(self._running))
            ranks = self._running[job_id][0].gpus
            died: Ending = "lost" if fault.kind == "supervisor" else "crashed" if ranks > 1 else "killed"
            self._end_early(job_id, died, 0.0)

    def _paths(self, job_id: str) -> RunPaths:
        return self.model.lab.run(job_id)
