"""A run cut anywhere and resumed equals the uninterrupted one, bit for bit."""

import hashlib
import json
import os
import signal
from pathlib import Path

import pytest
import torch

from tests.support.trainer_lab import (
    context_of,
    job_of,
    lab,
    losses_of,
    result_of,
    run_here,
    run_trainer,
    start_trainer,
    wait_for_event,
)
from trainer.checkpoint.reader import open_model
from trainer.job import PretrainJob, RunPaths, job_id, validate_job
from trainer.run.context import Event, JobCancelled

pytestmark = pytest.mark.long


class StopAt:
    """Asks to stop when the loop looks for the `steps`-th time: once a step."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def __call__(self) -> bool:
        self.left -= 1
        return self.left <= 0


def pretrain_here(paths: RunPaths, stop_at: int | None = None) -> dict[int, float]:
    """Run in this process; the losses of the steps it made."""
    events: list[Event] = []
    job = job_of(paths)
    assert isinstance(job, PretrainJob)
    stop = (lambda: False) if stop_at is None else StopAt(stop_at)
    context = context_of(paths, events, stop)
    if stop_at is None:
        run_here(context)
    else:
        with pytest.raises(JobCancelled):
            run_here(context)
    return {event.step: event.train_loss for event in events if event.event == "step"}


@pytest.fixture(scope="module")
def whole() -> tuple[RunPaths, dict[int, float]]:
    paths = lab().place(lab().pretrain())
    return paths, pretrain_here(paths)


def weights(paths: RunPaths) -> dict[str, torch.Tensor]:
    return open_model(paths.folder).model.state_dict()


def test_resumed_at_step_23_equals_the_uninterrupted_run(whole: tuple[RunPaths, dict[int, float]]) -> None:
    paths = lab().place(lab().pretrain(), attempt=2)
    before = pretrain_here(paths, stop_at=23)
    after = pretrain_here(paths)
    assert list(before) == list(range(1, 24)) and list(after) == list(range(24, 51))
    assert before | after == whole[1]
    for name, tensor in weights(whole[0]).items():
        assert torch.equal(tensor, weights(paths)[name]), name


def test_resuming_twice_changes_nothing(whole: tuple[RunPaths, dict[int, float]]) -> None:
    paths = lab().place(lab().pretrain(), attempt=3)
    losses = pretrain_here(paths, stop_at=7) | pretrain_here(paths, stop_at=1) | pretrain_here(paths)
    assert losses == whole[1]


def test_a_position_of_another_version_is_refused_in_one_line() -> None:
    paths = lab().place(lab().pretrain(), attempt=4)
    pretrain_here(paths, stop_at=7)
    loop, meta = paths.checkpoint / "loop.json", paths.checkpoint / "meta.json"
    state = json.loads(loop.read_text())
    assert set(state["position"]) == {"epoch", "shard", "row"}
    state["position"] = {"window": 0, "epoch": 0, "document": 0, "row": 112}
    loop.write_text(json.dumps(state))
    described = json.loads(meta.read_text())
    described["sha256"]["loop.json"] = hashlib.sha256(loop.read_bytes()).hexdigest()
    meta.write_text(json.dumps(described))
    done = run_trainer(paths.job)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "position: window, epoch, document, row; allowed: epoch, shard, row" in done.stderr
    assert result_of(paths).reason == "bad_input"


def test_killed_without_warning_it_goes_on_from_its_last_checkpoint() -> None:
    document = lab().pretrain(checkpoint_every_steps=10, train_tokens=122_880)
    reference = pretrain_here(lab().place(document))
    paths = lab().place(document, attempt=2)
    process = start_trainer(paths.job)
    wait_for_event(paths, "checkpoint")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not paths.result.exists()
    killed = losses_of(paths)
    resumed = pretrain_here(paths)
    assert min(resumed) > 10 and min(resumed) % 10 == 1
    assert killed | resumed == reference


def test_sigterm_saves_and_cancels_and_the_same_command_goes_on(tmp_path: Path) -> None:
    document = lab().pretrain(train_tokens=122_880, seed=1)
    placed = lab().place(document)
    reference = pretrain_here(placed)
    request = tmp_path / "request.json"
    request.write_text(json.dumps(document))
    environment = {"HARNESS_RUNS": str(tmp_path / "runs")}
    first = RunPaths(tmp_path / "runs" / placed.job_id)
    process = start_trainer(request, **environment)
    wait_for_event(first, "step")
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 3
    result = result_of(first)
    assert (result.state, result.reason) == ("cancelled", "stopped")
    assert result.train_seconds > 0 and 0 < result.metrics["steps"] < 120
    assert run_trainer(request, **environment).returncode == 0
    second = RunPaths(first.folder.with_name(first.job_id.replace("-1", "-2")))
    assert result_of(second).resumed_from == first.job_id
    assert losses_of(first) | losses_of(second) == reference
    assert min(losses_of(second)) == result.metrics["steps"] + 1


def test_killed_without_warning_the_same_command_goes_on_in_a_new_attempt(tmp_path: Path) -> None:
    document = lab().pretrain(checkpoint_every_steps=10, train_tokens=122_880, seed=2)
    request = tmp_path / "request.json"
    request.write_text(json.dumps(document))
    environment = {"HARNESS_RUNS": str(tmp_path / "runs")}
    first = RunPaths(tmp_path / "runs" / job_id(validate_job(document), 1))
    process = start_trainer(request, **environment)
    wait_for_event(first, "checkpoint")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    again = run_trainer(request, **environment)
    second = RunPaths(first.folder.with_name(first.job_id.replace("-1", "-2")))
    assert again.returncode == 0
    assert again.stderr == f"{second.job_id} goes on from the checkpoint of {first.job_id}\n"
    assert result_of(second).resumed_from == first.job_id
    assert min(losses_of(second)) > 10 and min(losses_of(second)) % 10 == 1
