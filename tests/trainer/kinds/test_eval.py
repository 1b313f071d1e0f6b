"""The eval job, run as a process: val_bpb and CORE of a checkpoint, or one clear line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.support.core_support import WORDS, tiny_model, write_core
from tests.support.engine_support import SEQUENCE_LEN, TEXT, write_checkpoint
from trainer.checkpoint.reader import open_model
from trainer.data.catalog import DataSet
from trainer.data.shards import write_shard
from trainer.evaluation import evaluate_core
from trainer.evaluation.bpb import val_bpb
from trainer.job import EvalJob, JobError, RunPaths, canonical_bytes, spec_hash, validate_job
from trainer.kinds.evaluate import run_eval
from trainer.model.precision import fastest_dtype
from trainer.run.context import JobCancelled, Outcome, RunContext

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("eval")
    write_checkpoint(folder)
    write_core(folder / "data" / "core")
    (folder / "data" / "pretrain").mkdir()
    for shard in range(2):
        groups = [[f"{shard} {group} {word} {TEXT}" for word in WORDS] for group in range(4)]
        write_shard(folder / "data" / "pretrain" / f"shard_{shard}.parquet", groups)
    return folder


def run(folder: Path, *launcher: str, **settings: object) -> tuple[subprocess.CompletedProcess[str], Any]:
    """Run an eval job in runs of its own; the finished process and its result, if it wrote one."""
    job = {"kind": "eval", "checkpoint": str(folder / "checkpoint"), "data": str(folder / "data"), **settings}
    scratch = folder / f"runs-{len(list(folder.glob('runs-*')))}"
    scratch.mkdir()
    (scratch / "request.json").write_text(json.dumps(job))
    environment = os.environ | {
        "HARNESS_RUNS": str(scratch),
        "OMP_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",
    }
    done = subprocess.run(
        [sys.executable, *launcher, "-m", "trainer", str(scratch / "request.json")],
        env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    results = list(scratch.glob("*/result.json"))
    return done, json.loads(results[0].read_text()) if results else None


@pytest.mark.parametrize("ranks", [1, 2])
def test_the_result_is_what_the_functions_give_on_any_number_of_ranks(folder: Path, ranks: int) -> None:
    launcher = ("-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={ranks}")
    done, result = run(folder, *(launcher if ranks > 1 else ()), val_tokens=1000, core={"max_per_task": 9})
    assert done.returncode == 0, done.stderr
    loaded = open_model(folder / "checkpoint")
    loaded.model.compute_dtype = fastest_dtype(CPU)
    data = DataSet(folder / "data")
    bpb = val_bpb(loaded.model, loaded.tokenizer, data, 1000, SEQUENCE_LEN, 8, CPU)
    core = evaluate_core(loaded.model, loaded.tokenizer, folder / "data" / "core", max_per_task=9)
    assert result["metrics"]["val_bpb"] == pytest.approx(bpb, rel=1e-6)
    assert result["metrics"]["core_metric"] == pytest.approx(core.core_metric)
    assert result["core"] == json.loads(core.model_dump_json())
    assert [task["items"] for task in result["core"]["tasks"]] == [9, 9, 9, 9]
    assert result["resolved"]["checkpoint_job_id"] == "0123456789-1"
    assert result["provenance"]["tokenizer_hash"] == loaded.tokenizer.content_hash()
    assert result["provenance"]["world_size"] == ranks


def in_process(folder: Path, **settings: object) -> Outcome:
    job = validate_job(
        {"kind": "eval", "checkpoint": str(folder / "checkpoint"), "data": str(folder / "data"), **settings}
    )
    assert isinstance(job, EvalJob)
    paths = RunPaths(folder / "unused" / "0123456789-2")
    context = RunContext(paths, paths.folder.parent, 0, 1, CPU, canonical_bytes(job), spec_hash(job))
    return run_eval(context, job)


def test_core_can_be_left_out(folder: Path) -> None:
    outcome = in_process(folder, core={"enabled": False})
    assert outcome.core is None
    assert set(outcome.metrics) == {"val_bpb", "parameters"}


def test_the_questions_may_be_another_sets_and_text_may_be_missing(folder: Path, tmp_path: Path) -> None:
    write_core(tmp_path / "core")
    text_and_questions = in_process(folder, core={"max_per_task": 1, "data": str(tmp_path)})
    questions = in_process(folder, data=str(tmp_path), core={"max_per_task": 1})
    assert text_and_questions.core == questions.core is not None
    assert "val_bpb" in text_and_questions.metrics and "val_bpb" not in questions.metrics


def test_a_set_without_anything_to_evaluate_on_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "chat").mkdir()
    (tmp_path / "chat" / "a.jsonl").write_text('{"messages":[{"role":"user","content":"x"}]}\n')
    with pytest.raises(JobError, match="neither pretraining text nor CORE"):
        in_process(folder, data=str(tmp_path))


def test_broken_questions_fail_the_job_in_one_line(folder: Path, tmp_path: Path) -> None:
    core = write_core(tmp_path / "core")
    (core / "eval_data" / "schema.jsonl").write_text('{"gold": 1}\n')
    done, result = run(folder, data=str(tmp_path))
    assert (done.returncode, result["reason"]) == (1, "bad_input")
    assert "schema.jsonl: line 1" in result["message"]
    assert "Traceback" not in done.stderr


def test_core_stops_between_tasks_when_asked_to(folder: Path) -> None:
    job = validate_job(
        {"kind": "eval", "checkpoint": str(folder / "checkpoint"), "data": str(folder / "data")}
    )
    assert isinstance(job, EvalJob)
    paths = RunPaths(folder / "unused" / "0123456789-2")
    context = RunContext(
        paths, paths.folder.parent, 0, 1, CPU, b"", spec_hash(job), stop_requested=lambda: True
    )
    with pytest.raises(JobCancelled):
        run_eval(context, job)


def test_a_missing_checkpoint_is_refused_before_anything_is_written(folder: Path, tmp_path: Path) -> None:
    done, result = run(folder, checkpoint=str(tmp_path / "absent"))
    assert (done.returncode, result) == (2, None)
    assert done.stderr.count("\n") == 1 and "checkpoint" in done.stderr


def test_a_better_model_has_fewer_bits_per_byte(folder: Path) -> None:
    loaded = open_model(folder / "checkpoint")
    data = DataSet(folder / "data")
    arguments = (loaded.tokenizer, data, 1000, SEQUENCE_LEN, 8, CPU)
    uniform = tiny_model(loaded.tokenizer.vocab_size, SEQUENCE_LEN)
    uniform.lm_head.weight.data.zero_()
    assert val_bpb(uniform, *arguments) < val_bpb(loaded.model, *arguments)
