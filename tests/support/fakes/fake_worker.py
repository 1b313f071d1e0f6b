"""Plays `python -m trainer worker`: what a job does is said by its file, in a word.

`python fake_worker.py trainer` does each job as fake_trainer.py does.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from trainer.processes.tether import tie
from trainer.system.assignment import DONE, Assignment, idle_value
from trainer.system.environment_block import VisibleVariable
from trainer.system.processes import RUN_VARIABLE


def serve(work: Callable[[Assignment], int]) -> int:
    """Job after job, until one does not succeed."""
    tie(os.environ)
    run = VisibleVariable(RUN_VARIABLE)
    for line in sys.stdin.buffer:
        assignment = Assignment.from_line(line)
        if b"unnamed" in Path(assignment.job).read_bytes():
            time.sleep(600)  # before it has taken the run's name
        if not run.change(assignment.run):
            return 9
        if code := work(assignment):
            return code
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        run.change(idle_value(assignment.run))
        sys.stdout.buffer.write(DONE)
        sys.stdout.flush()
    return 0


def by_word(assignment: Assignment) -> int:
    word = Path(assignment.job).read_text()
    Path(assignment.log).write_text(f"{word} {os.getpid()}\n")
    if word == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if word in ("wait", "stubborn"):
        time.sleep(600)
    if word == "nap":
        time.sleep(3)
    if word == "leave":
        sys.exit(0)
    return 1 if word == "fail" else 0


def as_trainer(assignment: Assignment) -> int:
    from tests.support.fakes import fake_trainer

    return fake_trainer.main(Path(assignment.job))


if __name__ == "__main__":
    sys.exit(serve(as_trainer if sys.argv[1:] == ["trainer"] else by_word))
