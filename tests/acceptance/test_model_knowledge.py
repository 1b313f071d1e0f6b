"""A starter model, trained here in minutes, knows its facts and its calculator; noise and its base do not."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.model_checks import Scores, randomised_copy, score_checkpoint
from tests.support.paths import ROOT
from trainer.job import JobResult, job_id, validate_job

pytestmark = [pytest.mark.long, pytest.mark.timeout(2400)]

SHAPE = {"depth": 4, "width": 192, "head_dim": 64, "sequence_len": 256}
TRAINING = {"total_batch_size": 4096, "val_tokens": 16_384, "core": {"enabled": False}}


@dataclass(frozen=True)
class Trained:
    """Run folders of one small lineage."""

    runs: Path
    base: str
    tuned: str

    def result(self, name: str) -> JobResult:
        return JobResult.model_validate_json((self.runs / name / "result.json").read_bytes())


def run(runs: Path, document: dict[str, object]) -> str:
    """Run one job through the trainer's door and return its id."""
    path = runs / "request.json"
    path.write_text(json.dumps(document))
    environment = os.environ | {"HARNESS_RUNS": str(runs), "OMP_NUM_THREADS": "1"}
    subprocess.run(
        [sys.executable, "-m", "trainer", str(path)], cwd=ROOT, env=environment, check=True, timeout=1500
    )
    return job_id(validate_job(document), 1)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    runs = tmp_path_factory.mktemp("runs")
    tokenizer = run(runs, {"kind": "tokenizer", "vocab_size": 2048})
    pretrain = {
        "kind": "pretrain",
        "tokenizer": tokenizer,
        "model": SHAPE,
        "train_tokens": 122_880,
        **TRAINING,
    }
    base = run(runs, pretrain)
    sft = {
        "kind": "sft",
        "base": base,
        "train_tokens": 491_520,
        "lr_scale": 0.8,
        **TRAINING,
        "total_batch_size": 2048,
    }
    return Trained(runs, base, run(runs, sft))


@pytest.fixture(scope="module")
def scores(trained: Trained) -> Scores:
    return score_checkpoint(trained.runs / trained.tuned)


def test_facts_are_known_in_words_that_were_not_trained(scores: Scores) -> None:
    assert scores.facts_right >= 70, scores.line("tuned")


def test_sums_go_through_a_parsed_calculator_call(scores: Scores) -> None:
    assert scores.sums_right >= 90, scores.line("tuned")


def test_core_is_above_chance(scores: Scores) -> None:
    assert scores.core.lower > 0.0, scores.line("tuned")


def test_fine_tuning_lowers_held_out_assistant_loss(trained: Trained) -> None:
    metrics = trained.result(trained.tuned).metrics
    assert metrics["val_assistant_loss"] < 0.5 * metrics["val_assistant_loss_base"]


def test_the_base_knows_almost_none(trained: Trained) -> None:
    before = score_checkpoint(trained.runs / trained.base)
    assert before.facts_right <= 5, before.line("base")
    assert before.sums_right <= 5, before.line("base")


def test_randomised_weights_fail_each_check(trained: Trained, tmp_path: Path) -> None:
    noise = score_checkpoint(randomised_copy(trained.runs / trained.tuned, tmp_path / "random"))
    assert noise.facts_right < 70, noise.line("random")
    assert noise.sums_right < 90, noise.line("random")
    assert noise.core.lower <= 0.0, noise.line("random")
