"""Whose kernels compute a model's attention, in words."""

import torch

from trainer.kernels import dispatch as gpu_kernels
from trainer.kernels.attention import flash as flash_attention
from trainer.model.attention import kernel_for
from trainer.model.config import ModelConfig


def attention_kernels(config: ModelConfig, device: torch.device, dtype: torch.dtype, compiled: bool) -> str:
    """For the log, after training: like "SDPA", or "cuDNN, backward flash-attn-4"."""
    shape = (1, config.sequence_len, config.heads, config.head_dim)
    # One value, seen as many: a run that was out of memory is told of, too.
    q_BTHD = torch.empty(1, dtype=dtype, device=device).expand(shape)
    fused = config.block == "gpt" and gpu_kernels.takes_attention(q_BTHD.flatten(2), config.head_dim)
    if compiled and fused:
        return f"cuDNN, backward {' and '.join(flash_attention.used_backward())}"
    kernels = {kernel_for(q_BTHD, config.kv_heads, window, compiled) for window in config.windows}
    return " and ".join(sorted(kernels))
