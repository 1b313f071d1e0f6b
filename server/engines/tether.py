"""`python -m server.engines.tether PARENT_PID COMMAND…`: become COMMAND, and end when the parent does.

A server killed with SIGKILL cannot stop its engines; the kernel does it instead, so no
engine is left holding a GPU.
"""

import os
import sys

from trainer.system.prctl import end_with_parent


def main(argv: list[str]) -> None:
    """Tie this process to `argv[0]` and replace it by `argv[1:]`."""
    parent, command = int(argv[0]), argv[1:]
    if not end_with_parent(parent):
        sys.exit("the server is gone")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
