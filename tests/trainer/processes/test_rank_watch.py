"""A rank that stays behind or dies ends the job at once, and the result names it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.support.trainer_lab import (
    lab,
    result_of,
    start_trainer,
    trainer_environment,
    wait_for_event,
)

# Rank 1 never comes to the second collective; the others wait in it, where no Python runs.
SLEEPER = """
import os, sys, time
import torch
from trainer.processes.ranks import Ranks
from trainer.processes.group import process_group, sum_over_ranks
from trainer.processes.rank_watch import RankWatch, store_of

ranks, cpu = Ranks.from_environment(os.environ), torch.device("cpu")

def told(lost):
    print(f"rank {ranks.rank} saw: {lost.message} | {lost.stack}", flush=True)
    os._exit(7)

def overslept():
    time.sleep(600)

with process_group(ranks, cpu):
    watch = RankWatch(store_of(os.environ), ranks, told, patience_seconds=2.0, beat_seconds=0.2)
    for step in (1, 2):
        watch.reached(step) if ranks.rank != 1 or step == 1 else overslept()
        sum_over_ranks(torch.ones(1))
"""


def ranks_of(folder: Path) -> list[int]:
    """Process ids of the trainers that run in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = process.joinpath("cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if str(folder / "job.json").encode() in words and b"torch.distributed.run" not in words:
            found.append(int(process.name))
    return sorted(found)


def test_a_rank_that_sleeps_is_named_with_where_it_stands(tmp_path: Path) -> None:
    script = tmp_path / "sleeper.py"
    script.write_text(SLEEPER)
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=3"]
    done = subprocess.run(
        [sys.executable, *torchrun, str(script)],
        env=trainer_environment(),
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode != 0
    assert "saw: rank 1 did not come to step 2 within 2 s" in done.stdout
    assert "in overslept" in done.stdout


def test_a_killed_rank_ends_the_job_and_is_named() -> None:
    paths = lab().place(lab().pretrain(train_tokens=10_240_000))
    log = paths.log.open("wb")
    process = start_trainer(paths.job, ranks=2, log=log)
    wait_for_event(paths, "step")
    os.kill(ranks_of(paths.folder)[-1], signal.SIGKILL)
    assert process.wait(60) != 0
    # Why it was killed is for the supervisor to find out: there is no result.
    assert not paths.result.exists() and ranks_of(paths.folder) == []
    assert re.search(r"failed \(killed\): rank [01] died.*; rank [01] ", paths.log.read_text())


def test_what_fails_on_one_rank_is_in_the_result_with_its_traceback() -> None:
    paths = lab().place(lab().pretrain(profile=True))
    paths.trace.mkdir()  # where rank 0, alone, writes a file
    process = start_trainer(paths.job, ranks=2)
    assert process.wait(120) != 0
    result = result_of(paths)
    assert (result.state, result.reason) == ("failed", "error")
    assert result.message is not None and result.message.startswith("rank 0: ")
    assert result.traceback is not None and "export_chrome_trace" in result.traceback
