"""The resident trainer of a supervisor: its process, the job that it has, and the wait for that job's end."""

import os
import select
import subprocess
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from trainer.system.assignment import DONE, Assignment
from trainer.system.environment_block import with_room
from trainer.system.hashes import code_hash
from trainer.system.prctl import end_with_parent
from trainer.system.processes import RUN_VARIABLE

# A process closes its pipes a moment before it has ended.
_REAP_SECONDS = 0.02


class ResidentTrainer:
    """`python -m trainer worker`, alive until a job does not succeed; used as a child with one job a time."""

    def __init__(self, command: Sequence[str], run: str, log: Path, environment: Mapping[str, str]) -> None:
        """Raises: OSError: it cannot be started."""
        # The room must follow the variable.
        tag = with_room(RUN_VARIABLE, run)
        others = {name: value for name, value in environment.items() if name not in tag}
        with log.open("ab") as stream:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                bufsize=0,
                env={**others, **tag},
                preexec_fn=partial(end_child_with, os.getpid()),
            )
        self.returncode: int | None = None
        self._code_hash = code_hash()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_free(self) -> bool:
        """Whether it has done its job and waits for another, which would run the trainer's code of now."""
        return self.returncode == 0 and self._process.poll() is None and code_hash() == self._code_hash

    def assign(self, assignment: Assignment) -> bool:
        """Give it a job; False where it is gone."""
        assert self._process.stdin is not None
        self.returncode = None
        try:
            self._process.stdin.write(assignment.to_line())
        except BrokenPipeError:
            return False
        return True

    def wait(self, timeout: float | None = None) -> int:
        """Until the job has ended; its exit code.

        Raises:
            subprocess.TimeoutExpired: it has not.
        """
        if self.returncode is None:
            gone = None if timeout is None else _REAP_SECONDS
            self.returncode = 0 if self._said_done(timeout) else self._process.wait(timeout=gone)
        return self.returncode

    def end(self) -> None:
        """At once: there is nothing to save between jobs."""
        self._process.kill()
        self._process.wait()

    def _said_done(self, timeout: float | None) -> bool:
        answers = self._process.stdout
        assert answers is not None
        readable, _, _ = select.select([answers], [], [], timeout)
        return bool(readable) and answers.readline() == DONE


def end_child_with(supervisor: int) -> None:
    """What a child runs before its program; the supervisor may have died before the tie was made."""
    if not end_with_parent(supervisor):
        os._exit(1)
