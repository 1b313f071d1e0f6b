"""`python -m trainer`: the one door to every kind of job."""

import os
import sys

from trainer.processes.tether import tie
from trainer.runner import main
from trainer.system.streams import take_any_text

if __name__ == "__main__":
    tie(os.environ)
    take_any_text()
    if sys.argv[1:] == ["worker"]:
        from trainer.worker import main as work

        sys.exit(work())
    sys.exit(main(sys.argv[1:]))
