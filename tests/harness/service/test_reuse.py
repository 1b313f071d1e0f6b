"""A recorded result answers for a job only when spec, code, data, tokenizer and device are all the same."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.node.machine import Machine
from harness.service.reuse import inputs_of, recorded_result
from journal.lab_paths import LabPaths
from journal.records import JobRow
from journal.store import Journal
from tests.support.journal_support import new_journal, result_of
from trainer.data.shards import write_shard
from trainer.job import Job, canonical_bytes, job_id, spec_hash, validate_job
from trainer.job.gpus import Gpu
from trainer.tokenizer import Tokenizer

TEXTS = ["the cat sat on the mat " * 20, "another document " * 30]
MACHINE = Machine(gpus=(), cores=(0, 1))


@dataclass
class Recorded:
    """A lab in which one job has succeeded."""

    lab: LabPaths
    journal: Journal
    job: Job
    data: Path
    tokenizer: Path

    def answer(self, job: Job | None = None, machine: Machine = MACHINE) -> JobRow | None:
        return recorded_result(self.lab, self.journal, job or self.job, machine)


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    data, tokenizer = tmp_path / "data", tmp_path / "tokenizer"
    (data / "pretrain").mkdir(parents=True)
    tokenizer.mkdir()
    for name, texts in (("shard_00000", TEXTS), ("shard_00001", TEXTS[:1])):
        write_shard(data / "pretrain" / f"{name}.parquet", [texts])
    Tokenizer.train(TEXTS, 280).save(tokenizer / "tokenizer.json")
    job = pretrain(data, tokenizer)
    lab = LabPaths.at(tmp_path / "lab")
    lab.folder.mkdir()
    found = Recorded(lab, new_journal(lab.folder), job, data, tokenizer)
    succeed(found, job)
    return found


def pretrain(data: Path, tokenizer: Path, **changes: object) -> Job:
    document = {"kind": "pretrain", "data": str(data), "tokenizer": str(tokenizer), "train_tokens": 4096}
    return validate_job({**document, **changes})


def succeed(lab: Recorded, job: Job) -> None:
    """Record a success made of what the job names now."""
    inputs = inputs_of(lab.lab, job)
    assert inputs is not None
    row = JobRow(
        job_id=job_id(job, 1), spec_hash=spec_hash(job), kind=job.kind, purpose="manual", state="queued",
        spec=canonical_bytes(job).decode(), seed=job.seed, gpus=1, source="cli", created_at=3.0,
    )  # fmt: skip
    lab.journal.add_job(row)
    made = result_of(row, "succeeded", 1.5, None, **inputs.model_dump(), device=MACHINE.device_name(1))
    lab.journal.finish_job(row.job_id, "succeeded", None, None, made, 0, 4.0)


def test_the_same_job_is_answered_from_the_record(recorded: Recorded) -> None:
    found = recorded.answer()
    assert found is not None and found.job_id == job_id(recorded.job, 1)
    os.utime(recorded.data / "pretrain" / "shard_00000.parquet", (2e9, 2e9))
    assert recorded.answer() is not None, "the content counts, not when it was written"
    assert recorded.answer(pretrain(recorded.data, recorded.tokenizer, seed=1)) is None


def test_a_changed_data_folder_is_not_reused(recorded: Recorded) -> None:
    shard = recorded.data / "pretrain" / "shard_00000.parquet"
    before = shard.stat()
    shard.unlink()
    write_shard(shard, [[*TEXTS, "one more"]])
    os.utime(shard, (before.st_atime, before.st_mtime))  # as old as before the result: dates prove nothing
    assert recorded.answer() is None


def test_a_changed_tokenizer_is_not_reused(recorded: Recorded) -> None:
    Tokenizer.train(["quite another text " * 40], 280).save(recorded.tokenizer / "tokenizer.json")
    assert recorded.answer() is None


def test_another_device_is_not_reused(recorded: Recorded) -> None:
    gpu = Gpu(0, "NVIDIA H100 80GB HBM3", 81_559, "00000000:01:00.0")
    assert recorded.answer(machine=Machine(gpus=(gpu,), cores=(0, 1))) is None


def test_what_cannot_be_read_any_more_is_not_reused(recorded: Recorded) -> None:
    shutil.rmtree(recorded.data)
    assert recorded.answer() is None


def test_what_lies_in_folders_without_a_hash_is_not_reused(recorded: Recorded, tmp_path: Path) -> None:
    elsewhere = pretrain(recorded.data, recorded.tokenizer, core={"data": str(tmp_path)})
    succeed(recorded, elsewhere)
    assert recorded.answer(elsewhere) is None, "the questions may have changed"
