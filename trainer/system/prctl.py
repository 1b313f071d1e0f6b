"""prctl(2): what the kernel does to a process when its parent ends. Nothing happens outside Linux."""

import ctypes
import os
import signal
import sys

_SET_PARENT_DEATH_SIGNAL = 1
_GET_PARENT_DEATH_SIGNAL = 2
_SET_CHILD_SUBREAPER = 36


def set_parent_death_signal(number: int) -> None:
    """The signal this process gets when its parent ends: exactly, the thread that started it."""
    _prctl(_SET_PARENT_DEATH_SIGNAL, number)


def parent_death_signal() -> int:
    """The signal asked for, 0 for none."""
    asked = ctypes.c_int(0)
    _prctl(_GET_PARENT_DEATH_SIGNAL, ctypes.addressof(asked))
    return asked.value


def end_with_parent(parent_pid: int) -> bool:
    """Have the kernel end this process with its parent; False where that has ended already."""
    set_parent_death_signal(signal.SIGKILL)
    return os.getppid() == parent_pid


def become_subreaper() -> None:
    """Orphaned descendants come to this process instead of to init."""
    _prctl(_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, argument: int) -> None:
    if sys.platform == "linux":
        word = ctypes.c_ulong
        ctypes.CDLL(None, use_errno=True).prctl(option, word(argument), word(0), word(0), word(0))
