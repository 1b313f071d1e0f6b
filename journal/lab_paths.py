"""Where the files of a lab lie, and what `server.json` holds; `harness/lab/folder.py` makes a lab folder."""

from dataclasses import dataclass
from pathlib import Path

from trainer.job import Contract, RunPaths
from trainer.system.processes import ProcessIdentity


@dataclass(frozen=True)
class LabPaths:
    """File names of one lab; `folder` is absolute."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> "LabPaths":
        return cls(folder.absolute())

    @property
    def journal(self) -> Path:
        return self.folder / "journal.db"

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    @property
    def lock(self) -> Path:
        """Held by the one process that launches jobs."""
        return self.folder / "lock"

    @property
    def brief(self) -> Path:
        return self.folder / "brief.md"

    @property
    def start_log(self) -> Path:
        return self.folder / "start.log"

    @property
    def report(self) -> Path:
        return self.folder / "report"

    @property
    def server(self) -> Path:
        """Which process serves the lab, and where it listens."""
        return self.folder / "server.json"

    @property
    def server_lock(self) -> Path:
        """Held by the one process that serves the lab."""
        return self.folder / "server.lock"

    @property
    def server_log(self) -> Path:
        return self.folder / "server.log"

    def run(self, job_id: str) -> RunPaths:
        """The run folder of a job."""
        return RunPaths(self.runs / job_id)

    def stored(self, path: Path) -> str:
        """A path as the journal keeps it: one in the lab from its folder, so that the lab can be moved."""
        return str(path.relative_to(self.folder) if path.is_relative_to(self.folder) else path)

    def located(self, stored: str) -> Path:
        """Where a path that the journal keeps lies now."""
        return self.folder / stored

    def engine_log(self, deployment_id: int) -> Path:
        """What the inference process of a deployment writes."""
        return self.folder / "logs" / f"engine-{deployment_id}.log"


class ServerRecord(Contract):
    """What `server.json` holds: which process serves the lab, and where it listens."""

    pid: int
    start_time_ticks: int
    boot_id: str
    port: int
    host: str

    @property
    def identity(self) -> ProcessIdentity:
        return ProcessIdentity(self.pid, self.start_time_ticks, self.boot_id)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


def read_server(lab: LabPaths) -> ServerRecord | None:
    """The record of the lab's server, which may have ended; None when there is no (whole) one."""
    try:
        return ServerRecord.model_validate_json(lab.server.read_bytes())
    except (OSError, ValueError):
        return None
