"""A launched process ends with its parent, and at its deadline: the kernel sees to both.

torchrun starts each rank in a session of its own, so no signal to a group reaches it, and a rank
that hangs in a collective runs no Python. Hence prctl(2) and a kernel timer. stdlib only.
"""

import ctypes
import math
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

RUN_VARIABLE = "HARNESS_RUN"
DEADLINE_VARIABLE = "HARNESS_DEADLINE"
_PR_SET_PDEATHSIG = 1
_CLOCK_BOOTTIME = 7
_TIMER_ABSTIME = 1


class _SignalEvent(ctypes.Structure):
    """sigevent(3type)."""

    _fields_ = (
        ("value", ctypes.c_void_p),
        ("signal_number", ctypes.c_int),
        ("notify", ctypes.c_int),
        ("padding", ctypes.c_int * 12),
    )


class _TimerSpec(ctypes.Structure):
    """itimerspec(3type)."""

    _fields_ = (
        ("interval_seconds", ctypes.c_long),
        ("interval_nanoseconds", ctypes.c_long),
        ("value_seconds", ctypes.c_long),
        ("value_nanoseconds", ctypes.c_long),
    )


def tie(environment: Mapping[str, str]) -> None:
    """Tie this process to its parent and its deadline when a launcher started it; else do nothing.

    `HARNESS_DEADLINE` is in seconds of CLOCK_BOOTTIME.

    Raises:
        SystemExit: the launcher's processes are gone already.
    """
    run = environment.get(RUN_VARIABLE)
    if run is None or sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    _end_with_parent(libc)
    if not _carries(os.getppid(), run):
        sys.exit("the launcher is gone")  # before the tie was made
    deadline = environment.get(DEADLINE_VARIABLE)
    if deadline is not None:
        _kill_at(libc, float(deadline))


def tie_to(parent: int) -> None:
    """Tie this process to the one that started it, `parent`: exactly, to the thread that did.

    Raises:
        SystemExit: the parent is gone already.
    """
    if sys.platform == "linux":
        _end_with_parent(ctypes.CDLL(None, use_errno=True))
    if os.getppid() != parent:
        sys.exit("the parent is gone")


def _end_with_parent(libc: ctypes.CDLL) -> None:
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _carries(pid: int, run: str) -> bool:
    """Whether a process belongs to the run."""
    try:
        words = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(f"{RUN_VARIABLE}={run}") in words


def _kill_at(libc: ctypes.CDLL, boot_seconds: float) -> None:
    event = _SignalEvent(signal_number=signal.SIGKILL)
    timer = ctypes.c_void_p()
    spec = _TimerSpec(value_seconds=math.ceil(boot_seconds))
    if libc.timer_create(_CLOCK_BOOTTIME, ctypes.byref(event), ctypes.byref(timer)) == 0:
        libc.timer_settime(timer, _TIMER_ABSTIME, ctypes.byref(spec), None)
