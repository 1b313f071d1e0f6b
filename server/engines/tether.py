"""`python tether.py PARENT_PID COMMAND…`: become COMMAND, and end when the parent does.

A server killed with SIGKILL cannot stop its engines; the kernel does it instead (prctl(2),
PR_SET_PDEATHSIG), so no engine is left holding a GPU.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(argv: list[str]) -> None:
    """Tie this process to `argv[0]` and replace it by `argv[1:]`."""
    parent, command = int(argv[0]), argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the server is gone")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
