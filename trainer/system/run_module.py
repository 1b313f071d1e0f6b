"""`python …/run_module.py MODULE ARGUMENT…`: `python -m`, but it imports nothing of the current folder.

`python -m` looks there first: a user's trainer.py or json.py would run in place of ours. Python 3.11 has the
option -P for this, Python 3.10 has none. `-c CODE` runs code likewise.
"""

import os
import runpy
import sys

HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 (pathlib costs milliseconds)
SOURCE = os.path.dirname(os.path.dirname(HERE))  # noqa: PTH120


def main() -> None:
    """Become the module; the packages that this file belongs to come first."""
    if sys.path[0] == HERE:  # not under PYTHONSAFEPATH
        del sys.path[0]
    sys.path.insert(0, SOURCE)
    del sys.argv[0]
    if sys.argv[0] == "-c":
        exec(sys.argv[1], {"__name__": "__main__"})
    else:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
