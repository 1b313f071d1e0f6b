"""What a supervisor tells its resident trainer: one line a job; and what that answers. stdlib only."""

import json
import os
from dataclasses import asdict, dataclass

DONE = b"done\n"


@dataclass(frozen=True)
class Assignment:
    """A job to run now.

    `run` is the run folder, `log` takes the job's standard streams, and the kernel ends the process at
    `deadline_seconds` of CLOCK_BOOTTIME.
    """

    job_id: str
    run: str
    job: str
    log: str
    deadline_seconds: float

    def to_line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Assignment":
        return cls(**json.loads(line))


def idle_value(run: str) -> str:
    """What stands in place of the run folder between two jobs: the folder of all runs, which is none."""
    return os.path.dirname(run)  # noqa: PTH120 (as text: it is compared as bytes)
