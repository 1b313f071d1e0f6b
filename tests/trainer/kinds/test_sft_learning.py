"""A fine-tuning job lowers the held-out loss on assistant tokens and keeps its lineage."""

import json

import pytest
import torch

from tests.support.trainer_lab import (
    base_run,
    context_of,
    events_of,
    job_of,
    lab,
    losses_of,
    result_of,
    run_here,
)
from trainer.checkpoint.reader import open_model
from trainer.job import RunPaths, SftJob
from trainer.kinds.sft import inherited_optim
from trainer.run.context import Event, JobCancelled


def document(**changes: object) -> dict[str, object]:
    return {
        "kind": "sft",
        "data": str(lab().data),
        "base": base_run().job_id,
        "epochs": 2.0,
        "total_batch_size": 512,
        "val_tokens": 4096,
        **changes,
    }


@pytest.fixture(scope="module")
def tuned() -> RunPaths:
    return lab().run(document())


def test_lowers_the_held_out_assistant_loss(tuned: RunPaths) -> None:
    metrics = result_of(tuned).metrics
    assert metrics["val_assistant_loss"] < 0.7 * metrics["val_assistant_loss_base"]
    assert metrics["val_bpb_base"] == pytest.approx(result_of(base_run()).metrics["val_bpb"], rel=1e-6)
    assert metrics["epochs"] == pytest.approx(2.0)


def test_starts_from_the_base_and_names_it(tuned: RunPaths) -> None:
    base, loaded = open_model(base_run().folder), open_model(tuned.folder)
    assert loaded.meta.kind == "sft" and loaded.meta.parents == (base_run().job_id,)
    assert loaded.tokenizer.content_hash() == base.tokenizer.content_hash()
    own, theirs = loaded.model.state_dict(), base.model.state_dict()
    assert not torch.equal(own["lm_head.weight"], theirs["lm_head.weight"])


def test_steps_progress_to_one_and_the_rate_falls(tuned: RunPaths) -> None:
    steps = [event for event in events_of(tuned) if event["event"] == "step"]
    assert steps[-1]["progress"] == 1.0
    assert steps[0]["lr_multiplier"] == 1.0 and steps[-1]["lr_multiplier"] < 0.2


@pytest.mark.parametrize("horizon", [{"epochs": 0.5}, {"train_tokens": 4096}])
def test_a_batch_that_is_left_open_holds_whole_passes(horizon: dict[str, object]) -> None:
    result = result_of(lab().run(document(total_batch_size=None, device_batch_size=6, **horizon)))
    assert result.state == "succeeded", result.message
    assert result.resolved["device_batch_size"] == 6
    assert (
        int(str(result.resolved["total_batch_size"])) % (6 * int(str(result.resolved["sequence_len"]))) == 0
    )


def test_what_does_not_fit_in_the_seconds_is_left_out() -> None:
    result = result_of(lab().run(document(train_tokens=512 * 100_000, train_seconds=1.0, compile=False)))
    assert result.state == "succeeded" and result.train_seconds >= 1.0
    assert 0 < result.metrics["steps"] < 100_000


def test_a_run_cut_and_resumed_equals_the_uninterrupted_one(tuned: RunPaths) -> None:
    paths, job = lab().place(document(), attempt=2), job_of(tuned)
    assert isinstance(job, SftJob)
    events: list[Event] = []
    calls = iter(range(1000))
    with pytest.raises(JobCancelled):
        run_here(context_of(paths, events, lambda: next(calls) >= 4))
    saved = json.loads((paths.checkpoint / "loop.json").read_text())
    assert saved["step"] == 5
    outcome = run_here(context_of(paths, events))
    assert {event.step: event.train_loss for event in events if event.event == "step"} == losses_of(tuned)
    assert outcome.metrics["val_assistant_loss"] == result_of(tuned).metrics["val_assistant_loss"]
    for name, tensor in open_model(tuned.folder).model.state_dict().items():
        assert torch.equal(tensor, open_model(paths.folder).model.state_dict()[name]), name


def test_rates_are_the_bases_unless_the_job_sets_its_own() -> None:
    paths = lab().place(lab().pretrain(optim={"matrix_lr": 0.05, "embedding_lr": 0.1}, train_tokens=1024))
    run_here(context_of(paths))
    own = lab().place(document(base=paths.job_id, optim={"embedding_lr": 0.2}))
    job = job_of(own)
    assert isinstance(job, SftJob)
    optim = inherited_optim(job, job_of(paths))
    assert (optim.matrix_lr, optim.embedding_lr, optim.scalar_lr) == (0.05, 0.2, 0.5)
