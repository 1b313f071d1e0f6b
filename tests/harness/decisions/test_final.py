"""The end when its time has been used up, or its fine-tuning fails: a model that chats is served."""

from harness.plan.split import FINAL_SHARE
from tests.simulations.virtual_lab import START, Simulation, World
from trainer.job import SftJob, parse_job


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
