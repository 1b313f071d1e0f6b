"""Ranks under torchrun, each in a session of its own: they end with their parents, and at their deadline."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.node.tagged_processes import end_all, with_environment
from tests.support.harness_lab import ROOT, eventually
from trainer.job import RunPaths
from trainer.processes.tether import tie
from trainer.system.processes import DEADLINE_VARIABLE, RUN_VARIABLE, start_time_ticks

JOB = "0123456789-1"
RANK = (
    "import os, sys, time\n"
    "from pathlib import Path\n"
    "from trainer.processes.tether import tie\n"
    "tie(os.environ)\n"
    "(Path(sys.argv[1]) / f'rank{os.environ[\"RANK\"]}').write_text(f'{os.getpid()} {os.getppid()}')\n"
    "time.sleep(600)\n"
)


@pytest.fixture
def paths(tmp_path: Path):  # type: ignore[no-untyped-def]
    found = RunPaths(tmp_path / JOB)
    found.folder.mkdir()
    yield found
    end_all(RUN_VARIABLE, str(found.folder), 0.1)


def start_two_ranks(paths: RunPaths) -> "subprocess.Popen[bytes]":
    script = paths.folder / "rank.py"
    script.write_text(RANK)
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    launch = {
        "job_id": JOB,
        "run": str(paths.folder),
        "command": [*torchrun, str(script), str(paths.folder)],
        "deadline_seconds": 300.0,
        "grace_seconds": 5.0,
        "silence_seconds": 300.0,
        "cores": [],
        "lock": "lock",
        "log": "log.txt",
        "events": "events.jsonl",
        "exit": "exit.json",
        "supervisor": "supervisor.json",
    }
    (paths.folder / "launch.json").write_text(json.dumps(launch))
    return subprocess.Popen(
        [sys.executable, "-m", "harness.fleet.supervisor", str(paths.folder)],
        cwd=ROOT,
        env={**os.environ, RUN_VARIABLE: str(paths.folder), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        start_new_session=True,
    )


def two_ranks(paths: RunPaths) -> list[tuple[int, int]]:
    """(pid, parent's pid) of both, once they run."""

    def look() -> list[tuple[int, int]]:
        texts = [path.read_text().split() for path in sorted(paths.folder.glob("rank?"))]
        return [(int(t[0]), int(t[1])) for t in texts if len(t) == 2]

    return eventually(lambda: found if len(found := look()) == 2 else [], "two ranks")


def test_a_killed_supervisor_takes_torchrun_and_its_ranks_with_it(paths: RunPaths) -> None:
    supervisor = start_two_ranks(paths)
    ranks = two_ranks(paths)
    assert len({os.getsid(pid) for pid, _ in ranks}) == 2, "each rank has a session of its own"
    supervisor.kill()
    supervisor.wait()
    eventually(lambda: with_environment(RUN_VARIABLE, str(paths.folder)) == [], "the end of all")


def test_ranks_end_with_a_killed_torchrun_and_the_supervisor_records_it(paths: RunPaths) -> None:
    supervisor = start_two_ranks(paths)
    [(_, agent), _] = two_ranks(paths)
    os.kill(agent, signal.SIGKILL)
    assert supervisor.wait() == 0
    assert json.loads(paths.exit.read_text())["returncode"] == -signal.SIGKILL
    assert with_environment(RUN_VARIABLE, str(paths.folder)) == []


BUSY = (
    "import os; from trainer.processes.tether import tie; tie(os.environ); print('tied', flush=True)\n"
    "while 1: pass"
)
PARENT = f"import subprocess, sys; print(subprocess.call([sys.executable, '-c', {BUSY!r}]))"


def test_the_kernel_ends_a_rank_past_its_deadline_even_one_that_never_lets_go() -> None:
    deadline = time.clock_gettime(time.CLOCK_BOOTTIME) + 1.0
    environment = {"PYTHONPATH": str(ROOT), RUN_VARIABLE: "/run/a", DEADLINE_VARIABLE: str(deadline)}
    done = subprocess.run([sys.executable, "-c", PARENT], env=environment, capture_output=True, text=True)
    assert done.stdout.split()[-1] == str(-signal.SIGKILL), done


def test_a_rank_whose_parent_is_not_of_the_run_does_not_begin() -> None:
    environment = {"PYTHONPATH": str(ROOT), RUN_VARIABLE: "/run/a"}
    done = subprocess.run([sys.executable, "-c", BUSY], env=environment, capture_output=True, text=True)
    assert done.returncode == 1 and "launcher is gone" in done.stderr


def test_a_trainer_that_nobody_launched_is_not_tied() -> None:
    tie({"PATH": "/usr/bin"})
    assert start_time_ticks(os.getpid()) is not None
