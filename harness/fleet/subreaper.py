"""A supervisor's ties to its job: orphans come to it, and its own death is the job's. stdlib only."""

import ctypes
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def become_subreaper() -> None:
    """Orphaned descendants come to us instead of to init."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def tied_to_us() -> Callable[[], None]:
    """What a child runs before its program so that the kernel ends it when we die."""
    prctl, parent = ctypes.CDLL(None, use_errno=True).prctl, os.getpid()

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)  # we died before the tie was made

    return tie


def pin(cores: Sequence[int]) -> None:
    """Keep to these cores; unpinned where none are given or the machine's have changed."""
    if cores:
        with suppress(OSError):
            os.sched_setaffinity(0, cores)
