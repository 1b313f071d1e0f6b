"""An engine must not outlive the server that started it."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 1.0


def ask_for_signal_on_parent_death() -> None:
    """Have the kernel send SIGUSR1 when the parent ends (Linux).

    Linux sends it already when the parent's *thread* ends that made this process, so it only means
    "look now": see `watch_parent`.
    """
    if sys.platform == "linux":
        signal.signal(signal.SIGUSR1, lambda *_: None)
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGUSR1)


async def watch_parent(parent_pid: int, on_death: Callable[[], None]) -> None:
    """Call `on_death` once this process's parent is no longer `parent_pid`."""
    look = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, look.set)
    while os.getppid() == parent_pid:
        try:
            await asyncio.wait_for(look.wait(), POLL_SECONDS)
        except asyncio.TimeoutError:
            continue
        look.clear()
    on_death()
