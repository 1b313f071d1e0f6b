"""A resident trainer: job after job, each as in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.harness_lab import ROOT, eventually
from tests.support.trainer_lab import lab, losses_of, result_of, trainer_environment
from trainer.job import RunPaths
from trainer.system.assignment import DONE, Assignment
from trainer.system.environment_block import with_room
from trainer.system.processes import RUN_VARIABLE, environment_of

TOKENS = 12 * 1024


class Worker:
    """A worker whose supervisor is this process."""

    def __init__(self, folder: Path, log: Path) -> None:
        environment = trainer_environment() | {"PYTHONPATH": str(ROOT)} | with_room(RUN_VARIABLE, str(folder))
        with log.open("ab") as stream:
            # tie() looks whether the parent is of the run: a shell that was started with its variable is.
            command = ["sh", "-c", f"{sys.executable} -m trainer worker; exit $?"]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, bufsize=0,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stream,
            )  # fmt: skip

    def give(self, paths: RunPaths, deadline: float = 1e9) -> None:
        assert self.process.stdin is not None
        folder = str(paths.folder)
        job = Assignment(paths.job_id, folder, str(paths.job), str(paths.log), deadline)
        self.process.stdin.write(job.to_line())

    def answer(self) -> bytes:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def carries(self, mark: bytes) -> bool:
        """Whether the trainer itself, the shell's child, is found by it."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return any(mark in environment_of(int(child)) for child in listed.split())

    def close(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(60)


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    made = Worker(tmp_path / "first", tmp_path / "log.txt")
    yield made
    made.close()


def job(seed: int, **changes: object) -> dict[str, object]:
    return lab().pretrain(seed=seed, **{"train_tokens": TOKENS, **changes})


def test_a_later_job_has_the_losses_of_a_process_of_its_own(worker: Worker) -> None:
    alone = lab().run(job(7))
    first, second = (lab().place(job(7), attempt) for attempt in (2, 3))
    other = lab().place(job(8, model={"depth": 1, "width": 32, "sequence_len": 64}))
    for paths in (other, first, second):
        worker.give(paths)
        assert worker.answer() == DONE, paths.log.read_text()
    assert losses_of(alone) == losses_of(first) == losses_of(second)
    assert result_of(alone).metrics["val_bpb"] == result_of(second).metrics["val_bpb"]
    assert worker.close() == 0


def test_a_job_that_fails_ends_the_worker_with_its_code(worker: Worker) -> None:
    bad = lab().place(job(9, tokenizer=str(lab().runs / "none")))
    worker.give(bad)
    assert worker.answer() == b"" and worker.process.wait(60) == 2
    assert "tokenizer" in bad.log.read_text()


def test_the_most_memory_is_that_of_the_job_alone(worker: Worker) -> None:
    large = lab().place(job(12, model={"depth": 2, "width": 1024, "sequence_len": 64}, train_tokens=1024))
    small = lab().place(job(13, train_tokens=1024))
    peaks = []
    for paths in (large, small):
        worker.give(paths)
        assert worker.answer() == DONE, paths.log.read_text()
        peaks.append(result_of(paths).metrics["peak_memory_bytes"])
    assert peaks[1] < peaks[0] - 100e6


def test_it_is_found_by_the_run_that_it_has_and_by_none_between_jobs(worker: Worker) -> None:
    paths = lab().place(job(10, train_tokens=400 * 1024))
    worker.give(paths)
    mark = f"{RUN_VARIABLE}={paths.folder}".encode()
    eventually(lambda: worker.carries(mark), "its mark")
    assert worker.answer() == DONE
    eventually(lambda: not worker.carries(mark), "the end of the mark")


def test_the_kernel_ends_it_at_a_jobs_deadline(worker: Worker) -> None:
    paths = lab().place(job(11, train_tokens=2_000 * 1024))
    worker.give(paths, deadline=1.0)
    assert worker.answer() == b"" and worker.process.wait(60) == 128 + 9
