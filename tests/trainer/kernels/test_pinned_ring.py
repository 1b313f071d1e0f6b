"""Host memory that a GPU copies from is not written again before the copy has run."""

import torch
from torch import Tensor

from trainer.kernels.graph import PinnedRing


class Copies:
    """Stands in for the GPU's queue: a recorded copy runs when it is waited for."""

    def __init__(self) -> None:
        self.waiting: set[int] = set()
        self.slots = 0

    def new_slot(self, like: Tensor) -> Tensor:
        self.slots += 1
        return torch.zeros_like(like)

    def new_event(self) -> "Event":
        return Event(self, self.slots)


class Event:
    def __init__(self, copies: Copies, slot: int) -> None:
        self._copies, self._slot = copies, slot

    def record(self) -> None:
        self._copies.waiting.add(self._slot)

    def synchronize(self) -> None:
        self._copies.waiting.discard(self._slot)


def test_every_send_waits_for_its_slots_last_copy_alone() -> None:
    copies, target, arrived = Copies(), torch.zeros(2), []
    ring = PinnedRing(target, copies.new_slot, copies.new_event)
    places = []

    def write(host: Tensor, value: float) -> None:
        places.append(host.data_ptr())
        assert len(copies.waiting) <= copies.slots - 1, "the slot to write is free"
        host.fill_(value)

    for step in range(3 * copies.slots + 1):
        ring.send(lambda host, value=float(step): write(host, value))
        arrived.append(target.tolist())
    assert arrived == [[float(step)] * 2 for step in range(len(arrived))]
    assert copies.slots > 2 and len(set(places)) == copies.slots
    assert len(copies.waiting) == copies.slots, "copies of other slots were not waited for"
