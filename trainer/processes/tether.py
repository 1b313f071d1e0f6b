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

from trainer.system.prctl import end_with_parent, set_parent_death_signal
from trainer.system.processes import DEADLINE_VARIABLE, RUN_VARIABLE, environment_of

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


class Deadline:
    """When the kernel ends this process, in seconds of CLOCK_BOOTTIME; it may be set anew. Linux only."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
        self._timer = ctypes.c_void_p()
        event = _SignalEvent(signal_number=signal.SIGKILL)
        make = self._libc.timer_create if self._libc is not None else None
        timer = ctypes.byref(self._timer)
        self._exists = make is not None and make(_CLOCK_BOOTTIME, ctypes.byref(event), timer) == 0

    def set(self, boot_seconds: float | None) -> None:
        """None: there is none for now."""
        if self._libc is None or not self._exists:
            return
        spec = _TimerSpec(value_seconds=0 if boot_seconds is None else max(1, math.ceil(boot_seconds)))
        self._libc.timer_settime(self._timer, _TIMER_ABSTIME, ctypes.byref(spec), None)


def tie(environment: Mapping[str, str]) -> None:
    """Tie this process to its parent and its deadline when a launcher started it; else do nothing.

    `HARNESS_DEADLINE` is in seconds of CLOCK_BOOTTIME.

    Raises:
        SystemExit: the launcher's processes are gone already.
    """
    run = environment.get(RUN_VARIABLE)
    if run is None or sys.platform != "linux":
        return
    set_parent_death_signal(signal.SIGKILL)
    if not _carries(os.getppid(), run):
        sys.exit("the launcher is gone")  # before the tie was made
    deadline = environment.get(DEADLINE_VARIABLE)
    if deadline is not None:
        Deadline().set(float(deadline))


def tie_to(parent: int) -> None:
    """Tie this process to the one that started it, `parent`: exactly, to the thread that did.

    Raises:
        SystemExit: the parent is gone already.
    """
    if not end_with_parent(parent):
        sys.exit("the parent is gone")


def _carries(pid: int, run: str) -> bool:
    """Whether a process belongs to the run."""
    return os.fsencode(f"{RUN_VARIABLE}={run}") in environment_of(pid)
