"""Rotary positions, the norm of queries and keys and gated values on a GPU, in place on a fused product.

`qkv` [B, T, H + 2K, D] holds the heads of the queries, the keys and the values side by side, as one
matrix product writes them. Shape suffixes as in `trainer.model.attention`; J is H + K, the heads that rotate.
"""

import torch
import triton
import triton.language as tl
from torch import Tensor

_ROWS, _WARPS = 16, 4
_EPS = 1e-6


@triton.jit  # type: ignore[untyped-decorator]
def _forward(  # type: ignore[no-untyped-def]
    qkv, inverse_rms, cos, sin, value, gate, tokens, length, eps,
    TURNING: tl.constexpr, KV_HEADS: tl.constexpr, HALF: tl.constexpr, ROWS: tl.constexpr,
    GATED: tl.constexpr,
):  # fmt: skip
    row = tl.program_id(0).to(tl.int64) * ROWS + tl.arange(0, ROWS)
    inside = (row < tokens)[:, None]
    column = tl.arange(0, HALF)[None, :]
    angle = (row % length)[:, None] * HALF + column
    c, s = tl.load(cos + angle, mask=inside, other=0.0), tl.load(sin + angle, mask=inside, other=0.0)
    for head in range(TURNING):
        place = qkv + ((row * (TURNING + KV_HEADS) + head) * 2 * HALF)[:, None] + column
        first = tl.load(place, mask=inside, other=0.0).to(tl.float32)
        second = tl.load(place + HALF, mask=inside, other=0.0).to(tl.float32)
        one, two = first * c - second * s, second * c + first * s
        inverse = tl.rsqrt(tl.sum(one * one + two * two, axis=1) / (2 * HALF) + eps)
        tl.store(place, (one * inverse[:, None]).to(qkv.dtype.element_ty), mask=inside)
        tl.store(place + HALF, (two * inverse[:, None]).to(qkv.dtype.element_ty), mask=inside)
        tl.store(inverse_rms + row * TURNING + head, inverse, mask=row < tokens)
    if GATED:
        for head in range(KV_HEADS):
            strength = tl.load(gate + row * KV_HEADS + head, mask=row < tokens, other=0.0).to(tl.float32)
            for part in range(2):
                place = qkv + ((row * (TURNING + KV_HEADS) + TURNING + head) * 2 * HALF)[:, None] + column
                more = value + ((row * KV_HEADS + head) * 2 * HALF)[:, None] + column
                own = tl.load(place + part * HALF, mask=inside, other=0.0).to(tl.float32)
                added = tl.load(more + part * HALF, mask=inside, other=0.0).to(tl.float32)
                mixed = own + strength[:, None] * added
                tl.store(place + part * HALF, mixed.to(qkv.dtype.element_ty), mask=inside)


@triton.jit  # type: ignore[untyped-decorator]
def _backward(  # type: ignore[no-untyped-def]
    grad, qkv, inverse_rms, cos, sin, value, gate, value_grad, gate_grad, tokens, length,
    TURNING: tl.constexpr, KV_HEADS: tl.constexpr, HALF: tl.constexpr, ROWS: tl.constexpr,
    GATED: tl.constexpr,
):  # fmt: skip
    """A rotation keeps lengths, so the norm's gradient is taken from what it gave, rotated as it is."""
    row = tl.program_id(0).to(tl.int64) * ROWS + tl.arange(0, ROWS)
    inside = (row < tokens)[:, None]
    column = tl.arange(0, HALF)[None, :]
    angle = (row % length)[:, None] * HALF + column
    c, s = tl.load(cos + angle, mask=inside, other=0.0), tl.load(sin + angle, mask=inside, other=0.0)
    for head in range(TURNING):
        offset = ((row * (TURNING + KV_HEADS) + head) * 2 * HALF)[:, None] + column
        one = tl.load(grad + offset, mask=inside, other=0.0).to(tl.float32)
        two = tl.load(grad + offset + HALF, mask=inside, other=0.0).to(tl.float32)
        first = tl.load(qkv + offset, mask=inside, other=0.0).to(tl.float32)
        second = tl.load(qkv + offset + HALF, mask=inside, other=0.0).to(tl.float32)
        inverse = tl.load(inverse_rms + row * TURNING + head, mask=row < tokens, other=0.0)[:, None]
        along = (tl.sum(one * first + two * second, axis=1) / (2 * HALF))[:, None]
        one, two = (one - first * along) * inverse, (two - second * along) * inverse
        tl.store(grad + offset, (one * c + two * s).to(grad.dtype.element_ty), mask=inside)
        tl.store(grad + offset + HALF, (two * c - one * s).to(grad.dtype.element_ty), mask=inside)
    if GATED:
        for head in range(KV_HEADS):
            strength = tl.load(gate + row * KV_HEADS + head, mask=row < tokens, other=0.0).to(tl.float32)
            total = tl.zeros([ROWS], tl.float32)
            for part in range(2):
                place = grad + ((row * (TURNING + KV_HEADS) + TURNING + head) * 2 * HALF)[:, None] + column
                offset = ((row * KV_HEADS + head) * 2 * HALF)[:, None] + column + part * HALF
                change = tl.load(place + part * HALF, mask=inside, other=0.0).to(tl.float32)
                added = tl.load(value + offset, mask=inside, other=0.0).to(tl.float32)
                total += tl.sum(change * added, axis=1)
                scaled = change * strength[:, None]
                tl.store(value_grad + offset, scaled.to(value_grad.dtype.element_ty), mask=inside)
            place = gate_grad + row * KV_HEADS + head
            tl.store(place, total.to(gate_grad.dtype.element_ty), mask=row < tokens)


def turn_in_place(
    qkv: Tensor, cos: Tensor, sin: Tensor, heads: int, value_BTKD: Tensor | None, gate_BTK: Tensor | None
) -> Tensor:
    """Queries and keys rotated by `cos` and `sin` [T, D / 2] and normed; `gate * value` added to the values.

    Returns the norms' factors [B, T, J], float32. `qkv`, value and gate must be contiguous.
    """
    batch, length, kv_heads, half = _sizes(qkv, heads)
    inverse_rms = torch.empty(batch, length, heads + kv_heads, dtype=torch.float32, device=qkv.device)
    _forward[(triton.cdiv(batch * length, _ROWS),)](
        qkv, inverse_rms, cos, sin, value_BTKD, gate_BTK, batch * length, length, _EPS,
        TURNING=heads + kv_heads, KV_HEADS=kv_heads, HALF=half, ROWS=_ROWS,
        GATED=value_BTKD is not None, num_warps=_WARPS,
    )  # fmt: skip
    return inverse_rms


def turn_back_in_place(
    grad: Tensor, qkv: Tensor, inverse_rms: Tensor, cos: Tensor, sin: Tensor, heads: int,
    value_BTKD: Tensor | None, gate_BTK: Tensor | None,
) -> tuple[Tensor | None, Tensor | None]:  # fmt: skip
    """`grad` [B, T, H + 2K, D] by what `turn_in_place` wrote becomes the gradient by what it found.

    Returns the gradients of value and gate.
    """
    batch, length, kv_heads, half = _sizes(qkv, heads)
    value_grad = None if value_BTKD is None else torch.empty_like(value_BTKD)
    gate_grad = None if gate_BTK is None else torch.empty_like(gate_BTK)
    _backward[(triton.cdiv(batch * length, _ROWS),)](
        grad, qkv, inverse_rms, cos, sin, value_BTKD, gate_BTK, value_grad, gate_grad, batch * length, length,
        TURNING=heads + kv_heads, KV_HEADS=kv_heads, HALF=half, ROWS=_ROWS,
        GATED=value_BTKD is not None, num_warps=_WARPS,
    )  # fmt: skip
    return value_grad, gate_grad


def _sizes(qkv: Tensor, heads: int) -> tuple[int, int, int, int]:
    batch, length, every, head_dim = qkv.shape
    return batch, length, (every - heads) // 2, head_dim // 2
