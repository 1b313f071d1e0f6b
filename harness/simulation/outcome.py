"""What becomes of a simulated job: decided at its launch from its id alone, and kept in its run folder."""

import random
from dataclasses import dataclass
from typing import Literal

from harness.plan.shapes import compile_shape
from harness.simulation.compile_cache import CompileCache, CompiledShape
from harness.simulation.settings import SimulationSettings
from harness.simulation.surface import diverges
from harness.simulation.timing import JITTER, Node, mishap
from harness.simulation.workers import Workers
from journal.lab_paths import LabPaths
from journal.records import JobRow
from trainer.job import (
    TOKENS_PER_PARAMETER,
    Contract,
    Job,
    PretrainJob,
    SftJob,
    TokenizerJob,
    base_of,
    parse_job,
)

Ending = Literal[
    "succeeded", "nan", "out_of_memory", "crashed", "killed", "lost", "hung", "time_limit", "stopped", "ended"
]
NAN_AT = 0.2
CHECKPOINT_SECONDS = 2.0
# Of the 44,453 conversations that HARNESS_DATA's chat set trains on.
CHAT_SET_TOKENS = 5_000_000


class Outcome(Contract):
    """When and how a job ends, on the lab's clock. `progress` is how far it trains."""

    job_id: str
    started_at: float
    started_elapsed: float
    end_elapsed: float
    ending: Ending
    startup_seconds: float
    slots: tuple[int, ...] = ()
    compiled: CompiledShape | None = None
    train_seconds: float
    tokens_per_second: float
    carried_progress: float
    progress: float

    @property
    def wall_seconds(self) -> float:
        return self.end_elapsed - self.started_elapsed


@dataclass(frozen=True)
class OutcomeModel:
    """Decides outcomes on a simulated node: speed by its timing, mishaps by chance."""

    lab: LabPaths
    node: Node
    settings: SimulationSettings
    compile_cache: CompileCache
    workers: Workers

    def outcome_of(
        self,
        row: JobRow,
        deadline_seconds: float,
        grace_seconds: float,
        at: float,
        elapsed: float,
        carried: float,
        slots: tuple[int, ...],
    ) -> Outcome:
        """What becomes of a job launched now on these slots; `carried`: the progress of what it resumes."""
        job = parse_job(row.spec)
        chance = random.Random(f"{self.settings.seed}:{row.job_id}")
        compiled = self._compiled(job, elapsed)
        is_first = not self.workers.has(slots)
        startup = self.node.startup_seconds(job, compiled is not None, is_first, chance)
        rate, train, after = self._seconds(job, row.gpus, chance)
        train *= 1.0 - carried
        ending, lasts = self._ending(job, chance, startup, train, after)
        if lasts > deadline_seconds:
            hung = ending == "hung"
            ending = "hung" if hung else "time_limit"
            lasts = deadline_seconds + (grace_seconds if hung else min(CHECKPOINT_SECONDS, grace_seconds))
        self.workers.note(slots, ending)
        trained = min(1.0, max(0.0, lasts - startup) / train) if train > 0 else 1.0
        return Outcome(
            job_id=row.job_id,
            started_at=at,
            started_elapsed=elapsed,
            end_elapsed=elapsed + lasts,
            ending=ending,
            startup_seconds=startup,
            slots=slots,
            compiled=self._note(compiled, elapsed + startup),
            train_seconds=train * trained,
            tokens_per_second=rate,
            carried_progress=carried,
            progress=carried + (1.0 - carried) * trained,
        )

    def _compiled(self, job: Job, elapsed: float) -> str | None:
        """The shape whose code the job must compile, for no job of the lab has it ready."""
        shape = compile_shape(job, self.pretrain_of(job))
        return None if shape is None or self.compile_cache.knows(shape, elapsed) else shape

    def _note(self, shape: str | None, ready_elapsed: float) -> CompiledShape | None:
        if shape is None:
            return None
        compiled = CompiledShape(shape=shape, ready_elapsed=ready_elapsed)
        self.compile_cache.add(compiled)
        return compiled

    def pretrain_of(self, job: Job) -> PretrainJob | None:
        """The pretrain job at the root of what a job builds on."""
        while (reference := base_of(job)) is not None:
            job = parse_job(self.lab.run(reference).job.read_bytes())
        return job if isinstance(job, PretrainJob) else None

    def tokens_of(self, job: Job) -> float:
        """Tokens that a training job sees."""
        if isinstance(job, SftJob):
            return float(job.train_tokens or job.epochs * CHAT_SET_TOKENS)
        if isinstance(job, PretrainJob):
            if job.train_seconds is not None:
                return job.train_seconds * self.node.tokens_per_second(job, job.limits.gpus)
            parameters = self.node.parameters(job)
            return float(job.train_tokens or TOKENS_PER_PARAMETER * parameters)
        return 0.0

    def _seconds(self, job: Job, ranks: int, chance: random.Random) -> tuple[float, float, float]:
        """Tokens a second, seconds of training, seconds of evaluation."""
        jitter = chance.uniform(1.0 - JITTER, 1.0 + JITTER)
        root = self.pretrain_of(job)
        if root is None or isinstance(job, TokenizerJob):
            return 0.0, 0.0, self.node.tokenizer_seconds() * jitter
        rate = self.node.tokens_per_second(root, ranks) * jitter
        after = self.node.evaluation_seconds(job, root.model.depth, rate) * jitter
        if isinstance(job, PretrainJob) and job.train_seconds is not None:
            return rate, job.train_seconds, after
        seconds = self.tokens_of(job) / rate
        if isinstance(job, SftJob) and job.train_seconds is not None:
            seconds = min(seconds, job.train_seconds)
        return rate, seconds, after

    def _ending(
        self, job: Job, chance: random.Random, startup: float, train: float, after: float
    ) -> tuple[Ending, float]:
        whole = startup + train + after
        wrong = mishap(chance, self.settings.mishaps)
        if wrong == "hung":
            return "hung", float("inf")
        if wrong is not None:
            return ("lost" if wrong == "lost" else "crashed"), chance.uniform(0.1, 1.0) * whole
        if isinstance(job, PretrainJob) and self.node.is_out_of_memory(job):
            return "out_of_memory", startup
        if isinstance(job, PretrainJob) and diverges(job):
            return "nan", startup + NAN_AT * train
        return "succeeded", whole
