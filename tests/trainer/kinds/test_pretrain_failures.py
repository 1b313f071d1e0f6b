"""A broken loss ends the job at once, with its reason; a merely bad one does not."""

import math
from pathlib import Path

import pytest

from tests.support.loop_support import VOCABULARY, halves, run_loop
from tests.support.trainer_lab import events_of, lab, result_of, run_trainer
from trainer.job import RunPaths
from trainer.run.context import Event, JobCancelled, JobFailure
from trainer.training.state import Horizon


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_a_loss_that_is_no_number_ends_the_run_at_that_step(broken: float) -> None:
    events: list[Event] = []
    with pytest.raises(JobFailure, match="step 3") as failure:
        run_loop(halves(4.0, 3.0, broken), Horizon(steps=50), events)
    assert failure.value.reason == "nan"
    assert [event.step for event in events if event.event == "step"] == [1, 2]


def test_a_loss_far_above_a_uniform_guess_for_ten_steps_is_diverged() -> None:
    with pytest.raises(JobFailure, match="step 11") as failure:
        run_loop(halves(4.0, 2.1 * math.log(VOCABULARY)), Horizon(steps=50))
    assert failure.value.reason == "diverged"


def test_a_bad_loss_or_a_short_spike_is_not() -> None:
    spike = [4.0] + [50.0] * 9 + [4.0] + [50.0] * 9 + [1.5 * math.log(VOCABULARY)]
    assert run_loop(halves(*spike), Horizon(steps=50)).step == 50


@pytest.mark.parametrize("steps", [None, 10**9])
def test_a_time_horizon_ends_by_the_clock_and_progress_reaches_one(steps: int | None) -> None:
    events: list[Event] = []
    state = run_loop(halves(4.0), Horizon(steps, seconds=0.05), events)
    assert state.train_seconds >= 0.05 and state.progress == 1.0
    progress = [event.progress for event in events if event.event == "step"]
    assert progress == sorted(progress)


def test_a_stop_request_ends_at_the_step_it_was_seen_at() -> None:
    calls = iter(range(100))
    with pytest.raises(JobCancelled):
        run_loop(halves(4.0), Horizon(steps=50), stop=lambda: next(calls) >= 4)
    assert next(calls) == 5


def test_a_diverging_job_fails_with_its_reason_long_before_its_end(tmp_path: Path) -> None:
    wild = {"matrix_lr": 100.0, "embedding_lr": 100.0, "unembedding_lr": 100.0, "scalar_lr": 100.0}
    document = lab().pretrain(
        optim=wild,
        model={"depth": 2, "width": 32, "sequence_len": 64, "logit_softcap": None},
        train_tokens=10_240_000,
        compile=False,
    )
    paths = lab().place(document)
    done = run_trainer(paths.job)
    result = result_of(paths)
    assert done.returncode == 1 and result.state == "failed" and result.reason in ("diverged", "nan")
    assert result.reason in done.stderr and done.stderr.count("\n") == 1
    assert result.metrics["steps"] < 1000
    assert result.provenance.data_hash and result.resolved["matrix_lr"]
    assert events_of(paths)[-1]["reason"] == result.reason
    assert not RunPaths(paths.folder).checkpoint.exists()
