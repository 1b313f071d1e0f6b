"""When the model's parts run as fused kernels: in compiled passes in bf16 on a Hopper GPU.

Only compiled ones: those have one shape, and cuDNN plans every shape anew. Only Hopper: the tiles fill its
shared memory, and no other generation has been measured.
"""

import importlib.util
from functools import lru_cache

import torch
from torch import Tensor

from trainer.kernels.attention import cudnn as cudnn_attention
from trainer.kernels.compiler_hints import constant_result

_HOPPER = 9
_LEAST_SIZE = 128


def fits_attention(x: Tensor, head_dim: int) -> bool:
    """Whether `attention` takes a layer with input `x`."""
    return torch.compiler.is_compiling() and takes_attention(x, head_dim)


def takes_attention(x: Tensor, head_dim: int) -> bool:
    """Whether `attention` takes a layer with input `x` where it is compiled."""
    fits = head_dim & (head_dim - 1) == 0 and 16 <= head_dim <= cudnn_attention.WIDEST_HEAD
    return fits and _takes(x) and bool(cudnn_attention.is_available())


def fits_mlp(x: Tensor) -> bool:
    """Whether `relu_squared_mlp` takes a layer with input `x`."""
    return torch.compiler.is_compiling() and _takes(x)


def _takes(x: Tensor) -> bool:
    return x.is_cuda and x.dtype == torch.bfloat16 and x.size(-1) % 8 == 0 and bool(has_kernels())


def fits_linear(x: Tensor, weight_OC: Tensor) -> bool:
    """Whether `linear` takes a matrix with input `x`; small ones gain nothing."""
    return min(weight_OC.shape) >= _LEAST_SIZE and fits_mlp(x)


def fits_table(table: Tensor, dtype: torch.dtype) -> bool:
    """Whether `table_rows` takes this table."""
    on_gpu = torch.compiler.is_compiling() and table.is_cuda and dtype == torch.bfloat16
    return on_gpu and torch.is_grad_enabled() and bool(has_kernels())


def fits_training(x: Tensor) -> bool:
    """Whether `mix_norm` takes `x`: only its gradient is a kernel of its own."""
    return fits_mlp(x) and torch.is_grad_enabled()


def mix_norm(x: Tensor, start: Tensor, factors: Tensor) -> tuple[Tensor, Tensor]:
    """See `trainer.kernels.residual`."""
    from trainer.kernels import residual as residual_triton

    return residual_triton.mix_norm(x, start, factors)


def attention(
    x_BTC: Tensor, weight_OC: Tensor, rope: tuple[Tensor, Tensor], value_BTKD: Tensor | None,
    gate_BTK: Tensor | None, heads: int, head_dim: int, window: int | None, scale: float, fp8: bool,
) -> Tensor:  # fmt: skip
    """See `trainer.kernels.attention.fused`."""
    from trainer.kernels.attention.fused import fused_attention

    length = x_BTC.size(1)
    window = length if window is None else min(window, length)
    y_BTHD: Tensor = fused_attention(
        x_BTC, weight_OC, *rope, value_BTKD, gate_BTK, heads, head_dim, window, scale, fp8
    )[0]
    return y_BTHD


def relu_squared_mlp(x: Tensor, up_MC: Tensor, down_CM: Tensor, fp8: bool) -> Tensor:
    """See `trainer.kernels.products.relu_squared` and `trainer.kernels.products.fp8`."""
    if fp8:
        from trainer.kernels.products.fp8 import fp8_relu_squared_mlp as mlp
    else:
        from trainer.kernels.products.relu_squared import relu_squared_mlp as mlp

    y_NC: Tensor = mlp(x.flatten(0, -2), up_MC.to(x.dtype), down_CM.to(x.dtype))[0]
    return y_NC.view_as(x)


def linear(x: Tensor, weight_OC: Tensor, onto: Tensor | None, fp8: bool) -> Tensor:
    """See `trainer.kernels.products.projection`."""
    from trainer.kernels.products import projection

    x_NC = x.flatten(0, -2).contiguous()
    onto_NO = None if onto is None else onto.flatten(0, -2).contiguous()
    y_NO: Tensor = projection.linear(x_NC, weight_OC.to(x.dtype), onto_NO, fp8)[0]
    return y_NO.view(*x.shape[:-1], -1)


def table_rows(table_VC: Tensor, tokens: Tensor, dtype: torch.dtype) -> Tensor:
    """See `trainer.kernels.table`."""
    from trainer.kernels import table as table_triton

    return table_triton.table_rows(table_VC, tokens, dtype)


@constant_result
def has_kernels() -> bool:
    """Whether this machine's GPU is one that the kernels are for."""
    return _found_kernels()


@lru_cache(maxsize=1)
def _found_kernels() -> bool:
    found = torch.cuda.is_available() and importlib.util.find_spec("triton") is not None
    return found and torch.cuda.get_device_capability()[0] == _HOPPER
