"""Who may start now: the job that waits longest is never delayed by a smaller one. Pure.

Slots are alike (any set of GPUs does for NCCL), so nothing fragments; but small jobs would keep a
large one waiting for ever. So the slots that the first waiting job will start on are held for it,
and only work that its deadline ends before then, or that takes other slots, may start meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Occupied:
    """A job under way: its slots, and the seconds after which it has surely left them."""

    slots: int
    seconds: float


def usable_slots(total: int, occupied: Sequence[Occupied], waiting: int | None, seconds: float) -> int:
    """How many slots a job that may last `seconds` can take now; `waiting` slots are the first job's."""
    free = total - sum(job.slots for job in occupied)
    if waiting is None or waiting > total:
        return free
    start, free_then = _start_of(free, occupied, waiting)
    if seconds <= start:
        return free
    return max(0, min(free, free_then - waiting))


def _start_of(free: int, occupied: Sequence[Occupied], wanted: int) -> tuple[float, int]:
    """In how many seconds so many slots are surely free, and how many are free then."""
    start = 0.0
    for job in sorted(occupied, key=lambda job: job.seconds):
        if free >= wanted and job.seconds > start:
            break
        free, start = free + job.slots, max(start, job.seconds)
    return start, free


@dataclass
class QueueHead:
    """The slots that the first of the waiting jobs needs; None while nobody waits for slots."""

    slots: int | None = None
