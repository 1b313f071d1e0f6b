"""What the conductor asks of whoever runs its jobs: processes of this machine, or a simulation."""

from typing import Protocol

from harness.fleet.fleet import Ended
from harness.node.slot_queue import Occupied
from harness.node.slots import SlotPool
from journal.records import JobRow


class JobFleet(Protocol):
    """Jobs on the slots of one node."""

    @property
    def pool(self) -> SlotPool: ...

    def __len__(self) -> int: ...

    def rows(self) -> list[JobRow]:
        """Jobs under way."""

    def launch(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> None:
        """Give a recorded job its slots and start it."""

    def attach(self, row: JobRow, deadline_seconds: float, grace_seconds: float) -> None:
        """Take over a job of an earlier conductor."""

    def ended(self) -> list[Ended]:
        """Jobs that have ended since the last call; their slots are free again."""

    def end_idle(self) -> None:
        """End trainers that wait for another job: none will come soon."""

    def seconds_until_drained(self) -> float:
        """Until the last deadline of a job under way, its kill grace included."""

    def occupied(self) -> list[Occupied]:
        """The slots of every job under way, and when they are surely free."""

    def running_seconds(self) -> list[tuple[int, float]]:
        """(slots, seconds so far) of every job under way."""

    def wait(self, seconds: float, is_quiet: bool = False) -> None:
        """Let the jobs run for so long; when the lab has nothing to do, perhaps until something happens."""

    def stop(self, job_id: str, at_once: bool = False) -> None:
        """Ask a job to leave with its checkpoint, or end it at once."""


class Server(Protocol):
    """Whoever answers the journal's deployment requests."""

    def poll(self) -> None:
        """See that it runs; called at every turn."""

    def allow_gpus(self, allowed: bool) -> None:
        """Models may be served on every GPU, or only where no job is measured."""
