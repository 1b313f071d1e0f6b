"""Every kind of job on the real data set, one building on the other, in seconds."""

import math
import os

import pytest

from tests.support.trainer_lab import lab, result_of
from trainer.job import JobResult

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def results() -> dict[str, JobResult]:
    """tokenizer → pretrain → sft → eval on `HARNESS_DATA`."""
    data = os.environ["HARNESS_DATA"]
    core = {"max_per_task": 1}
    tokenizer = lab().run({"kind": "tokenizer", "data": data, "vocab_size": 1024, "max_bytes": 2_000_000})
    pretrain = lab().run(
        {
            "kind": "pretrain",
            "data": data,
            "tokenizer": tokenizer.job_id,
            "model": {"depth": 4, "width": 64, "sequence_len": 256},
            "train_tokens": 40_960,
            "total_batch_size": 1024,
            "val_tokens": 8192,
            "core": core,
        }
    )
    common = {"data": data, "val_tokens": 8192, "core": core}
    sft = lab().run(
        {"kind": "sft", "base": pretrain.job_id, "train_tokens": 20_480, "total_batch_size": 2048, **common}
    )
    evaluated = lab().run({"kind": "eval", "checkpoint": sft.job_id, **common})
    return {kind: result_of(paths) for kind, paths in zip(
        ("tokenizer", "pretrain", "sft", "eval"), (tokenizer, pretrain, sft, evaluated), strict=True
    )}  # fmt: skip


def test_pretraining_learns_and_carries_core(results: dict[str, JobResult]) -> None:
    result = results["pretrain"]
    assert result.metrics["val_bpb"] < 4.0
    assert result.core is not None and len(result.core.tasks) == 22


def test_fine_tuning_lowers_the_held_out_assistant_loss(results: dict[str, JobResult]) -> None:
    metrics = results["sft"].metrics
    assert metrics["val_assistant_loss"] < metrics["val_assistant_loss_base"]


def test_evaluation_reads_the_tuned_model_as_fine_tuning_did(results: dict[str, JobResult]) -> None:
    tuned, evaluated = results["sft"], results["eval"]
    assert math.isclose(evaluated.metrics["val_bpb"], tuned.metrics["val_bpb"], rel_tol=1e-5)
    assert evaluated.core is not None and tuned.core is not None
    assert evaluated.core.core_metric == pytest.approx(tuned.core.core_metric)
