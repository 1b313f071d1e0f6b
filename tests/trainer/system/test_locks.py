"""One holder at a time, seen from other processes, and none after its death."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from trainer.system.locks import is_locked, locked, try_lock

HOLD = (
    "import sys, time; from pathlib import Path; from trainer.system.locks import locked\n"
    "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
)


@pytest.fixture
def holder(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process with the lock."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_lock_is_held_by_one_process_until_it_dies(tmp_path: Path, holder: "subprocess.Popen[str]") -> None:
    path = tmp_path / "lock"
    assert is_locked(path) and try_lock(path) is None
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert not is_locked(path)
    own = try_lock(path)
    assert own is not None and is_locked(path)
    own.close()
    assert not is_locked(path)


def test_a_probe_neither_makes_the_file_nor_keeps_others_out(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not is_locked(path) and not path.exists()
    with locked(path):
        assert is_locked(path) and is_locked(path)


def test_what_the_file_holds_survives_locking(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_text("who")
    with locked(path):
        assert path.read_text() == "who"


def test_a_lock_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        try_lock(tmp_path / "missing" / "lock")
