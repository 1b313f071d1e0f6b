"""The lab's server, found again by `server.json`."""

from dataclasses import dataclass

from journal.lab_paths import LabPaths
from trainer.system.files import read_json
from trainer.system.processes import ProcessIdentity, is_alive


@dataclass(frozen=True)
class RunningServer:
    """Where a lab's server listens."""

    identity: ProcessIdentity
    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


def running_server(lab: LabPaths) -> RunningServer | None:
    """The lab's server, if it lives."""
    record = read_json(lab.server)
    if record is None:
        return None
    try:
        identity = ProcessIdentity(
            int(record["pid"]), int(record["start_time_ticks"]), str(record["boot_id"])
        )
        found = RunningServer(identity, str(record.get("host") or "127.0.0.1"), int(record["port"]))
    except (KeyError, TypeError, ValueError):
        return None
    return found if is_alive(identity) else None
