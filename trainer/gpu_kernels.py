"""When the model's parts run as fused kernels: in compiled passes in bf16 on a Hopper GPU.

Only compiled ones: those have one shape, and cuDNN plans every shape anew. Only Hopper: the tiles fill its
shared memory, and no other generation has been measured.
"""

import importlib.util
from functools import lru_cache

import torch
from torch import Tensor

from trainer import cudnn_attention

_HOPPER = 9


def fits_attention(x: Tensor, head_dim: int) -> bool:
    """Whether `attention` takes a layer with input `x`."""
    fits = head_dim & (head_dim - 1) == 0 and 16 <= head_dim <= cudnn_attention.WIDEST_HEAD
    return fits and fits_mlp(x) and bool(cudnn_attention.is_available())


def fits_mlp(x: Tensor) -> bool:
    """Whether `relu_squared_mlp` takes a layer with input `x`."""
    if not torch.compiler.is_compiling() or not x.is_cuda or x.dtype != torch.bfloat16:
        return False
    return x.size(-1) % 8 == 0 and bool(_has_kernels())


def attention(
    x_BTC: Tensor, weight_OC: Tensor, rope: tuple[Tensor, Tensor], value_BTKD: Tensor | None,
    gate_BTK: Tensor | None, heads: int, head_dim: int, window: int | None, scale: float,
) -> Tensor:  # fmt: skip
    """See `trainer.fused_attention`."""
    from trainer.fused_attention import fused_attention

    length = x_BTC.size(1)
    window = length if window is None else min(window, length)
    y_BTHD: Tensor = fused_attention(
        x_BTC, weight_OC, *rope, value_BTKD, gate_BTK, heads, head_dim, window, scale
    )[0]
    return y_BTHD


def relu_squared_mlp(x: Tensor, up_MC: Tensor, down_CM: Tensor) -> Tensor:
    """See `trainer.relu_squared_triton`."""
    from trainer import relu_squared_triton

    y_NC: Tensor = relu_squared_triton.relu_squared_mlp(
        x.flatten(0, -2), up_MC.to(x.dtype), down_CM.to(x.dtype)
    )[0]
    return y_NC.view_as(x)


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def _has_kernels() -> bool:
    return _found_kernels()


@lru_cache(maxsize=1)
def _found_kernels() -> bool:
    found = torch.cuda.is_available() and importlib.util.find_spec("triton") is not None
    return found and torch.cuda.get_device_capability()[0] == _HOPPER
