"""How a conductor's jobs are asked to leave: with the journal, and without it when the disk is full."""

from collections.abc import Callable

from harness.conductor.state import LabState
from harness.errors import Halt
from harness.node.disk import is_disk_full

STOP_WAIT_SECONDS = 30.0


def stop_jobs(state: LabState, stops_asked: Callable[[], int], harvest: Callable[[], None]) -> None:
    """SIGTERM to every job; they save their checkpoints and their rows say `interrupted`."""
    fleet, clock = state.fleet, state.clock
    deadline = clock.elapsed() + STOP_WAIT_SECONDS + state.accounts.grace_seconds
    asked: dict[str, int] = {}
    while len(fleet) and clock.elapsed() < deadline:
        wanted = min(stops_asked(), 2)
        for row in fleet.rows():
            if asked.get(row.job_id, 0) < wanted:
                asked[row.job_id] = wanted
                fleet.stop(row.job_id, at_once=wanted > 1)
        clock.sleep(0.1)
        state.billing.heartbeat()
        harvest()


def halt_when_disk_is_full(state: LabState, error: Exception) -> None:
    """Ask the jobs to leave and wait for them; their rows are closed by the next start.

    Raises:
        Halt: the error means a full disk; any other is the caller's.
    """
    if not is_disk_full(error):
        return
    rows = state.fleet.rows()
    for row in rows:
        state.fleet.stop(row.job_id)
    deadline = state.clock.elapsed() + STOP_WAIT_SECONDS + state.accounts.grace_seconds
    while state.clock.elapsed() < deadline and any(not state.lab.run(r.job_id).exit.exists() for r in rows):
        state.clock.sleep(0.1)
    raise Halt(f"{state.lab.folder}: the disk is full ({error}); make room, then give the same command")
