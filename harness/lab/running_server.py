"""The lab's server, found again by `server.json`."""

from journal.lab_paths import LabPaths, ServerRecord, read_server
from trainer.system.processes import is_alive


def running_server(lab: LabPaths) -> ServerRecord | None:
    """The lab's server, if it lives."""
    record = read_server(lab)
    return record if record is not None and is_alive(record.identity) else None
