"""Ctrl-C and `harness stop`: checkpoints, a way on, and the same command going on from there."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from journal.errors import JournalError
from tests.support.harness_lab import CliLab, eventually


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[CliLab]:
    found = CliLab(tmp_path / "lab", trainer={"seconds": 0.05, "slow": {"kind": "sft"}, "slow_seconds": 30.0})
    yield found
    found.clean_up()


def running(lab: CliLab, purpose: str) -> bool:
    if not (lab.folder / "journal.db").exists():
        return False
    try:
        journal = lab.journal()
    except JournalError:
        return False  # just being created
    with journal:
        rows = [row for row in journal.jobs(state="running") if row.purpose == purpose]
        return any((lab.folder / "runs" / row.job_id / "events.jsonl").exists() for row in rows)


def interrupt(lab: CliLab, process: "subprocess.Popen[str]") -> str:
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 130, printed
    return printed


def test_ctrl_c_then_the_same_command(lab: CliLab) -> None:
    arguments = lab.start_arguments("--max-hypotheses", "1")
    process = lab.popen(*arguments)
    eventually(lambda: running(lab, "early_sft"), "the early SFT")
    printed = interrupt(lab, process)
    assert "to go on: harness start --budget 0.06usd" in printed
    assert lab.processes() == [] and lab.holder() is None
    with lab.journal() as journal:
        stopped = journal.jobs(purpose="early_sft")[0]
    assert (stopped.state, stopped.reason) == ("cancelled", "interrupted")
    lab.check_money()

    lab.trainer["slow_seconds"] = 0.05
    done = lab.run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "going on with session 1" in done.stdout
    with lab.journal() as journal:
        again = journal.jobs(purpose="early_sft")
    assert [row.state for row in again] == ["cancelled", "succeeded"]
    assert again[1].resumed_from == again[0].job_id and again[1].spec == again[0].spec
    checkpoints = [lab.folder / "runs" / row.job_id for row in again]
    assert (checkpoints[1] / "resumed_from").read_text() == again[0].job_id
    lab.check_money()
    assert lab.processes() == []


def test_a_second_conductor_is_told_who_holds_the_lab_and_stop_ends_it(lab: CliLab) -> None:
    process = lab.popen(*lab.start_arguments("--max-hypotheses", "1"))
    eventually(lambda: running(lab, "early_sft"), "the early SFT")
    second = lab.run(*lab.start_arguments())
    assert second.returncode == 2 and len(second.stderr.strip().splitlines()) == 1
    assert f"pid {process.pid}" in second.stderr
    stopped = lab.run("stop", "--now")
    assert stopped.returncode == 0 and str(process.pid) in stopped.stdout
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert lab.processes() == []
    lab.check_money()
    nothing = lab.run("stop")
    assert nothing.returncode == 2 and "nothing runs" in nothing.stderr
