"""Simulated jobs behind the interface of `harness.fleet.fleet.Fleet`: same rows and folders, no processes."""

import random

from harness.fleet.fleet import Ended
from harness.node.slot_queue import Occupied
from harness.node.slots import SlotPool
from harness.simulation.clock import VirtualClock
from harness.simulation.outcome import Ending, Fate, Nature
from harness.simulation.run_folder import begin, carried_progress, end, read_fate, write_fate
from harness.simulation.server import SimulatedServer
from harness.simulation.settings import Fault
from journal.records import JobRow
from journal.store.journal import Journal
from trainer.job import RunPaths

STOP_SECONDS = 2.0
# While nothing is to come, time that runs out still changes what is decided.
LONGEST_JUMP_SECONDS = 60.0
_FAULTS_DONE = "simulated_faults_done"


class SimulatedFleet:
    """Jobs whose end is known from their launch on; `wait` jumps to the next thing that happens."""

    def __init__(
        self, journal: Journal, nature: Nature, pool: SlotPool, clock: VirtualClock, server: SimulatedServer
    ) -> None:
        self.journal = journal
        self.nature = nature
        self.pool = pool
        self.clock = clock
        self.server = server
        self._flights: dict[str, tuple[JobRow, Fate]] = {}
        self._latest_ends: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._flights)

    def rows(self) -> list[JobRow]:
        return [row for row, _ in self._flights.values()]

    def launch(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> None:
        self.journal.mark_launched(row.job_id, self.clock.now())
        self._take_off(row, deadline_seconds, grace_seconds)

    def attach(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> None:
        fate = read_fate(self._paths(row.job_id))
        if fate is None:
            self.launch(row, deadline_seconds, grace_seconds)
        else:
            self._fly(row, fate, deadline_seconds + grace_seconds)

    def ended(self) -> list[Ended]:
        self._strike()
        now = self.clock.elapsed()
        over = sorted(
            (fate.end_elapsed, job_id)
            for job_id, (_, fate) in self._flights.items()
            if fate.end_elapsed <= now
        )
        return [self._land(job_id) for _, job_id in over]

    def seconds_until_drained(self) -> float:
        return max([0.0, *(end - self.clock.elapsed() for end in self._latest_ends.values())])

    def occupied(self) -> list[Occupied]:
        now = self.clock.elapsed()
        return [
            Occupied(row.gpus, max(0.0, self._latest_ends[job_id] - now))
            for job_id, (row, _) in self._flights.items()
        ]

    def running_seconds(self) -> list[tuple[int, float]]:
        now = self.clock.elapsed()
        return [(row.gpus, max(0.0, now - fate.started_elapsed)) for row, fate in self._flights.values()]

    def wait(self, seconds: float, is_quiet: bool = False) -> None:
        self.clock.sleep(max(seconds, self._until_next()) if is_quiet else seconds)

    def stop(self, job_id: str, at_once: bool = False) -> None:
        self._cut_short(job_id, "ended" if at_once else "stopped", 0.0 if at_once else STOP_SECONDS)

    def _until_next(self) -> float:
        now = self.clock.elapsed()
        comes = [fate.end_elapsed - now for _, fate in self._flights.values()]
        comes += [fault.after_seconds - now for fault in self._faults_to_come()]
        return min([LONGEST_JUMP_SECONDS, *comes, *self.server.seconds_to_answers()])

    def _take_off(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> None:
        earlier = 0.0 if row.resumed_from is None else carried_progress(self._paths(row.resumed_from))
        fate = self.nature.fate(
            row, deadline_seconds, grace_seconds, self.clock.now(), self.clock.elapsed(), earlier
        )
        begin(self._paths(row.job_id), row, fate, deadline_seconds)
        self._fly(row, fate, deadline_seconds + grace_seconds)

    def _fly(self, row: JobRow, fate: Fate, longest_seconds: float) -> None:
        self.journal.mark_running(row.job_id, fate.started_at)
        self.pool.take(row.job_id, row.gpus)
        self._flights[row.job_id] = (row, fate)
        self._latest_ends[row.job_id] = fate.started_elapsed + longest_seconds

    def _land(self, job_id: str) -> Ended:
        row, fate = self._flights.pop(job_id)
        del self._latest_ends[job_id]
        self.pool.release(job_id)
        at = self.clock.now() - (self.clock.elapsed() - fate.end_elapsed)
        return Ended(row, end(self._paths(job_id), row, fate, self.nature, at), fate.wall_seconds)

    def _cut_short(self, job_id: str, ending: Ending, in_seconds: float) -> None:
        row, fate = self._flights[job_id]
        at = min(fate.end_elapsed, self.clock.elapsed() + in_seconds)
        trained = max(0.0, min(fate.train_seconds, at - fate.started_elapsed - fate.startup_seconds))
        share = trained / fate.train_seconds if fate.train_seconds else 0.0
        changed = fate.model_copy(
            update={
                "end_elapsed": at,
                "ending": ending,
                "train_seconds": trained,
                "progress": fate.carried_progress + share * (fate.progress - fate.carried_progress),
            }
        )
        write_fate(self._paths(job_id), changed)
        self._flights[job_id] = (row, changed)

    def _faults_to_come(self) -> tuple[Fault, ...]:
        done = int(self.journal.meta(_FAULTS_DONE) or 0)
        return tuple(sorted(self.nature.settings.faults, key=lambda fault: fault.after_seconds)[done:])

    def _strike(self) -> None:
        due = [f for f in self._faults_to_come() if f.after_seconds <= self.clock.elapsed()]
        for fault in due:
            done = int(self.journal.meta(_FAULTS_DONE) or 0)
            self.journal.set_meta(_FAULTS_DONE, str(done + 1))
            self._suffer(fault, random.Random(f"{self.nature.settings.seed}:{done}"))

    def _suffer(self, fault: Fault, chance: random.Random) -> None:
        if fault.kind == "clock_jump":
            self.clock.jump(fault.seconds)
        elif self._flights:
            job_id = chance.choice(sorted(self._flights))
            ranks = self._flights[job_id][0].gpus
            died: Ending = "lost" if fault.kind == "supervisor" else "crashed" if ranks > 1 else "killed"
            self._cut_short(job_id, died, 0.0)

    def _paths(self, job_id: str) -> RunPaths:
        return self.nature.lab.run(job_id)
