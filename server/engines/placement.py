"""Which device an engine gets, by its environment: it sees one GPU, or none.

A process that sees one GPU needs no device number, so kernels and streams cannot run on another.
"""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from journal.engine_place import EnginePlace
from trainer.job.gpus import Gpu, GpuDriverError, visible_gpus
from trainer.job.host import usable_cores

# Beside jobs on GPUs, whose own threads feed them.
CPU_SHARE = 4
logger = logging.getLogger("server.engines.placement")


@dataclass(frozen=True)
class Placement:
    """The GPU, or None for the CPU, and what is set in the engine's environment for that."""

    gpu: Gpu | None
    environment: Mapping[str, str]


def place_engine(place: EnginePlace, gpus: Sequence[Gpu]) -> Placement:
    """The allowed GPU with the most free memory; the CPU where there is none.

    Without a listed GPU nothing is set: the engine looks for itself.
    """
    if not gpus:
        return Placement(None, {})
    allowed = [gpu for gpu in gpus if place.allows(gpu.index)]
    if not allowed:
        return Placement(None, {"CUDA_VISIBLE_DEVICES": "", **_threads()})
    best = max(allowed, key=lambda gpu: gpu.free_mib or 0)
    return Placement(best, {"CUDA_VISIBLE_DEVICES": best.uuid or str(best.index)})


def must_move(gpu: Gpu | None, place: EnginePlace, gpus: Sequence[Gpu]) -> bool:
    """Whether an engine on this GPU (None: on the CPU) is where it may not be, or could have a GPU."""
    if gpu is not None:
        return not place.allows(gpu.index)
    return any(place.allows(other.index) for other in gpus)


def gpus_of_driver(list_gpus: Callable[[], tuple[Gpu, ...]] = visible_gpus) -> tuple[Gpu, ...]:
    """The GPUs that this process may use; none where the driver does not answer."""
    try:
        return list_gpus()
    except GpuDriverError as error:
        logger.warning("NVIDIA's driver does not answer: %s", error)
        return ()


def _threads() -> dict[str, str]:
    if "OMP_NUM_THREADS" in os.environ:
        return {}
    return {"OMP_NUM_THREADS": str(max(1, len(usable_cores()) // CPU_SHARE))}
