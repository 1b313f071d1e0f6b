"""A lab in virtual time: `decide()` on real records, jobs that take as long as they are told to."""

import json
import random
from dataclasses import dataclass, field

from harness.decisions.actions import Action, AddRecipe, Deploy, Finish, Judge, Launch, Propose, SetPlan
from harness.decisions.decide import decide
from harness.decisions.view import LabView
from harness.lab.session import Session
from harness.plan.overheads import Overheads
from harness.plan.plan import SHUTDOWN_SECONDS, Plan
from harness.plan.scale import CPU, Scale
from harness.plan.split import make_plan
from journal.records import Deployment, Hypothesis, JobRow, Recipe, Verdict
from journal.science.judge import judge
from journal.science.pairs import Pairs, paired
from journal.science.statistics import Noise
from trainer.job import (
    JobResult,
    PretrainJob,
    Provenance,
    SftJob,
    canonical_bytes,
    job_id,
    parse_job,
    spec_hash,
)

PRICE = 200_000
GRACE_SECONDS = 15.0
START = 1_000_000.0


@dataclass
class World:
    """How this machine really behaves, against what the plan believes."""

    tokens_per_second: float = 4500.0
    # Of fine-tuning, in smaller batches, as a part of that of pretraining.
    sft_speed: float = 1.0
    champion_sft_speed: float = 1.0
    overhead_seconds: float = 20.0
    jitter: float = 0.05
    fail_rate: float = 0.0
    lost_rate: float = 0.0
    good_matrix_lr: float = 0.02
    slots: int = 2
    total_seconds: float = 1080.0
    seed: int = 0
    pairing: bool | None = None
    max_hypotheses: int | None = None
    # Bits per byte that every winner loses on text that no search has looked at.
    locked_loss: float = 0.0
    # Jobs of these purposes fail their canary; the first engine ends for good while the champion trains.
    refused: tuple[str, ...] = ()
    first_engine_ends: bool = False
    # What the plan is told of the machine and its data, and seconds beside training by purpose.
    scale: Scale = CPU
    overheads: Overheads | None = None
    chat_tokens: float | None = None
    text_tokens: float | None = None
    beside_seconds: dict[str, float] = field(default_factory=dict)


@dataclass
class Simulation:
    """One session; `run()` plays it to its finish."""

    world: World
    now: float = START
    plan: Plan | None = None
    rows: dict[str, JobRow] = field(default_factory=dict)
    ends: dict[str, float] = field(default_factory=dict)
    kills: dict[str, float] = field(default_factory=dict)
    recipes: list[Recipe] = field(default_factory=list)
    hypotheses: list[Hypothesis] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    checkpoints: set[str] = field(default_factory=set)
    launches: list[Launch] = field(default_factory=list)
    most_slots_used: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.world.seed)
        self.session = Session(
            number=1, state="running", started_at=START, budget_micro_usd=60_000,
            price_micro_usd_per_hour=PRICE, bill="wall", hours=None, total_seconds=self.world.total_seconds,
            data="starter", proposer="search", slots=self.world.slots, seed=0,
            max_hypotheses=self.world.max_hypotheses, machine="simulated",
            machine_kind=self.world.scale.kind,
            node_seconds_before=0.0,
        )  # fmt: skip

    def view(self) -> LabView:
        used = sum(self.rows[name].gpus for name in self.ends)
        return LabView(
            session=self.session,
            scale=self.world.scale,
            plan=self.plan,
            jobs=tuple(self.rows.values()),
            recipes=tuple(self.recipes),
            hypotheses=tuple(self.hypotheses),
            verdicts=tuple(self.verdicts),
            deployments=tuple(self.deployments),
            checkpoints=frozenset(self.checkpoints),
            free_slots=self.world.slots - used,
            seconds_left=self.seconds_left(),
        )

    def seconds_left(self) -> float:
        return START + self.world.total_seconds - SHUTDOWN_SECONDS - self.now

    def run(self) -> Finish:
        for _ in range(20_000):
            actions = decide(self.view(), {})
            for action in actions:
                finish = self.act(action)
                if finish is not None:
                    assert not self.ends, "finished with jobs under way"
                    return finish
            if not actions:
                self.pass_time()
        raise AssertionError("the lab never ends")

    def act(self, action: Action) -> Finish | None:
        if isinstance(action, Finish):
            return action
        if isinstance(action, Launch):
            return self.launch(action)
        if isinstance(action, SetPlan):
            horizon = self.recipes[-1].document["train_tokens"] if self.recipes else None
            assert horizon is None or isinstance(horizon, int)
            self.plan = make_plan(
                self.world.scale, self.world.slots, PRICE, self.world.total_seconds, action.rates,
                self.world.max_hypotheses, horizon, self.world.overheads,
                chat_tokens=self.world.chat_tokens, text_tokens=self.world.text_tokens,
            )  # fmt: skip
        if isinstance(action, AddRecipe):
            self.recipes.append(
                Recipe(
                    recipe_id=f"r{len(self.recipes) + 1}", parent=action.parent, patch=action.patch,
                    document=action.document, origin=action.origin, findings=action.findings,
                    session=action.session, created_at=self.now,
                )
            )  # fmt: skip
        if isinstance(action, Propose):
            for _ in range(action.count):
                self.propose()
        if isinstance(action, Judge):
            self.judge(action)
        if isinstance(action, Deploy):
            self.deployments.append(
                Deployment(
                    deployment_id=len(self.deployments) + 1, job_id=action.job_id, checkpoint="x",
                    state="requested", requested_at=self.now, updated_at=self.now,
                )
            )  # fmt: skip
        return None

    def launch(self, launch: Launch) -> Finish | None:
        deadline = min(
            launch.job.limits.max_seconds, self.seconds_left() - launch.keep_seconds - GRACE_SECONDS
        )
        if deadline < 1.0:
            return None if self.ends else Finish("no money", ok=False)
        self.launches.append(launch)
        digest = spec_hash(launch.job)
        attempt = 1 + sum(row.spec_hash == digest for row in self.rows.values())
        row = JobRow(
            job_id=job_id(launch.job, attempt), spec_hash=digest, kind=launch.job.kind,
            purpose=launch.purpose, state="running", spec=canonical_bytes(launch.job).decode(),
            hypothesis_id=launch.hypothesis_id, recipe_id=launch.recipe_id, arm=launch.arm,
            seed=launch.job.seed, gpus=launch.job.limits.gpus, source="conductor",
            resumed_from=launch.resumed_from, created_at=self.now, started_at=self.now,
        )  # fmt: skip
        self.rows[row.job_id] = row
        self.ends[row.job_id] = self.now + self.seconds_of(row)
        self.kills[row.job_id] = self.now + deadline
        used = sum(self.rows[name].gpus for name in self.ends)
        assert used <= self.world.slots, "more slots than there are"
        self.most_slots_used = max(self.most_slots_used, used)
        return None

    def seconds_of(self, row: JobRow) -> float:
        job = parse_job(row.spec)
        tokens = job.train_tokens if isinstance(job, PretrainJob | SftJob) else 10_000
        seconds = (tokens or 0) / self.rate_of(row)
        if isinstance(job, PretrainJob | SftJob) and job.train_seconds is not None:
            seconds = min(seconds or job.train_seconds, job.train_seconds)
        seconds += self.beside(row)
        return seconds * self.chance.uniform(1 - self.world.jitter, 1 + self.world.jitter)

    def beside(self, row: JobRow) -> float:
        """Seconds of a job that are not training."""
        return self.world.beside_seconds.get(row.purpose, self.world.overhead_seconds)

    def trained(self, row: JobRow) -> float:
        """Seconds of training until now."""
        assert row.started_at is not None
        return max(0.0, self.now - row.started_at - self.beside(row))

    def trained_seconds(self, row: JobRow) -> float:
        """What a job that has ended trained."""
        return JobResult.model_validate_json(row.result or "").train_seconds

    def rate_of(self, row: JobRow) -> float:
        """Tokens a second of all its slots."""
        rate = self.world.tokens_per_second * (row.gpus * 0.8 if row.gpus > 1 else 1.0)
        rate *= self.world.champion_sft_speed if row.purpose == "champion_sft" else 1.0
        return rate * self.world.sft_speed if row.kind == "sft" else rate

    def pass_time(self) -> None:
        moves = [min(self.ends[name], self.kills[name]) for name in self.ends]
        waiting = [d for d in self.deployments if d.state == "requested"]
        self.now = min(moves) if moves else self.now + 1.0
        if waiting:
            self.now = (
                min(self.now, waiting[0].requested_at + 8.0) if moves else waiting[0].requested_at + 8.0
            )
            if self.now >= waiting[0].requested_at + 8.0:
                self.go_live(waiting[0])
        for name in [n for n in self.ends if min(self.ends[n], self.kills[n]) <= self.now]:
            self.finish(name)

    def go_live(self, deployment: Deployment) -> None:
        place = self.deployments.index(deployment)
        if self.rows[deployment.job_id].purpose in self.world.refused:
            update = {"state": "failed", "reason": "canary: the model's process ended"}
            self.deployments[place] = deployment.model_copy(update=update)
            return
        self.deployments = [
            d.model_copy(update={"state": "retired"}) if d.state == "live" else d for d in self.deployments
        ]
        self.deployments[place] = deployment.model_copy(update={"state": "live", "was_live": True})

    def finish(self, name: str) -> None:
        row, killed = self.rows[name], self.kills[name] < self.ends[name]
        del self.ends[name]
        fate = self.chance.random()
        state, reason = "succeeded", None
        if killed:
            state, reason = "failed", "time_limit"
        elif fate < self.world.lost_rate:
            state, reason = "failed", "lost"
        elif fate < self.world.lost_rate + self.world.fail_rate and row.purpose == "hypothesis":
            state, reason = "failed", "nan"
        if row.purpose == "champion" and self.world.first_engine_ends:
            self.deployments[0] = self.deployments[0].model_copy(update={"state": "failed"})
        if row.kind in ("pretrain", "sft") and reason in (None, "time_limit"):
            self.checkpoints.add(name)
        metrics = self.metrics(row)
        ended = {"state": state, "reason": reason, "finished_at": self.now, "result": self.result(row)}
        if killed:
            seconds = self.trained(row)
            metrics = {"train_seconds": seconds, "tokens": seconds * self.rate_of(row)}
        elif state != "succeeded":
            metrics = {}
        self.rows[name] = row.model_copy(update={**ended, "metrics": metrics})

    def result(self, row: JobRow) -> str:
        assert row.started_at is not None
        provenance = Provenance(
            git_revision=None, code_hash="c", data_hash="d", tokenizer_hash="t", torch_version="0",
            python_version="3", device="cpu", world_size=row.gpus,
        )  # fmt: skip
        wall = self.now - row.started_at
        return JobResult(
            job_id=row.job_id, spec_hash=row.spec_hash, kind=row.kind, state="succeeded",
            provenance=provenance, started_at=row.started_at, finished_at=self.now, wall_seconds=wall,
            train_seconds=self.trained(row),
        ).model_dump_json()  # fmt: skip

    def metrics(self, row: JobRow) -> dict[str, float]:
        job = json.loads(row.spec)
        if row.purpose == "locked":
            gain = self.bpb(self.rows[job["against"]]) - self.bpb(self.rows[job["checkpoint"]])
            gain -= self.world.locked_loss
            return {"gain_bpb": gain, "gain_standard_error": 0.0002, "gain_blocks": 32.0}
        return {"val_bpb": self.bpb(row), "tokens_per_second": self.rate_of(row)}

    def bpb(self, row: JobRow) -> float:
        job = json.loads(row.spec)
        rate = job.get("optim", {}).get("matrix_lr", 0.02)
        distance = abs(rate - self.world.good_matrix_lr) / self.world.good_matrix_lr
        return 2.0 + 0.1 * distance + random.Random(job["seed"]).gauss(0.0, 0.002)

    def propose(self) -> None:
        assert self.plan is not None
        name = f"h{len(self.hypotheses) + 1}"
        value = round(self.chance.choice([0.01, 0.03, 0.04, 0.05]) + 0.0001 * len(self.hypotheses), 4)
        self.hypotheses.append(
            Hypothesis(
                hypothesis_id=name, statement="another rate", baseline_recipe=self.champion(),
                patch={"optim.matrix_lr": value}, minimum_effect=0.004, replicates=self.plan.replicates,
                stopping_rule="two looks", cost_micro_usd=1, proposer="random", prior=0.2, rung="d4",
                registered_at=self.now, pairing=self.world.pairing,
            )
        )  # fmt: skip

    def champion(self) -> str:
        from harness.decisions.champion import champion_recipe

        assert self.plan is not None
        recipe = champion_recipe(self.view(), self.plan)
        assert recipe is not None
        return recipe.recipe_id

    def judge(self, action: Judge) -> None:
        hypothesis = next(h for h in self.hypotheses if h.hypothesis_id == action.hypothesis_id)
        treated = [r for r in self.rows.values() if r.hypothesis_id == action.hypothesis_id]
        own = [r for r in self.rows.values() if r.recipe_id == hypothesis.baseline_recipe]
        base = [r for r in own if r.purpose == "baseline" and r.state == "succeeded"]
        looks = [v for v in self.verdicts if v.hypothesis_id == action.hypothesis_id]
        done = [r for r in treated if r.state == "succeeded"]
        self.verdicts.append(
            judge(
                hypothesis, [r.metrics["val_bpb"] for r in base], [r.metrics["val_bpb"] for r in done],
                Noise(0.002**2 * 10, 10), len(looks) + 1,
                int(action.hypothesis_id[1:]), baseline_jobs=[r.job_id for r in base],
                treatment_jobs=[r.job_id for r in treated], closing=action.closing, judged_at=self.now,
                diverged_jobs=[r.job_id for r in treated if r.reason == "nan"],
                pairs=Pairs(paired(*({r.seed: r.metrics["val_bpb"] for r in arm} for arm in (base, done)))),
            )
        )  # fmt: skip


def play(world: World) -> tuple[Simulation, Finish]:
    """A simulation and its end."""
    simulation = Simulation(world)
    return simulation, simulation.run()
