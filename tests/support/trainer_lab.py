"""A tiny data set, tokenizer and models for tests of training: seconds on one core."""

from __future__ import annotations

import atexit
import functools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import torch

from tests.support.paths import ROOT
from trainer.data.shards import write_shard
from trainer.job import (
    Job,
    JobResult,
    RunPaths,
    canonical_bytes,
    job_id,
    parse_job,
    spec_hash,
    validate_job,
)
from trainer.kinds.table import prepare
from trainer.run.context import Event, Outcome, RunContext
from trainer.tokenizer import Tokenizer

SENTENCE = "the cat sat on a mat and saw one red dog run over green hills while seven birds sang"
WORDS = SENTENCE.split()


@dataclass(frozen=True)
class Lab:
    """A data folder, a runs folder with a tokenizer, and jobs placed and run in it."""

    data: Path
    runs: Path

    def pretrain(self, **changes: Any) -> dict[str, Any]:
        """50 steps of a model of 55,000 parameters."""
        return {
            "kind": "pretrain",
            "data": str(self.data),
            "tokenizer": str(self.runs / "tokenizer"),
            "model": {"depth": 2, "width": 32, "sequence_len": 64},
            "total_batch_size": 1024,
            "train_tokens": 51_200,
            "val_tokens": 4096,
            **changes,
        }

    def place(self, document: dict[str, Any], attempt: int = 1) -> RunPaths:
        """Write the job into its run folder, as a launcher does."""
        job = validate_job(document)
        paths = RunPaths(self.runs / job_id(job, attempt))
        paths.folder.mkdir()
        paths.job.write_bytes(canonical_bytes(job))
        return paths

    def run(self, document: dict[str, Any], attempt: int = 1) -> RunPaths:
        """Run a job to its end in a process of its own; it must succeed."""
        paths = self.place(document, attempt)
        done = run_trainer(paths.job)
        assert done.returncode == 0, done.stderr
        return paths


@functools.cache
def lab() -> Lab:
    """The one lab of a test session."""
    torch.set_num_threads(1)
    root = Path(tempfile.mkdtemp(prefix="trainer-lab-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    made = Lab(root / "data", root / "runs")
    write_data(made.data)
    tokenizer = made.runs / "tokenizer"
    tokenizer.mkdir(parents=True)
    Tokenizer.train(made_documents()[:300], 320).save(tokenizer / "tokenizer.json")
    return made


@functools.cache
def base_run() -> RunPaths:
    """The lab's pretrained base."""
    return lab().run(lab().pretrain(train_tokens=102_400, checkpoint_every_steps=40, eval_every_steps=30))


def write_data(folder: Path) -> None:
    """Text in which each word has two successors, and questions about the successor."""
    documents = made_documents()
    (folder / "pretrain").mkdir(parents=True)
    (folder / "chat").mkdir()
    write_shard(folder / "pretrain" / "shard_00000.parquet", [documents[:300]])
    write_shard(folder / "pretrain" / "shard_00001.parquet", [documents[300:350], documents[350:]])
    rows = [
        {
            "messages": [
                {"role": "user", "content": f"{i} after {word}?"},
                {"role": "assistant", "content": successors(word)[0]},
            ]
        }
        for i in range(12)
        for word in WORDS
    ]
    (folder / "chat" / "talk.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def made_documents() -> list[str]:
    draw = random.Random(0)
    return [_document(draw, draw.randint(5, 200)) for _ in range(400)]


def successors(word: str) -> tuple[str, str]:
    place = WORDS.index(word) * 3
    return WORDS[(place + 1) % len(WORDS)], WORDS[(place + 2) % len(WORDS)]


def _document(draw: random.Random, length: int) -> str:
    words = [draw.choice(WORDS)]
    while len(words) < length:
        words.append(draw.choice(successors(words[-1])))
    return " ".join(words) + "."


def run_trainer(*arguments: object, ranks: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m trainer …`, or under torchrun with `ranks` processes."""
    return subprocess.run(
        trainer_command(*arguments, ranks=ranks),
        env=trainer_environment(**environment),
        capture_output=True,
        text=True,
        timeout=300,
    )


def start_trainer(
    *arguments: object, ranks: int = 0, log: IO[bytes] | None = None, **environment: str
) -> subprocess.Popen[bytes]:
    """The same, not waited for; `log` takes what it writes."""
    return subprocess.Popen(
        trainer_command(*arguments, ranks=ranks),
        env=trainer_environment(**environment),
        stdout=log or subprocess.DEVNULL,
        stderr=log or subprocess.DEVNULL,
    )


def trainer_command(*arguments: object, ranks: int) -> list[str]:
    torchrun = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={ranks}"] if ranks else []
    return [sys.executable, *torchrun, "-m", "trainer", *map(str, arguments)]


def trainer_environment(**changes: str) -> dict[str, str]:
    return (
        os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""} | changes
    )


def context_of(
    paths: RunPaths,
    events: list[Event] | None = None,
    stop_requested: Callable[[], bool] = lambda: False,
) -> RunContext:
    """One rank on the CPU, for running a job's function in this process."""
    job = job_of(paths)
    return RunContext(
        paths=paths,
        runs_dir=paths.folder.parent,
        rank=0,
        world_size=1,
        device=torch.device("cpu"),
        job_bytes=canonical_bytes(job),
        spec_hash=spec_hash(job),
        write_event=(lambda event: None) if events is None else events.append,
        stop_requested=stop_requested,
    )


def run_here(context: RunContext) -> Outcome:
    """Run the context's job in this process, as one rank on the CPU."""
    job = parse_job(context.job_bytes)
    return prepare(job, context.runs_dir, 1, "cpu", None)(context)


def job_of(paths: RunPaths) -> Job:
    return validate_job(json.loads(paths.job.read_text()))


def result_of(paths: RunPaths) -> JobResult:
    return JobResult.model_validate_json(paths.result.read_text())


def events_of(paths: RunPaths) -> list[dict[str, Any]]:
    return [json.loads(line) for line in paths.events.read_text().splitlines()]


def losses_of(paths: RunPaths) -> dict[int, float]:
    """The last reported loss of every step."""
    return {event["step"]: event["train_loss"] for event in events_of(paths) if event["event"] == "step"}


def wait_for_event(paths: RunPaths, name: str) -> None:
    """Return once the run has written an event of that name."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if paths.events.exists() and f'"{name}"' in paths.events.read_text():
            return
        time.sleep(0.01)
    raise AssertionError(f"no {name} event")
