"""The supervisor: one run, a deadline that nothing outlives, and an exit record whatever happens."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness.fleet.failure_reasons import rank_code
from harness.fleet.liveness import Silence
from harness.fleet.supervisor import ALREADY_SUPERVISED
from harness.node.tagged_processes import end_all, with_environment
from tests.support.harness_lab import ROOT, eventually
from trainer.job import ExitRecord, RunPaths, SupervisorRecord

JOB = "0123456789-1"
# A child that ignores SIGTERM and has left the session: only /proc finds it.
STUBBORN = (
    "import os, signal, subprocess, sys, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "code = 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)'\n"
    "subprocess.Popen([sys.executable, '-c', code], start_new_session=True)\n"
    "print('ready', flush=True)\n"
    "time.sleep(600)\n"
)


class Run:
    """A run folder with a command in place of a job."""

    def __init__(
        self,
        folder: Path,
        command: list[str],
        deadline: float = 60.0,
        grace: float = 5.0,
        silence: float = 60.0,
    ) -> None:
        self.paths = RunPaths(folder / JOB)
        self.paths.folder.mkdir()
        launch = {
            "job_id": JOB,
            "run": str(self.paths.folder),
            "command": command,
            "deadline_seconds": deadline,
            "grace_seconds": grace,
            "silence_seconds": silence,
            "cores": [],
            "events": "events.jsonl",
            "lock": "lock",
            "log": "log.txt",
            "exit": "exit.json",
            "supervisor": "supervisor.json",
        }
        (self.paths.folder / "launch.json").write_text(json.dumps(launch))

    def start(self) -> "subprocess.Popen[bytes]":
        environment = {"HARNESS_RUN": str(self.paths.folder), "PATH": "/usr/bin:/bin"}
        return subprocess.Popen(
            [sys.executable, "-m", "harness.fleet.supervisor", str(self.paths.folder)],
            cwd=ROOT,
            env=environment,
            start_new_session=True,
        )

    def exit(self) -> ExitRecord:
        return ExitRecord.model_validate_json(self.paths.exit.read_bytes())

    def living(self) -> list[int]:
        return with_environment("HARNESS_RUN", str(self.paths.folder))


@pytest.fixture
def runs(tmp_path: Path):  # type: ignore[no-untyped-def]
    yield tmp_path
    end_all("HARNESS_RUN", str(tmp_path / JOB), 0.1)


def test_the_exit_record_has_the_commands_code_and_the_log_its_words(runs: Path) -> None:
    run = Run(runs, [sys.executable, "-c", "print('said'); raise SystemExit(7)"])
    assert run.start().wait() == 0
    assert (run.exit().returncode, run.exit().reason) == (7, "exited")
    assert "said" in run.paths.log.read_text()
    assert SupervisorRecord.model_validate_json(run.paths.supervisor.read_bytes()).job_id == JOB


def test_a_second_supervisor_of_the_same_run_leaves_it_alone(runs: Path) -> None:
    marks = runs / "marks"
    code = f"import time; open({str(marks)!r}, 'a').write('x'); time.sleep(600)"
    run = Run(runs, [sys.executable, "-c", code])
    first = run.start()
    eventually(marks.exists, "the first start")
    assert run.start().wait() == ALREADY_SUPERVISED
    first.send_signal(signal.SIGTERM)
    first.wait()
    assert run.start().wait() == ALREADY_SUPERVISED, "a job that has ended is not run again"
    assert marks.read_text() == "x"


def test_nothing_outlives_the_deadline(runs: Path) -> None:
    run = Run(runs, [sys.executable, "-c", STUBBORN], deadline=1.0, grace=0.3)
    assert run.start().wait() == 0
    assert run.exit().reason == "time_limit"
    assert run.exit().wall_seconds < 30.0
    assert run.living() == []


def test_sigterm_lets_the_job_leave_by_itself(runs: Path) -> None:
    polite = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))\n"
        "print('ready', flush=True)\n"
        "time.sleep(600)\n"
    )
    run = Run(runs, [sys.executable, "-c", polite])
    supervisor = run.start()
    eventually(lambda: run.paths.log.exists() and "ready" in run.paths.log.read_text(), "the job's start")
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait() == 0
    assert (run.exit().returncode, run.exit().reason) == (3, "stopped")


def test_what_a_job_left_behind_is_ended_with_it(runs: Path) -> None:
    code = "import subprocess, sys; subprocess.Popen(['sleep', '600'], start_new_session=True)"
    run = Run(runs, [sys.executable, "-c", code])
    assert run.start().wait() == 0
    assert run.living() == []


def test_a_job_that_says_nothing_is_ended_as_silent(runs: Path) -> None:
    run = Run(runs, [sys.executable, "-c", "import time; time.sleep(600)"], silence=1.0)
    assert run.start().wait() == 0
    assert run.exit().reason == "silent"
    assert "asked to stop: silent" in run.paths.log.read_text()
    assert run.living() == []


def test_any_change_of_the_files_ends_a_silence_and_a_wall_clock_that_jumps_does_not(tmp_path: Path) -> None:
    now = [0.0]
    events = tmp_path / "events.jsonl"
    quiet = Silence([events, tmp_path / "log.txt"], lambda: now[0])
    now[0] = 50.0
    assert quiet.seconds() == 50.0
    events.write_text("")
    assert quiet.seconds() == 0.0
    now[0] = 90.0
    os.utime(events, (0.0, 0.0))  # an hour or fifty years back: a change like any other
    assert quiet.seconds() == 0.0
    now[0] = 97.0
    assert quiet.seconds() == 7.0


def test_a_killed_supervisor_takes_its_job_with_it(runs: Path) -> None:
    run = Run(runs, [sys.executable, "-c", "print('ready', flush=True); import time; time.sleep(600)"])
    supervisor = run.start()
    eventually(lambda: run.paths.log.exists() and "ready" in run.paths.log.read_text(), "the job's start")
    supervisor.kill()
    supervisor.wait()
    eventually(lambda: run.living() == [], "the job's end")
    assert not run.paths.exit.exists()


def test_a_job_that_was_killed_has_its_signal_in_the_record(runs: Path) -> None:
    run = Run(runs, [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"])
    assert run.start().wait() == 0
    assert (run.exit().returncode, run.exit().reason) == (-9, "exited")


def test_a_job_without_gpu_memory_is_recorded_as_such(runs: Path) -> None:
    code = "raise RuntimeError('CUDA out of memory. Tried to allocate 2 GiB')"
    run = Run(runs, [sys.executable, "-c", code])
    assert run.start().wait() == 0
    assert (run.exit().returncode, run.exit().reason) == (1, "out_of_memory")


def test_a_job_that_met_a_full_disk_is_recorded_as_such(runs: Path) -> None:
    run = Run(runs, [sys.executable, "-c", "raise OSError(28, 'No space left on device')"])
    assert run.start().wait() == 0
    assert (run.exit().returncode, run.exit().reason) == (1, "disk_full")


def test_the_first_rank_to_fail_speaks_for_torchrun() -> None:
    log = b"  exitcode  : 1 (pid: 12)\nRoot Cause:\n  exitcode  : -9 (pid: 11)\n"
    assert rank_code(1, log) == -signal.SIGKILL
    assert rank_code(3, log) == 3


def test_a_command_that_cannot_start_is_recorded(runs: Path) -> None:
    run = Run(runs, ["/nonexistent/program"])
    assert run.start().wait() == 0
    assert (run.exit().returncode, run.exit().reason) == (None, "launch_failed")
    assert "could not start" in run.paths.log.read_text()
