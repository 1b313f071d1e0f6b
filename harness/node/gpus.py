"""The GPUs that a lab may use, and what a user is told where their driver fails."""

import os
from collections.abc import Mapping
from typing import Any

import pynvml

from harness.errors import UserError
from trainer.job.gpus import Gpu, GpuDriverError, visible_gpus


def listed_gpus(nvml: Any = pynvml, environment: Mapping[str, str] = os.environ) -> tuple[Gpu, ...]:
    """GPUs that the driver lists, CUDA_VISIBLE_DEVICES respected; none where there is no driver.

    Raises:
        UserError: the driver is there, but does not answer for them.
    """
    try:
        return visible_gpus(nvml, environment)
    except GpuDriverError as error:
        raise UserError(
            f"NVIDIA's driver does not answer: {error} (see: nvidia-smi); allowed: a driver that works, or "
            "GPUs hidden with CUDA_VISIBLE_DEVICES="
        ) from None
