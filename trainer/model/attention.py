"""Causal attention over a window: the fastest exact kernel for each device.

Shape suffixes: B batch, T query positions, S key positions, H heads, K key/value heads, D head_dim.
"""

from functools import lru_cache
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from trainer.job.host import has_bf16_products, has_bf16_tiles
from trainer.kernels import dispatch as gpu_kernels
from trainer.kernels.attention import cudnn as cudnn_attention
from trainer.kernels.attention import flash as flash_attention
from trainer.kernels.compiler_hints import constant_result
from trainer.model.config import ModelConfig

Kernel = Literal["cuDNN", "two products", "FlexAttention", "SDPA"]
# Past it a head's scores, T x T, are too many to write and read again.
_MOST_SCORES = 1024
# Measured on one H200 (B 32, H 6, T 2048, D 128): cuDNN 387 TFLOP/s, flash 223.
_CUDA_BACKENDS = [
    SDPBackend.CUDNN_ATTENTION,
    SDPBackend.FLASH_ATTENTION,
    SDPBackend.EFFICIENT_ATTENTION,
    SDPBackend.MATH,
]


def rope_tables(length: int, head_dim: int, base: float) -> tuple[Tensor, Tensor]:
    """Cosines and sines [length, head_dim / 2], float32 (RoPE, arXiv 2104.09864)."""
    if torch.get_default_device().type == "meta":  # arithmetic there would import torch's compiler
        return torch.empty(length, head_dim // 2), torch.empty(length, head_dim // 2)
    frequencies = base ** (-torch.arange(0, head_dim, 2, dtype=torch.float64) / head_dim)
    angles = torch.arange(length, dtype=torch.float64)[:, None] * frequencies
    return angles.cos().float(), angles.sin().float()


def rotate(x_BTHD: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate the two halves of each head, in the order exported models use; float32 if x is lower."""
    first, second = x_BTHD.chunk(2, dim=-1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1)


def causal_attention(
    q_BTHD: Tensor, k_BTKD: Tensor, v_BTKD: Tensor, window: int | None, scale: float
) -> Tensor:
    """Attention of a sequence to itself; each token sees the last `window` keys, itself included."""
    kernel = kernel_for(q_BTHD, k_BTKD.size(2), window, torch.compiler.is_compiling())
    length, grouped = q_BTHD.size(1), q_BTHD.size(2) != k_BTKD.size(2)
    window = length if window is None else min(window, length)
    if kernel == "cuDNN":
        return cudnn_attention.window_attention(q_BTHD, k_BTKD, v_BTKD, window, scale)[0]  # type: ignore[no-any-return]
    q, k, v = (x.transpose(1, 2) for x in (q_BTHD, k_BTKD, v_BTKD))
    if kernel == "two products":
        y = _by_products(q, k, v, window, scale)
    elif kernel == "FlexAttention":
        y = _flex_windowed(q, k, v, window, scale)
    elif window < length:
        build = window_mask if torch.compiler.is_compiling() else _kept_window_mask
        mask = build(length, window, q.device)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=scale, enable_gqa=grouped)
    elif q.is_cuda:
        with sdpa_kernel(_CUDA_BACKENDS, set_priority=True):
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=scale, enable_gqa=grouped)
    else:
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=scale, enable_gqa=grouped)
    return y.transpose(1, 2)


def kernel_for(q_BTHD: Tensor, kv_heads: int, window: int | None, compiling: bool) -> Kernel:
    """What computes the attention of queries like these."""
    is_full = window is None or window >= q_BTHD.size(1)
    if not is_full and cudnn_attention.takes(q_BTHD):
        return "cuDNN"
    if _pays_by_products(q_BTHD, kv_heads):
        return "two products"
    return "FlexAttention" if not is_full and q_BTHD.is_cuda and compiling else "SDPA"


def attention_kernels(config: ModelConfig, device: torch.device, dtype: torch.dtype, compiled: bool) -> str:
    """Whose kernels compute a model's attention, for the log after training: like "SDPA", or
    "cuDNN, backward flash-attn-4"."""
    shape = (1, config.sequence_len, config.heads, config.head_dim)
    # One value, seen as many: a run that was out of memory is told of, too.
    q_BTHD = torch.empty(1, dtype=dtype, device=device).expand(shape)
    fused = config.block == "gpt" and gpu_kernels.takes_attention(q_BTHD.flatten(2), config.head_dim)
    if compiled and fused:
        return f"cuDNN, backward {' and '.join(flash_attention.used_backward())}"
    kernels = {kernel_for(q_BTHD, config.kv_heads, window, compiled) for window in config.windows}
    return " and ".join(sorted(kernels))


def _pays_by_products(q_BTHD: Tensor, kv_heads: int) -> bool:
    """On a CPU with bf16 products but without AMX, which torch's kernel for bf16 attention wants.

    One thread, AMD EPYC with AVX-512, forward and backward: 6.5 ms against 17.5 (B 8, H 3, T 256, D 64), 23.5
    against 66.8 (B 8, H 2, T 512, D 128).
    """
    if q_BTHD.is_cuda or q_BTHD.size(2) != kv_heads or q_BTHD.dtype != torch.bfloat16:
        return False
    return q_BTHD.size(1) <= _MOST_SCORES and bool(_only_dot_products())


@constant_result
def _only_dot_products() -> bool:
    return has_bf16_products() and not has_bf16_tiles()


def _by_products(q: Tensor, k: Tensor, v: Tensor, window: int, scale: float) -> Tensor:
    """Two products and a softmax, on [B, H, T, D]."""
    build = window_bias if torch.compiler.is_compiling() else _kept_window_bias
    bias_TT = build(q.size(2), window, q.device).to(q.dtype)
    queries, keys, values = (x.flatten(0, 1) for x in (q, k, v))
    scores = torch.baddbmm(bias_TT, queries, keys.transpose(1, 2), alpha=scale)
    return (torch.softmax(scores, -1) @ values).view(q.shape)


def cached_attention(
    q_BTHD: Tensor, k_BKSD: Tensor, v_BKSD: Tensor, positions_BT: Tensor, window: int | None, scale: float
) -> Tensor:
    """Attention of new tokens at `positions_BT` to a cache whose index is the key's position."""
    keys = torch.arange(k_BKSD.size(2), device=positions_BT.device)
    distance_BTS = positions_BT[:, :, None] - keys
    mask = distance_BTS >= 0
    if window is not None:
        mask = mask & (distance_BTS < window)
    grouped = q_BTHD.size(2) != k_BKSD.size(1)
    y = F.scaled_dot_product_attention(
        q_BTHD.transpose(1, 2), k_BKSD, v_BKSD, attn_mask=mask[:, None], scale=scale, enable_gqa=grouped
    )
    return y.transpose(1, 2)


def window_mask(length: int, window: int, device: torch.device) -> Tensor:
    """Boolean [T, T], True where a query may look."""
    positions = torch.arange(length, device=device)
    distance = positions[:, None] - positions
    return (distance >= 0) & (distance < window)


def window_bias(length: int, window: int, device: torch.device) -> Tensor:
    """[T, T], 0 where a query may look, -inf elsewhere."""
    return torch.zeros(length, length, device=device).masked_fill(
        ~window_mask(length, window, device), float("-inf")
    )


_kept_window_mask = lru_cache(maxsize=32)(window_mask)
_kept_window_bias = lru_cache(maxsize=32)(window_bias)


def _flex_windowed(q: Tensor, k: Tensor, v: Tensor, window: int, scale: float) -> Tensor:
    # Imported on GPUs alone: it takes half a second.
    from torch.nn.attention.flex_attention import flex_attention

    blocks = _block_mask(q.size(2), window, str(q.device))
    y = flex_attention(q, k, v, block_mask=blocks, scale=scale, enable_gqa=q.size(1) != k.size(1))
    assert isinstance(y, Tensor)
    return y


def _block_mask(length: int, window: int, device: str) -> Any:
    from torch.nn.attention.flex_attention import create_block_mask

    def visible(_b: Tensor, _h: Tensor, query: Tensor, key: Tensor) -> Tensor:
        return (query >= key) & (query - key < window)

    return create_block_mask(visible, None, None, length, length, device=device)
