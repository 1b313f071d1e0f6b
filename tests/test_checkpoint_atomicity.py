"""A checkpoint survives kill -9 of its writer at any instant."""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.model_support import save_tiny
from trainer.checkpoint import open_model, read_meta
from trainer.folder_swap import previous_of, repair, replace_folder

WRITER = """
import sys
from pathlib import Path
from tests.model_support import save_tiny, tiny_model
folder, step = Path(sys.argv[1]), int(sys.argv[2])
models = [tiny_model(seed=seed, noise=0.02) for seed in (0, 1)]
while True:
    save_tiny(folder, step=step, model=models[step % 2])
    print("written", flush=True)
    step += 1
"""

SWAPPER = """
import sys
from pathlib import Path
from trainer.folder_swap import replace_folder
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


def test_the_checkpoint_opens_after_every_kill(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoint"
    save_tiny(folder, step=0)
    moments = random.Random(0)
    last = 0
    for _ in range(4):
        _kill_after(WRITER, [str(folder), str(last + 1)], moments.uniform(0.0, 0.2))
        step = open_model(tmp_path).meta.step
        assert step > last
        last = step
    save_tiny(folder, step=last + 1)
    assert read_meta(tmp_path).step == last + 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint", "tokenizer.json"]


@pytest.mark.parametrize("how", ["exchange", "two_renames"])
def test_a_replaced_folder_is_whole_after_every_kill(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "thing"
    moments = random.Random(1)
    for _ in range(12):
        _kill_after(SWAPPER, [str(folder), how], moments.uniform(0.0, 0.05))
        if how == "two_renames" and previous_of(folder).exists():
            repair(folder)
        if folder.exists():
            assert len({(folder / name).read_text() for name in ("a", "b", "c")}) == 1
    assert folder.exists()


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
