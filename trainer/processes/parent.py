"""An engine must not outlive the process that started it."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable

from trainer.system.prctl import parent_death_signal, set_parent_death_signal
from trainer.system.time_limit import within

POLL_SECONDS = 1.0


def ask_for_signal_on_parent_death(parent_pid: int) -> None:
    """Have the kernel send SIGUSR1 when the parent ends (Linux), unless another signal is asked for.

    Linux sends it already when the parent's *thread* ends that made this process, so it only means
    "look now". Until `watch_parent` runs, this process just ends.
    """
    if sys.platform != "linux":
        return
    signal.signal(signal.SIGUSR1, lambda *_: None if os.getppid() == parent_pid else sys.exit(0))
    if parent_death_signal() == 0:
        set_parent_death_signal(signal.SIGUSR1)


async def watch_parent(parent_pid: int, on_death: Callable[[], None]) -> None:
    """Call `on_death` once this process's parent is no longer `parent_pid`."""
    look = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, look.set)
    while os.getppid() == parent_pid:
        try:
            await within(POLL_SECONDS, look.wait())
        except asyncio.TimeoutError:
            continue
        look.clear()
    on_death()
