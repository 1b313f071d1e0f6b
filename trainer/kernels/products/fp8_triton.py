"""Tensors turned into fp8 on a GPU: once by rows and once by columns, in one reading.

fp8 products want both operands contiguous along the summed dimension, and the two gradients of a product
sum along other dimensions than the product itself. A scale is a power of two for the whole tensor; fp8
numbers have exponents of their own, so a scale that is a few octaves low loses nothing but the smallest
values. Therefore a bound is enough, from a sample of the rows with room above it; what lies beyond saturates.
Shape suffixes: R rows, C columns.
"""

from dataclasses import dataclass

import torch
import triton
import triton.language as tl
from torch import Tensor

E4M3, E5M2 = torch.float8_e4m3fn, torch.float8_e5m2
# Of a tensor's rows every 16th is looked at; its largest value may be 8 times the sample's.
_SAMPLED_EVERY, _HEADROOM = 16, 8.0
_TILE, _WARPS = 128, 8


@dataclass(frozen=True)
class Quantized:
    """`rows` [R, C], `columns` [C, R], both contiguous; a value is fp8 value * `inverse_scale`."""

    rows: Tensor
    columns: Tensor
    inverse_scale: Tensor


@triton.jit  # type: ignore[untyped-decorator]
def _scale(bound, LIMIT: tl.constexpr):  # type: ignore[no-untyped-def]
    """The largest power of two that keeps `bound` within LIMIT."""
    return tl.exp2(tl.floor(tl.log2(LIMIT / tl.minimum(tl.maximum(bound, 1e-30), 1e30))))


@triton.jit  # type: ignore[untyped-decorator]
def _quantize(  # type: ignore[no-untyped-def]
    x, bound, by_row, by_column, inverse_scale, rows, columns, headroom,
    SQUARED: tl.constexpr, LIMIT: tl.constexpr, TILE: tl.constexpr, BY_COLUMN: tl.constexpr,
):  # fmt: skip
    """fp8 of x, or of relu(x)²."""
    limit = tl.load(bound)
    limit = limit * limit if SQUARED else limit
    scale = _scale(limit * headroom, LIMIT)
    row = tl.program_id(0).to(tl.int64) * TILE + tl.arange(0, TILE)
    column = tl.program_id(1).to(tl.int64) * TILE + tl.arange(0, TILE)
    inside = (row < rows)[:, None] & (column < columns)[None, :]
    value = tl.load(x + row[:, None] * columns + column[None, :], mask=inside, other=0.0).to(tl.float32)
    if SQUARED:
        value = tl.maximum(value, 0.0)
        value *= value
    value = tl.minimum(tl.maximum(value * scale, -LIMIT), LIMIT).to(by_row.dtype.element_ty)
    tl.store(by_row + row[:, None] * columns + column[None, :], value, mask=inside)
    if BY_COLUMN:
        tl.store(by_column + column[:, None] * rows + row[None, :], tl.trans(value), mask=tl.trans(inside))
    if (tl.program_id(0) == 0) & (tl.program_id(1) == 0):
        tl.store(inverse_scale, 1.0 / scale)


@triton.jit  # type: ignore[untyped-decorator]
def _relu_squared_back(  # type: ignore[no-untyped-def]
    grad, inner, grad_bound, inner_bound, by_row, by_column, inverse_scale, hidden, hidden_inverse_scale,
    rows, columns, headroom, LIMIT: tl.constexpr, HIDDEN_LIMIT: tl.constexpr, TILE: tl.constexpr,
):  # fmt: skip
    """fp8 of grad · 2 relu(inner) both ways, and of relu(inner)² by columns."""
    inner_limit = tl.load(inner_bound)
    scale = _scale(2.0 * inner_limit * tl.load(grad_bound) * headroom, LIMIT)
    hidden_scale = _scale(inner_limit * inner_limit * headroom, HIDDEN_LIMIT)
    row = tl.program_id(0).to(tl.int64) * TILE + tl.arange(0, TILE)
    column = tl.program_id(1).to(tl.int64) * TILE + tl.arange(0, TILE)
    inside = (row < rows)[:, None] & (column < columns)[None, :]
    place = row[:, None] * columns + column[None, :]
    across = column[:, None] * rows + row[None, :]
    kept = tl.maximum(tl.load(inner + place, mask=inside, other=0.0).to(tl.float32), 0.0)
    squared = tl.minimum(kept * kept * hidden_scale, HIDDEN_LIMIT).to(hidden.dtype.element_ty)
    tl.store(hidden + across, tl.trans(squared), mask=tl.trans(inside))
    value = tl.load(grad + place, mask=inside, other=0.0).to(tl.float32) * 2.0 * kept * scale
    value = tl.minimum(tl.maximum(value, -LIMIT), LIMIT).to(by_row.dtype.element_ty)
    tl.store(by_row + place, value, mask=inside)
    tl.store(by_column + across, tl.trans(value), mask=tl.trans(inside))
    if (tl.program_id(0) == 0) & (tl.program_id(1) == 0):
        tl.store(inverse_scale, 1.0 / scale)
        tl.store(hidden_inverse_scale, 1.0 / hidden_scale)


def bound_of(x_RC: Tensor) -> Tensor:
    """The largest magnitude among a sample of the rows; float32, on the device."""
    sample = x_RC if x_RC.size(0) < 1024 else x_RC[::_SAMPLED_EVERY]
    bound: Tensor = torch.linalg.vector_norm(sample, float("inf"), dtype=torch.float32)
    return bound


def quantize(
    x_RC: Tensor,
    dtype: torch.dtype,
    bound: Tensor | None = None,
    squared: bool = False,
    by_column: bool = True,
) -> Quantized:
    """fp8 of a contiguous matrix, or of relu(x)² where `squared`.

    `bound` is an exact limit of |x|; without it one is sampled. `columns` is empty unless `by_column`.
    """
    rows, columns = x_RC.shape
    by_row = torch.empty(rows, columns, dtype=dtype, device=x_RC.device)
    across = torch.empty((columns, rows) if by_column else (0, 0), dtype=dtype, device=x_RC.device)
    inverse_scale = torch.empty((), dtype=torch.float32, device=x_RC.device)
    _quantize[_grid(rows, columns)](
        x_RC, bound_of(x_RC) if bound is None else bound, by_row, across, inverse_scale, rows, columns,
        _HEADROOM if bound is None else 1.0, SQUARED=squared, LIMIT=torch.finfo(dtype).max, TILE=_TILE,
        BY_COLUMN=by_column, num_warps=_WARPS,
    )  # fmt: skip
    return Quantized(by_row, across, inverse_scale)


def relu_squared_back(grad_RC: Tensor, inner_RC: Tensor) -> tuple[Quantized, Quantized]:
    """e5m2 of the gradient of what the ReLU squares, and e4m3 of relu(inner)², whose `rows` are empty.

    The second's scale is that of `quantize(inner, E4M3, squared=True)`.
    """
    rows, columns = grad_RC.shape
    by_row = torch.empty(rows, columns, dtype=E5M2, device=grad_RC.device)
    across = torch.empty(columns, rows, dtype=E5M2, device=grad_RC.device)
    hidden = torch.empty(columns, rows, dtype=E4M3, device=grad_RC.device)
    scale, hidden_scale = (torch.empty((), dtype=torch.float32, device=grad_RC.device) for _ in range(2))
    _relu_squared_back[_grid(rows, columns)](
        grad_RC, inner_RC, bound_of(grad_RC), bound_of(inner_RC), by_row, across, scale, hidden,
        hidden_scale, rows, columns, _HEADROOM, LIMIT=torch.finfo(E5M2).max,
        HIDDEN_LIMIT=torch.finfo(E4M3).max, TILE=_TILE, num_warps=_WARPS,
    )  # fmt: skip
    return Quantized(by_row, across, scale), Quantized(hidden.new_empty(0, 0), hidden, hidden_scale)


def _grid(rows: int, columns: int) -> tuple[int, int]:
    return triton.cdiv(rows, _TILE), triton.cdiv(columns, _TILE)
