"""Muon's elementwise parts on a GPU: two kernels where the plain formulas pass over memory a dozen times.

The plain formulas are in `trainer.optim.muon`. Rates are a row of `DeviceRates`: lr, weight decay, momentum.
Shape suffixes: N matrices of one shape, R rows, C columns.
"""

import torch
import triton
import triton.language as tl
from torch import Tensor

_BLOCK, _SIDE = 2048, 64


@triton.jit  # type: ignore[untyped-decorator]
def _nesterov(gradient, average, out, rates, size, BLOCK: tl.constexpr):  # type: ignore[no-untyped-def]
    place = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = place < size
    momentum = tl.load(rates + 2)
    now = tl.load(gradient + place, mask=inside)
    before = tl.load(average + place, mask=inside)
    mean = before + (now - before) * (1.0 - momentum)
    tl.store(average + place, mean, mask=inside)
    tl.store(out + place, (now + (mean - now) * momentum).to(out.dtype.element_ty), mask=inside)


@triton.jit  # type: ignore[untyped-decorator]
def _descend(  # type: ignore[no-untyped-def]
    weights, update, scale, aspect, rates, rows, columns, update_row, update_column, scale_row,
    scale_column, SIDE: tl.constexpr,
):  # fmt: skip
    row = (tl.program_id(0) * SIDE + tl.arange(0, SIDE))[:, None]
    column = (tl.program_id(1) * SIDE + tl.arange(0, SIDE))[None, :]
    matrix = tl.program_id(2).to(tl.int64)
    lr, weight_decay = tl.load(rates), tl.load(rates + 1)
    inside = (row < rows) & (column < columns)
    place = weights + matrix * rows * columns + row * columns + column
    weight = tl.load(place, mask=inside)
    step = tl.load(
        update + matrix * rows * columns + row * update_row + column * update_column, mask=inside
    ).to(tl.float32)
    factors = rows * scale_row + columns * scale_column
    step *= tl.load(scale + matrix * factors + row * scale_row + column * scale_column, mask=inside)
    decay = tl.where(step * weight >= 0.0, weight_decay, 0.0)
    tl.store(place, weight - lr * (step * aspect + decay * weight), mask=inside)


def nesterov(gradient_NRC: Tensor, average_NRC: Tensor, rates_4: Tensor) -> Tensor:
    """As `trainer.optim.muon.nesterov`, but in bf16, which is what follows reads."""
    out = torch.empty_like(gradient_NRC, dtype=torch.bfloat16)
    size = out.numel()
    _nesterov[(triton.cdiv(size, _BLOCK),)](gradient_NRC, average_NRC, out, rates_4, size, BLOCK=_BLOCK)
    return out


def descend(weights_NRC: Tensor, update_NRC: Tensor, scale: Tensor, aspect: float, rates_4: Tensor) -> None:
    """As `trainer.optim.muon.descend`; the update may be transposed, `scale` [N, R, 1] or [N, 1, C]."""
    count, rows, columns = weights_NRC.shape
    grid = (triton.cdiv(rows, _SIDE), triton.cdiv(columns, _SIDE), count)
    _descend[grid](
        weights_NRC, update_NRC, scale.contiguous(), aspect, rates_4, rows, columns,
        update_NRC.stride(1), update_NRC.stride(2), int(scale.size(1) > 1), int(scale.size(2) > 1),
        SIDE=_SIDE,
    )  # fmt: skip
