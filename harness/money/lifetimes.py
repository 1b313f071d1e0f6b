"""Until when the jobs of a conductor that died have used the node, by clocks that nobody sets."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from pydantic import ValidationError

from journal.lab_paths import LabPaths
from journal.records import JobRow
from trainer.job import ExitRecord, RunPaths, SupervisorRecord


@dataclass(frozen=True)
class LastSign:
    """A moment of one boot, on the clock that counts suspend."""

    boot_id: str
    elapsed_seconds: float


def last_signs(lab: LabPaths, rows: Sequence[JobRow], grace_seconds: float) -> list[LastSign]:
    """When each job ended; for one that left no record, the latest moment it can have lived to."""
    found = (_last_sign(lab.run(row.job_id), grace_seconds) for row in rows)
    return [sign for sign in found if sign is not None]


def _last_sign(paths: RunPaths, grace_seconds: float) -> LastSign | None:
    try:
        record = SupervisorRecord.model_validate_json(paths.supervisor.read_bytes())
    except (OSError, ValidationError):
        return None
    lasted = record.deadline_seconds + grace_seconds
    with suppress(OSError, ValidationError):
        lasted = ExitRecord.model_validate_json(paths.exit.read_bytes()).wall_seconds
    return LastSign(record.boot_id, record.started_elapsed_seconds + lasted)
