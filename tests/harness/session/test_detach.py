"""`harness start --detach`: it outlives the terminal, and what is wrong still comes back to it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.harness_lab import CliLab, eventually


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[CliLab]:
    found = CliLab(tmp_path / "lab", trainer={"seconds": 0.05, "slow": {"kind": "sft"}, "slow_seconds": 60.0})
    yield found
    found.clean_up()


def test_it_goes_on_in_a_session_of_its_own_until_it_is_stopped(lab: CliLab) -> None:
    done = lab.run(*lab.start_arguments("--max-hypotheses", "0", "--detach"))
    assert done.returncode == 0, done.stderr
    holder = eventually(lab.holder, "a holder")
    pid = int(str(holder["pid"]))
    assert f"pid {pid}" in done.stdout and "harness stop" in done.stdout
    assert os.getsid(pid) == pid, "a terminal that goes away does not reach it"
    log = lab.folder / "start.log"
    eventually(lambda: "launched" in log.read_text(), "the first launch in the log")
    assert list(lab.folder.parent.iterdir()) == [lab.folder]
    again = lab.run(*lab.start_arguments("--detach"))
    assert again.returncode == 2 and f"pid {pid}" in again.stderr
    assert len(again.stderr.strip().splitlines()) == 1
    os.kill(pid, signal.SIGTERM)
    eventually(lambda: lab.holder() is None, "its end")
    assert "stopped" in log.read_text()
    assert lab.processes() == []


@pytest.mark.parametrize("wrong", [["--slots", "4096"], ["--data", "no-such-data"], ["--proposer", "oracle"]])
def test_a_refused_start_says_why_and_leaves_nothing(lab: CliLab, wrong: list[str]) -> None:
    done = lab.run("start", "--budget", "0.06usd", "--port", "0", *wrong, "--detach")
    assert done.returncode == 2, done.stdout
    assert wrong[0] in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert list(lab.folder.parent.iterdir()) == []
