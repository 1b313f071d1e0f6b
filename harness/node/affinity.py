"""Which cores feed which GPU: its share of those near it, where the kernel knows what is near."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

# The kernel's own files: the driver's nvmlDeviceGetCpuAffinity has them from here.
_SYS = Path("/sys")


def pin(cores: Sequence[int]) -> None:
    """Keep this process to these cores; unpinned where none are given or the machine's have changed."""
    if cores:
        with suppress(OSError):
            os.sched_setaffinity(0, cores)


def cores_by_gpu(
    addresses: tuple[str, ...], cores: tuple[int, ...], system: Path = _SYS
) -> tuple[tuple[int, ...], ...]:
    """For every GPU (by PCI address) its own cores: near ones shared evenly, or else an even split."""
    near = [_near(address, cores, system) for address in addresses]
    if any(len(group) < near.count(group) for group in near):
        near = [cores] * len(addresses)
    return tuple(_share(near, place) for place in range(len(near)))


def _share(near: list[tuple[int, ...]], place: int) -> tuple[int, ...]:
    """This GPU's part of the cores that it and its neighbours are near to."""
    group = near[place]
    each = len(group) // near.count(group)
    before = near[:place].count(group)
    return group[before * each : (before + 1) * each] or group


def _near(address: str, cores: tuple[int, ...], system: Path) -> tuple[int, ...]:
    """Our cores on the GPU's NUMA node; all of ours where that is unknown."""
    # The driver writes 00000000:18:00.0, the kernel 0000:18:00.0.
    name = address.lower()[-12:]
    try:
        node = int((system / "bus/pci/devices" / name / "numa_node").read_text(encoding="utf-8"))
        listed = (system / f"devices/system/node/node{node}/cpulist").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return cores
    return tuple(core for core in cores if core in _parse(listed)) or cores


def _parse(listed: str) -> frozenset[int]:
    """`0-3,8` as numbers."""
    ends = [part.partition("-") for part in listed.strip().split(",") if part]
    return frozenset(core for low, _, high in ends for core in range(int(low), int(high or low) + 1))
