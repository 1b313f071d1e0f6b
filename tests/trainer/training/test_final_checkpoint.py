"""The final checkpoint is written while CORE is read, and stands whatever becomes of CORE."""

from pathlib import Path

import pytest

from tests.support.core_support import write_core
from tests.support.trainer_lab import context_of, lab, run_here
from trainer.checkpoint.contents import CheckpointError
from trainer.checkpoint.reader import open_model, read_meta
from trainer.job import RunPaths
from trainer.run.context import Event, JobCancelled


def job_with_core(folder: Path, seed: int) -> RunPaths:
    """A few steps, then all of a small CORE."""
    write_core(folder / "core")
    return lab().place(lab().pretrain(train_tokens=4096, seed=seed, core={"data": str(folder)}))


def test_it_stands_when_core_is_cancelled(tmp_path: Path) -> None:
    paths, events = job_with_core(tmp_path, 71), list[Event]()
    validated = lambda: any(event.event == "eval" for event in events)  # noqa: E731
    with pytest.raises(JobCancelled, match="trained and saved") as cancelled:
        run_here(context_of(paths, events, stop_requested=validated))
    assert cancelled.value.partial is not None
    assert [event.event for event in events][-2:] == ["eval", "checkpoint"]
    assert read_meta(paths.folder).val_bpb is not None
    open_model(paths.folder)


def test_a_checkpoint_that_cannot_be_written_fails_the_job_whatever_core_says(tmp_path: Path) -> None:
    paths, events = job_with_core(tmp_path, 72), list[Event]()
    (paths.folder / "checkpoint.saving").write_text("in the way")
    with pytest.raises(CheckpointError, match="checkpoint"):
        run_here(context_of(paths, events))
    assert "checkpoint" not in [event.event for event in events]


def test_core_is_that_of_the_weights_which_are_saved(tmp_path: Path) -> None:
    paths = job_with_core(tmp_path, 73)
    outcome = run_here(context_of(paths))
    assert outcome.core is not None and outcome.metrics["core_metric"] == outcome.core.core_metric
    assert not paths.checkpoint.with_name("checkpoint.saving").exists()
