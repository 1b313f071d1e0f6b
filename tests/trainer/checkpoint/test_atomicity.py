"""A checkpoint survives kill -9 of its writer at any instant."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from subprocess import PIPE
from typing import IO

import pytest

from tests.support.model_support import save_tiny
from trainer.checkpoint.folder_swap import previous_of, repair, replace_folder
from trainer.checkpoint.reader import open_model, read_meta

# Imports torch once and writes from a forked child, so that a kill costs no new start.
WRITER = """
import os, sys
from pathlib import Path
from tests.support.model_support import save_tiny, tiny_model
folder = Path(sys.argv[1])
models = [tiny_model(seed=seed, noise=0.02) for seed in (0, 1)]
save_tiny(folder)  # what is imported on first use is imported here, once
for line in sys.stdin:
    step = int(line)
    child = os.fork()
    if child == 0:
        print("writer", os.getpid(), flush=True)
        while True:
            save_tiny(folder, step=step, model=models[step % 2])
            print("written", flush=True)
            step += 1
    os.waitpid(child, 0)
    print("killed", flush=True)
"""

SWAPPER = """
import sys
from pathlib import Path
from trainer.checkpoint.folder_swap import replace_folder
folder, exchange = Path(sys.argv[1]), sys.argv[2] == "exchange"
def fill(staging):
    for name in ("a", "b", "c"):
        (staging / name).write_text(str(number))
number = 0
while True:
    number += 1
    replace_folder(folder, fill, exchange)
    print("written", flush=True)
"""


def _kill_after(script: str, arguments: list[str], seconds: float) -> None:
    process = subprocess.Popen([sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline() == b"written\n"
    time.sleep(seconds)
    process.kill()
    process.wait()
    process.stdout.close()


def _await_line(stream: IO[str], ending: str) -> None:
    """Read up to a line with this ending: a kill can leave half a line before it."""
    for line in stream:
        if line.endswith(ending):
            return
    raise AssertionError(f"the stream ended before {ending!r}")


def test_the_checkpoint_opens_after_every_kill(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoint"
    save_tiny(folder, step=0)
    moments, last = random.Random(0), 0
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", WRITER, str(folder)]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True, env=environment) as writers:
        assert writers.stdin is not None and writers.stdout is not None
        for _ in range(8):
            print(last + 1, file=writers.stdin, flush=True)
            pid = int(writers.stdout.readline().split()[1])
            assert writers.stdout.readline() == "written\n"
            time.sleep(moments.uniform(0.0, 0.1))
            os.kill(pid, signal.SIGKILL)
            _await_line(writers.stdout, "killed\n")
            step = open_model(tmp_path).meta.step
            assert step > last
            last = step
        writers.stdin.close()
    save_tiny(folder, step=last + 1)
    assert read_meta(tmp_path).step == last + 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint", "tokenizer.json"]


@pytest.mark.parametrize("how", ["exchange", "two_renames"])
def test_a_replaced_folder_is_whole_after_every_kill(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "thing"
    moments = random.Random(1)
    for _ in range(10):
        _kill_after(SWAPPER, [str(folder), how], moments.uniform(0.0, 0.05))
        if how == "two_renames":
            repair(folder)
        assert len({(folder / name).read_text() for name in ("a", "b", "c")}) == 1
        assert not previous_of(folder).exists()


def test_with_exchange_the_name_is_never_absent(tmp_path: Path) -> None:
    folder = tmp_path / "thing"
    script = SWAPPER.replace("while True:", "while number < 200:").replace("print", "str")
    script = script.replace(", flush=True", "")
    process = subprocess.Popen([sys.executable, "-c", script, str(folder), "exchange"])
    seen = False
    while process.poll() is None:
        exists = folder.exists()
        assert exists or not seen
        seen = seen or exists
    assert process.returncode == 0 and seen


def test_a_failing_write_keeps_the_old_folder(tmp_path: Path) -> None:
    folder = tmp_path / "thing"
    replace_folder(folder, lambda staging: (staging / "a").touch())

    def fail(staging: Path) -> None:
        (staging / "b").touch()
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        replace_folder(folder, fail)
    assert [path.name for path in folder.iterdir()] == ["a"]
    shutil.rmtree(folder)
