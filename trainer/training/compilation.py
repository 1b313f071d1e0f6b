"""When training steps are compiled, and how compiled code is kept for later jobs."""

import os
import shutil

import torch

from trainer.system.hashes import code_hash
from trainer.training.loss import LossSum

# Measured at the starter's shape: compiling costs 38 CPU-seconds once and saves 17 a million tokens. From
# twice as many on, for a lab plans its jobs' time without it.
CPU_COMPILE_TOKENS = 4_000_000


def compile_pays(device: torch.device, dtype: torch.dtype, train_tokens: int | None) -> bool:
    """Whether compiling saves more than it costs: on a CPU in bf16, where a rank has many `train_tokens`."""
    if device.type == "cuda":
        return True
    long = train_tokens is not None and train_tokens >= CPU_COMPILE_TOKENS
    return long and dtype == torch.bfloat16 and can_compile(device)


def can_compile(device: torch.device) -> bool:
    """For a CPU, torch's compiler needs one for C++."""
    return device.type == "cuda" or shutil.which(os.environ.get("CXX", "g++")) is not None


def compiled(loss_sum: LossSum) -> LossSum:
    """`loss_sum` compiled for the shapes it is called with.

    torch keeps what it compiled, but not of functions with a gradient of their own, unless told to: it cannot
    see the code behind them. That code is part of the key here.
    """
    import torch._functorch.config as functorch

    functorch.autograd_cache_allow_custom_autograd_functions = True
    torch.compiler.config.cache_key_tag = code_hash()
    return torch.compile(loss_sum, dynamic=False)
