"""Slots: what one job of `limits.gpus` 1 takes. A GPU, or a share of the cores."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Slot:
    """One place for a job: a GPU by its index, or a set of cores."""

    index: int
    gpu: int | None
    cores: tuple[int, ...]


class SlotPool:
    """Which slots are free; not a lock: the conductor is the only one who asks."""

    def __init__(self, slots: Iterable[Slot]) -> None:
        self.slots = tuple(slots)
        self._holders: dict[int, str] = {}

    @property
    def free(self) -> int:
        return len(self.slots) - len(self._holders)

    def can_take(self, count: int) -> bool:
        """Whether `count` slots are free now."""
        return count <= self.free

    def take(self, holder: str, count: int) -> tuple[Slot, ...]:
        """Take free slots, neighbours where there are enough.

        Raises:
            ValueError: fewer than `count` are free.
        """
        if not self.can_take(count):
            raise ValueError(f"{count} slots wanted, {self.free} free")
        return self.hold(holder, self._choose(count))

    def hold(self, holder: str, indices: Iterable[int]) -> tuple[Slot, ...]:
        """Take these very slots (a job found running after a crash)."""
        held = tuple(slot for slot in self.slots if slot.index in set(indices))
        self._holders.update({slot.index: holder for slot in held})
        return held

    def held(self, holder: str) -> tuple[Slot, ...]:
        """What the holder has."""
        return tuple(slot for slot in self.slots if self._holders.get(slot.index) == holder)

    def release(self, holder: str) -> None:
        """Free whatever the holder has."""
        self._holders = {index: name for index, name in self._holders.items() if name != holder}

    def _choose(self, count: int) -> list[int]:
        """The smallest gap that is large enough, so that larger ones stay whole; else the first free."""
        free = [slot.index for slot in self.slots if slot.index not in self._holders]
        gaps: list[list[int]] = []
        for index in free:
            if gaps and gaps[-1][-1] == index - 1:
                gaps[-1].append(index)
            else:
                gaps.append([index])
        fitting = [gap for gap in gaps if len(gap) >= count]
        return (min(fitting, key=len) if fitting else free)[:count]


def cpu_slots(cores: tuple[int, ...], count: int) -> tuple[Slot, ...]:
    """`count` slots of equally many cores each (leftover cores serve the server)."""
    each = max(1, len(cores) // count)
    return tuple(Slot(i, None, cores[i * each : (i + 1) * each]) for i in range(count))


def gpu_slots(gpus: tuple[int, ...], cores: Sequence[tuple[int, ...]] = ()) -> tuple[Slot, ...]:
    """One slot a GPU, with the cores that are to feed it."""
    return tuple(Slot(i, gpu, cores[i] if cores else ()) for i, gpu in enumerate(gpus))


def slot_environment(slots: tuple[Slot, ...]) -> dict[str, str]:
    """What confines a job's processes to its slots: visible GPUs, or threads per rank."""
    cores = sum(len(slot.cores) for slot in slots)
    gpus = ",".join(str(slot.gpu) for slot in slots if slot.gpu is not None)
    if gpus and not cores:
        return {"CUDA_VISIBLE_DEVICES": gpus}
    return {"CUDA_VISIBLE_DEVICES": gpus, "OMP_NUM_THREADS": str(max(1, cores // len(slots)))}
