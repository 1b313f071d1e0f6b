"""`harness start --detach`: the same command in a session of its own, so that it outlives the terminal."""

import os
import shlex
import subprocess
from pathlib import Path

from harness.errors import UserError
from journal.lab_paths import LabPaths
from trainer.system.logs import last_lines
from trainer.system.python import module_command

READY_VARIABLE = "HARNESS_READY_FD"


def start_detached(lab: LabPaths, arguments: list[str]) -> int:
    """Start it, wait until the session is under way, and say how to follow and how to stop it.

    Raises:
        UserError: it was refused; the line is its own.
    """
    log = _log_path(lab)
    ready, tell = os.pipe()
    with log.open("ab") as output:
        process = subprocess.Popen(
            module_command("harness", *arguments),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, READY_VARIABLE: str(tell)},
            pass_fds=(tell,),
            start_new_session=True,
        )
    os.close(tell)
    under_way = os.read(ready, 1) != b""
    os.close(ready)
    if not under_way:
        raise UserError(_last_line(process, log))
    log.replace(lab.start_log)
    _explain(lab, process.pid)
    return 0


def notify_ready() -> None:
    """Tell a waiting `start --detach` that the session is under way."""
    descriptor = os.environ.pop(READY_VARIABLE, None)
    if descriptor is not None:
        os.write(int(descriptor), b"1")
        os.close(int(descriptor))


def _log_path(lab: LabPaths) -> Path:
    """Beside the lab, which may not be there yet: a refused start must leave nothing behind.

    Raises:
        UserError: the folder that the lab lies in cannot be written.
    """
    if not os.access(lab.folder.parent, os.W_OK | os.X_OK):
        raise UserError(f"--lab: {lab.folder}; allowed: in a folder that exists and that one can write")
    return lab.folder.with_name(f".{lab.folder.name}.start.{os.getpid()}.log")


def _last_line(process: "subprocess.Popen[bytes]", log: Path) -> str:
    process.wait()
    said = last_lines(log)
    log.unlink()
    return said[-1].removeprefix("harness: ") if said else f"it ended with exit code {process.returncode}"


def _explain(lab: LabPaths, pid: int) -> None:
    option = f" --lab {shlex.quote(str(lab.folder))}"
    print(f"started (pid {pid}); it goes on when this terminal is closed")
    print(f"follow: harness status{option}   or: tail -f {shlex.quote(str(lab.start_log))}")
    print(f"stop:   harness stop{option}")
