"""`harness stop`: tell the process that holds the lab to leave."""

import os
import signal
import time

from harness.errors import UserError
from harness.lab.lock import lock_holder
from journal.lab_paths import LabPaths

PATIENCE_SECONDS = 120.0


def stop_lab(lab: LabPaths, now: bool) -> int:
    """Ask the holder to stop and wait until it has; `now` ends its jobs without checkpoints.

    Raises:
        UserError: nobody holds the lab, or it does not leave.
    """
    holder = lock_holder(lab)
    if holder is None or not isinstance(holder.get("pid"), int):
        raise UserError(f"{lab.folder}: nothing runs here")
    pid = int(str(holder["pid"]))
    os.kill(pid, signal.SIGTERM)
    if now:
        time.sleep(0.3)
        _again(pid)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while lock_holder(lab) is not None:
        if time.monotonic() > deadline:
            raise UserError(f"{lab.folder}: pid {pid} does not stop; try: harness stop --now")
        time.sleep(0.1)
    return pid


def _again(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return
