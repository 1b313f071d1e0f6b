"""The end when its time has been used up, or its fine-tuning fails: a model that chats is served."""

from dataclasses import replace

import pytest

from harness.plan.jobs import planned_tuning
from harness.plan.overheads import Overhead, Overheads, same
from harness.plan.scale import GPU
from harness.plan.shapes import compile_shape
from harness.plan.split import FINAL_SHARE
from journal.records import JobRow, Purpose
from tests.simulations.virtual_lab import START, Simulation, World
from trainer.job import PretrainJob, SftJob, parse_job

# Twenty minutes of one H200, as a lab planned them, and what its end took beside training.
H200 = World(
    scale=GPU, slots=1, total_seconds=1200.0, tokens_per_second=1_340_000.0, overhead_seconds=6.5, jitter=0.0,
    chat_tokens=8_030_000.0, sft_speed=0.6,
    overheads=Overheads(
        pretrain=Overhead(cold_seconds=50.5, warm_seconds=6.5), sft=same(12.0), eval=same(25.0),
        tokenizer=same(8.0), deployment=same(7.0),
    ),
    beside_seconds={"calibrate": 50.0, "champion": 69.5, "champion_sft": 47.0, "champion_eval": 30.0},
)  # fmt: skip


class _Cut(Simulation):
    """The champion's fine-tuning is cut by its time limit after so much of what it was to train."""

    share = 0.1
    has_early = True

    def launch(self, launch):  # type: ignore[no-untyped-def]
        if launch.purpose == "early_sft" and not self.has_early:
            launch = replace(launch, job=launch.job.model_copy(update={"train_tokens": 10**9}))
        return super().launch(launch)

    def seconds_of(self, row: JobRow) -> float:
        seconds = super().seconds_of(row)
        if row.purpose == "champion_sft":
            beside = self.beside(row)
            self.cut_after = beside + self.share * (seconds - beside)
        return seconds

    def pass_time(self) -> None:
        for name in self.ends:
            if self.rows[name].purpose == "champion_sft":
                self.kills[name] = (self.rows[name].started_at or 0.0) + self.cut_after
        super().pass_time()


class _Robbed(Simulation):
    """Once the champion has been trained, only so many seconds are left."""

    left = 60.0

    def finish(self, name: str) -> None:
        super().finish(name)
        if self.rows[name].purpose == "champion":
            self.now = START + self.world.total_seconds - self.left


class _Untunable(Simulation):
    """The champion's fine-tuning fails for good."""

    def finish(self, name: str) -> None:
        super().finish(name)
        if self.rows[name].purpose == "champion_sft":
            ended = {"state": "failed", "reason": "nan"}
            self.rows[name] = self.rows[name].model_copy(update=ended)
            self.checkpoints.discard(name)


def test_fine_tuning_below_its_floor_gives_way_to_the_early_model() -> None:
    lab = _Robbed(World())
    finish = lab.run()
    assert lab.plan is not None and lab.plan.sft_least_seconds > lab.left
    early = next(row for row in lab.rows.values() if row.purpose == "early_sft")
    assert finish.ok and early.job_id in finish.outcome
    assert not [row for row in lab.rows.values() if row.purpose == "champion_sft"]


def test_fine_tuning_gets_its_floor_before_the_evaluation_gets_any_time() -> None:
    lab = _Robbed(World())
    lab.left = 200.0
    assert lab.run().ok
    (tuned,) = [row for row in lab.rows.values() if row.purpose == "champion_sft"]
    job = parse_job(tuned.spec)
    assert lab.plan is not None and isinstance(job, SftJob) and job.train_seconds is not None
    floor = lab.plan.sft_least_seconds - lab.plan.sft_rates_of(2).overhead_seconds
    assert job.train_seconds >= 0.99 * floor


def test_a_champion_that_cannot_be_tuned_leaves_the_early_model_in_place() -> None:
    lab = _Untunable(World())
    finish = lab.run()
    early = next(row for row in lab.rows.values() if row.purpose == "early_sft")
    assert finish.ok and early.job_id in finish.outcome


def test_the_end_keeps_its_share() -> None:
    lab = Simulation(World())
    assert lab.run().ok and lab.plan is not None
    assert lab.plan.final_seconds == FINAL_SHARE * lab.world.total_seconds


def the(lab: Simulation, purpose: Purpose) -> JobRow:
    (row,) = [row for row in lab.rows.values() if row.purpose == purpose]
    return row


def test_a_champion_that_takes_longer_than_planned_leaves_its_fine_tuning_what_was_planned() -> None:
    lab = Simulation(H200)
    assert lab.run().ok and lab.plan is not None
    tuned, tuning = the(lab, "champion_sft"), parse_job(the(lab, "champion_sft").spec)
    assert tuned.state == "succeeded" and isinstance(tuning, SftJob)
    planned = lab.plan.sft_rates_of(1).training_seconds(lab.plan.champion_sft_seconds)
    assert lab.trained_seconds(tuned) == pytest.approx(planned, rel=0.02)
    assert the(lab, "champion_eval").state == "succeeded"


def test_a_champion_reads_a_small_text_so_often_and_leaves_the_rest_to_the_search() -> None:
    free, small = Simulation(H200), Simulation(replace(H200, text_tokens=10_800_000.0))
    assert free.run().ok and small.run().ok
    champion = parse_job(the(small, "champion").spec)
    assert isinstance(champion, PretrainJob) and champion.model.depth == GPU.depth
    assert (champion.train_seconds or 0.0) * 1_340_000 == pytest.approx(
        (GPU.text_most_epochs or 0.0) * 10_800_000, rel=0.01
    )
    searched, before = (
        [parse_job(row.spec) for row in lab.rows.values() if row.purpose == "hypothesis"]
        for lab in (small, free)
    )
    assert len(searched) >= len(before) + 8
    horizons = {job.train_tokens for job in [*searched, *before] if isinstance(job, PretrainJob)}
    assert len(horizons) == 1, "search runs keep their length"


@pytest.mark.parametrize(("share", "purpose"), [(0.1, "early_sft"), (0.7, "champion_sft")])
def test_fine_tuning_that_was_cut_counts_from_half_of_its_plan_on(share: float, purpose: Purpose) -> None:
    lab = _Cut(H200)
    lab.share = share
    finish = lab.run()
    assert the(lab, "champion_sft").reason == "time_limit"
    assert finish.ok and the(lab, purpose).job_id in finish.outcome
    assert ("cut by time after 10%" in finish.outcome) == (purpose == "early_sft")


def test_fine_tuning_that_was_cut_is_better_than_nothing() -> None:
    lab = _Cut(H200)
    lab.has_early = False
    finish = lab.run()
    assert the(lab, "early_sft").state == "failed"
    assert finish.ok and the(lab, "champion_sft").job_id in finish.outcome


class _Late(Simulation):
    """The champion takes 40 s more than the slack can make up for; a planned shape is compiled."""

    def finish(self, name: str) -> None:
        super().finish(name)
        if self.rows[name].purpose == "champion" and self.plan is not None:
            self.now += 40.0
            planned = self.plan.tuning_tokens(self.plan.champion_sft_seconds)
            root, tuning = parse_job(self.rows[name].spec), planned_tuning(GPU, 1, planned)
            assert isinstance(root, PretrainJob)
            known = f"c:{compile_shape(tuning, root)}"
            overheads = self.plan.costs.model_copy(update={"code": "c", "compiled": (known,)})
            self.plan = self.plan.model_copy(update={"overheads": overheads})


def test_shorter_fine_tuning_keeps_the_batch_that_is_compiled() -> None:
    lab = _Late(H200)
    lab.run()
    job = parse_job(the(lab, "champion_sft").spec)
    assert lab.plan is not None and isinstance(job, SftJob) and job.train_seconds is not None
    assert job.train_tokens == lab.plan.tuning_tokens(lab.plan.champion_sft_seconds)
    assert job.train_seconds * H200.tokens_per_second * H200.sft_speed < 0.6 * (job.train_tokens or 0)


def test_a_champion_of_minutes_on_a_gpu_is_saved_every_few_minutes() -> None:
    lab = Simulation(H200)
    lab.run()
    row = the(lab, "champion")
    job = parse_job(row.spec)
    assert isinstance(job, PretrainJob) and job.train_seconds is not None and job.checkpoint_every_steps
    seconds_a_step = 2**19 / lab.world.tokens_per_second
    assert 100.0 < job.checkpoint_every_steps * seconds_a_step < 300.0
