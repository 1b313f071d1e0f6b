"""Which device a process computes on: a rank its own, the engine the one it is told."""

from __future__ import annotations

from collections.abc import Callable

import torch

from trainer.job import JobError
from trainer.processes.ranks import Ranks


def device_of_rank(ranks: Ranks) -> torch.device:
    """The rank's own GPU where there are any, else the CPU.

    Raises:
        JobError: when more ranks were started than the machine has GPUs.
    """
    count = _gpus()
    if count == 0:
        return torch.device("cpu")
    if ranks.local_world_size > count:
        raise JobError(
            f"torchrun: {ranks.local_world_size} ranks; allowed: at most {count}, this machine's GPUs"
        )
    return torch.device("cuda", ranks.local_rank)


def device_named(name: str) -> torch.device:
    """`auto` is the GPU with the most free memory where there is one, else the CPU.

    Raises:
        ValueError: for a device that torch does not know or this machine lacks.
    """
    count = _gpus()
    if name == "auto":
        free = [torch.cuda.mem_get_info(index)[0] for index in range(count)]
        return torch.device("cuda", free.index(max(free))) if free else torch.device("cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        device = None
    usable = device is not None and (
        device.type == "cpu" or (device.type == "cuda" and (device.index or 0) < count)
    )
    if device is None or not usable:
        raise ValueError(
            f'--device: "{name}"; allowed: auto, cpu' + "".join(f", cuda:{i}" for i in range(count))
        )
    return device


def make_current(
    device: torch.device, set_device: Callable[[torch.device], None] = torch.cuda.set_device
) -> None:
    """Have this thread's kernels and streams run on the device: without it they run on `cuda:0`.

    CUDA keeps the current device by thread.
    """
    if device.type == "cuda" and device.index is not None:
        set_device(device)


def _gpus() -> int:
    return torch.cuda.device_count() if torch.cuda.is_available() else 0
