"""`python -m trainer worker`: one job after another, in a process that keeps imports and compiled code.

Started by a supervisor, which writes an `Assignment` a line to its standard input. After a job that
succeeded it answers `done` and waits for the next. Any other end of a job is the end of the process, with
the exit code of `python -m trainer JOB.json`, and so are leftovers that a further job could notice.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from trainer.processes.tether import Deadline
from trainer.runner import run_file
from trainer.system.assignment import DONE, Assignment, idle_value
from trainer.system.environment_block import VisibleVariable
from trainer.system.processes import RUN_VARIABLE

# The products' libraries keep workspaces, for each thread and stream: 200 MB on an H200.
_MOST_LEFT_BYTES = 500_000_000
# torch compiles a function for at most eight kinds of inputs, and runs it uncompiled from then on.
_MOST_COMPILED = 7


def main() -> int:
    """Take jobs until one fails, the supervisor has no more, or this process should not take another."""
    run, deadline = VisibleVariable(RUN_VARIABLE), Deadline()
    requests, answers = _take_pipes()
    for line in requests:
        assignment = Assignment.from_line(line)
        _begin(assignment, run, deadline)
        returncode = run_file(Path(assignment.job))
        if returncode != 0 or not _is_fit():
            return returncode
        _rest(assignment, run, deadline)
        answers.write(DONE)
        answers.flush()
    return 0


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output are the supervisor's; a job gets an empty input and its log instead."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    return requests, answers


def _begin(assignment: Assignment, run: VisibleVariable, deadline: Deadline) -> None:
    """Be this job's process from now on, for all who look for it."""
    log = os.open(assignment.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)
    if not run.change(assignment.run):
        sys.exit(f"worker: no room for {assignment.run} in the environment")
    os.environ["HARNESS_JOB_ID"] = assignment.job_id
    deadline.set(assignment.deadline_seconds)
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the most memory of this job alone


def _rest(assignment: Assignment, run: VisibleVariable, deadline: Deadline) -> None:
    """Be nobody's: what is found by the run that has ended may be killed."""
    sys.stdout.flush()
    sys.stderr.flush()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    deadline.set(None)
    run.change(idle_value(assignment.run))


def _is_fit() -> bool:
    """Whether a further job will find what it would find in a process of its own; says why not."""
    gc.collect()
    why = _left_by_torch()
    if why is not None:
        print(f"this trainer takes no further job: {why}", file=sys.stderr)
    return why is None


def _left_by_torch() -> str | None:
    if "torch" not in sys.modules:
        return None
    import torch

    _end_compilers()
    if _compiled_functions() > _MOST_COMPILED:
        return f"it has compiled {_compiled_functions()} functions"
    if not torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        return None
    torch.cuda.synchronize()
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    left = torch.cuda.memory_allocated()
    return f"{left:,} bytes of GPU memory are left" if left > _MOST_LEFT_BYTES else None


def _compiled_functions() -> int:
    dynamo = sys.modules.get("torch._dynamo.utils")
    return 0 if dynamo is None else int(dynamo.counters["stats"]["unique_graphs"])


def _end_compilers() -> None:
    """The processes that compile for torch are the ended run's: they are killed with what else it left."""
    compile_module = sys.modules.get("torch._inductor.async_compile")
    if compile_module is not None:
        compile_module.shutdown_compile_workers()
