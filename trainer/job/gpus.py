"""The GPUs of this machine, as NVIDIA's driver lists them (NVML, what nvidia-smi reads too)."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pynvml


class GpuDriverError(RuntimeError):
    """The driver is there, but does not answer; `str()` is one line."""


@dataclass(frozen=True)
class Gpu:
    """One GPU; `index` is the driver's, whatever CUDA_VISIBLE_DEVICES hides. `free_mib`: at the look."""

    index: int
    name: str
    memory_mib: int
    pci_address: str = ""
    uuid: str | None = None
    free_mib: int | None = None


def visible_gpus(nvml: Any = pynvml, environment: Mapping[str, str] = os.environ) -> tuple[Gpu, ...]:
    """GPUs that the driver lists, CUDA_VISIBLE_DEVICES respected; none where there is no driver.

    Raises:
        GpuDriverError: the driver is there, but does not answer for them.
    """
    visible = environment.get("CUDA_VISIBLE_DEVICES")
    if visible is not None and not visible.strip():
        return ()
    try:
        nvml.nvmlInit()
    except (nvml.NVMLError_LibraryNotFound, nvml.NVMLError_DriverNotLoaded):
        return ()
    except nvml.NVMLError as error:
        raise GpuDriverError(str(error)) from None
    try:
        gpus = [_gpu(nvml, index) for index in range(nvml.nvmlDeviceGetCount())]
    except nvml.NVMLError as error:
        raise GpuDriverError(str(error)) from None
    finally:
        nvml.nvmlShutdown()
    return tuple(gpus) if visible is None else _chosen(gpus, visible)


def _chosen(gpus: Sequence[Gpu], visible: str) -> tuple[Gpu, ...]:
    """As CUDA reads the variable: indices or UUIDs, in its order; what names no GPU ends the list."""
    chosen: list[Gpu] = []
    for word in (part.strip() for part in visible.split(",")):
        named = [gpu for gpu in gpus if _is_named(gpu, word)]
        if len(named) != 1:
            break
        chosen += named
    return tuple(chosen)


def _is_named(gpu: Gpu, word: str) -> bool:
    """A UUID may be cut short, as long as it names one GPU."""
    if word.startswith("GPU-"):
        return gpu.uuid is not None and gpu.uuid.startswith(word)
    return word == str(gpu.index)


def _gpu(nvml: Any, index: int) -> Gpu:
    device = nvml.nvmlDeviceGetHandleByIndex(index)
    memory = nvml.nvmlDeviceGetMemoryInfo(device)
    return Gpu(
        index,
        nvml.nvmlDeviceGetName(device),
        memory.total >> 20,
        nvml.nvmlDeviceGetPciInfo(device).busId,
        nvml.nvmlDeviceGetUUID(device),
        memory.free >> 20,
    )
