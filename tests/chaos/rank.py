"""One rank of a stand-in trainer under torchrun: rank 0 does the stand-in's work, the others wait for it."""

import os
import sys
import time
from pathlib import Path

from tests.support.fakes.fake_trainer import main
from trainer.processes.tether import tie

if __name__ == "__main__":
    tie(os.environ)
    job = Path(sys.argv[1])
    if os.environ.get("RANK", "0") == "0":
        sys.exit(main(job))
    while not (job.parent / "result.json").exists():
        time.sleep(0.02)
