"""What a model computes in: by device, by job, and as a server does."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from trainer.job import TrainingJob
from trainer.job.host import has_bf16_products
from trainer.model.gpt import GPT, Linear

# The least that is worth turning into fp8.
SMALLEST_FP8 = 128
# What the hardware asks of the sizes of an fp8 product.
FP8_MULTIPLE = 16


def fastest_dtype(device: torch.device) -> torch.dtype:
    """bf16 on GPUs and on CPUs that multiply it in hardware, else fp32.

    Depth 4, width 192, vocabulary 2,048: 1.5 times fp32's tokens a CPU-second with AMX, 1.7 with AVX-512.
    """
    return torch.bfloat16 if device.type == "cuda" or has_bf16_products() else torch.float32


def compute_dtype(job: TrainingJob, device: torch.device) -> torch.dtype:
    """Of activations and of products that are not in fp8: the fastest, unless the job says otherwise."""
    if job.dtype == "auto":
        return fastest_dtype(device)
    return torch.float32 if job.dtype == "fp32" else torch.bfloat16


def set_precision(job: TrainingJob, model: GPT) -> None:
    """Give the model, on its device, the job's dtype; small matrices stay in bf16 where others are in fp8."""
    model.compute_dtype = compute_dtype(job, model.device)
    if job.dtype != "fp8":
        return
    for module in model.modules():
        if isinstance(module, Linear) and min(module.weight.shape) >= SMALLEST_FP8:
            module.fp8 = all(size % FP8_MULTIPLE == 0 for size in module.weight.shape)


@contextmanager
def as_served(model: GPT) -> Iterator[None]:
    """Compute as a server does: on a CPU in fp32, whatever the model is trained in."""
    trained_in = model.compute_dtype
    if model.device.type == "cpu":
        model.compute_dtype = torch.float32
    try:
        yield
    finally:
        model.compute_dtype = trained_in
