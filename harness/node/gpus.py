"""The GPUs of this machine, as NVIDIA's driver lists them (NVML, what nvidia-smi reads too)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pynvml

from harness.errors import UserError


@dataclass(frozen=True)
class Gpu:
    index: int
    name: str
    memory_mib: int
    pci_address: str = ""


def listed_gpus(nvml: Any = pynvml, environment: Mapping[str, str] = os.environ) -> tuple[Gpu, ...]:
    """GPUs that the driver lists, CUDA_VISIBLE_DEVICES respected; none where there is no driver.

    Raises:
        UserError: the driver is there, but does not answer for them.
    """
    visible = environment.get("CUDA_VISIBLE_DEVICES")
    wanted = None if visible is None else [part.strip() for part in visible.split(",")]
    if wanted == [""]:
        return ()
    try:
        nvml.nvmlInit()
    except (nvml.NVMLError_LibraryNotFound, nvml.NVMLError_DriverNotLoaded):
        return ()
    except nvml.NVMLError as error:
        raise _no_answer(error) from None
    try:
        indices = range(nvml.nvmlDeviceGetCount())
        return tuple(_gpu(nvml, index) for index in indices if wanted is None or str(index) in wanted)
    except nvml.NVMLError as error:
        raise _no_answer(error) from None
    finally:
        nvml.nvmlShutdown()


def _gpu(nvml: Any, index: int) -> Gpu:
    device = nvml.nvmlDeviceGetHandleByIndex(index)
    memory_mib = nvml.nvmlDeviceGetMemoryInfo(device).total >> 20
    return Gpu(index, nvml.nvmlDeviceGetName(device), memory_mib, nvml.nvmlDeviceGetPciInfo(device).busId)


def _no_answer(error: Exception) -> UserError:
    return UserError(
        f"NVIDIA's driver does not answer: {error} (see: nvidia-smi); allowed: a driver that works, or "
        "GPUs hidden with CUDA_VISIBLE_DEVICES="
    )
