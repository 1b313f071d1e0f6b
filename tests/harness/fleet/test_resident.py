"""A supervisor that keeps its trainer for further jobs, and lets go of it when it should."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.node.tagged_processes import end_all, with_environment
from tests.support.harness_lab import ROOT, eventually
from trainer.job import ExitRecord, RunPaths
from trainer.system.environment_block import with_room
from trainer.system.processes import RUN_VARIABLE, is_running

WORKER = [sys.executable, str(ROOT / "tests" / "support" / "fakes" / "fake_worker.py")]


class Series:
    """One supervisor and the runs that it is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.process: subprocess.Popen[bytes] | None = None

    def give(self, word: str, deadline: float = 60.0) -> RunPaths:
        paths = self.prepare(word, deadline)
        if self.process is None:
            self.process = self.start(paths)
        else:
            assert self.process.stdin is not None
            self.process.stdin.write(f"{paths.folder}\n".encode())
        return paths

    def prepare(self, word: str, deadline: float) -> RunPaths:
        self.count += 1
        paths = RunPaths(self.folder / f"0123456789-{10**self.count}")  # each name longer
        paths.folder.mkdir()
        paths.job.write_text(word)
        names = {
            name: getattr(paths, name).name for name in ("lock", "log", "job", "events", "exit", "supervisor")
        }
        launch = {
            "job_id": paths.job_id, "run": str(paths.folder), "resident_command": WORKER, "cores": [],
            "deadline_seconds": deadline, "grace_seconds": 0.5, "silence_seconds": 60.0, **names,
        }  # fmt: skip
        (paths.folder / "launch.json").write_text(json.dumps(launch))
        return paths

    def start(self, paths: RunPaths) -> "subprocess.Popen[bytes]":
        shared = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "SERIES": str(self.folder)}
        return subprocess.Popen(
            [sys.executable, "-m", "harness.fleet.supervisor", str(paths.folder)],
            cwd=ROOT, env=shared | with_room(RUN_VARIABLE, str(paths.folder)),
            stdin=subprocess.PIPE, bufsize=0, start_new_session=True,
        )  # fmt: skip

    def living(self) -> list[int]:
        return with_environment("SERIES", str(self.folder))


@pytest.fixture
def series(tmp_path: Path) -> Iterator[Series]:
    made = Series(tmp_path)
    yield made
    end_all("SERIES", str(tmp_path), 0.1)


def exit_of(paths: RunPaths) -> ExitRecord:
    eventually(paths.exit.exists, "the exit record")
    return ExitRecord.model_validate_json(paths.exit.read_bytes())


def worker_of(paths: RunPaths) -> int:
    text = eventually(lambda: paths.log.exists() and paths.log.read_text().split(), "the worker's word")
    return int(text[1])


def test_one_trainer_does_job_after_job(series: Series) -> None:
    runs = []
    for _ in range(3):
        runs.append(series.give("work"))
        assert (exit_of(runs[-1]).reason, exit_of(runs[-1]).returncode) == ("exited", 0)
    assert len({worker_of(run) for run in runs}) == 1


@pytest.mark.parametrize("word, returncode", [("fail", 1), ("leave", 0)])
def test_a_trainer_that_ends_ends_its_supervisor(series: Series, word: str, returncode: int) -> None:
    exit_of(series.give("work"))
    last = series.give(word)
    assert exit_of(last).returncode == returncode
    assert series.process is not None and series.process.wait(20) == 0
    assert series.living() == []


def test_a_later_job_has_a_deadline_of_its_own(series: Series) -> None:
    exit_of(series.give("work"))
    late = series.give("stubborn", deadline=0.5)
    assert exit_of(late).reason == "time_limit"
    eventually(lambda: series.living() == [], "the end of all")


def test_a_stop_reaches_the_later_job(series: Series) -> None:
    exit_of(series.give("work"))
    waits = series.give("wait")
    worker_of(waits)
    assert series.process is not None
    series.process.send_signal(signal.SIGTERM)
    assert exit_of(waits).reason == "stopped"
    eventually(lambda: series.living() == [], "the end of all")


def test_a_deadline_reaches_a_trainer_that_hangs_before_its_job(series: Series) -> None:
    exit_of(series.give("work"))
    assert exit_of(series.give("unnamed", deadline=0.5)).reason == "time_limit"
    eventually(lambda: series.living() == [], "the end of all")


@pytest.mark.parametrize("word", ["work", "wait"])
def test_a_killed_supervisor_takes_its_trainer_along(series: Series, word: str) -> None:
    exit_of(series.give("work"))
    run = series.give(word)
    worker_of(run)
    assert series.process is not None
    series.process.kill()
    series.process.wait()
    eventually(lambda: series.living() == [], "the end of all")


def test_an_idle_trainer_ends_with_whoever_gives_jobs(series: Series) -> None:
    run = series.give("work")
    exit_of(run)
    pid = worker_of(run)
    assert is_running(pid)
    assert series.process is not None and series.process.stdin is not None
    series.process.stdin.close()
    assert series.process.wait(20) == 0
    assert not is_running(pid)


def test_a_job_under_way_outlives_whoever_gave_it(series: Series) -> None:
    exit_of(series.give("work"))
    run = series.give("wait", deadline=3.0)
    worker_of(run)
    assert series.process is not None and series.process.stdin is not None
    series.process.stdin.close()
    assert exit_of(run).reason == "time_limit"


def test_a_trainer_killed_between_jobs_is_replaced(series: Series) -> None:
    first = series.give("work")
    exit_of(first)
    os.kill(worker_of(first), signal.SIGKILL)
    second = series.give("work")
    assert exit_of(second).returncode == 0
    assert worker_of(second) != worker_of(first)


def test_a_run_that_was_supervised_already_is_left_alone(series: Series) -> None:
    first = series.give("work")
    exit_of(first)
    assert series.process is not None and series.process.stdin is not None
    series.process.stdin.write(f"{first.folder}\n".encode())
    assert exit_of(series.give("work")).returncode == 0
    assert first.log.read_text().count("work") == 1
