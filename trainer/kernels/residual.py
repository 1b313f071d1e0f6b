"""The residual stream mixed with the embedding, and its norm, on a GPU: the gradient in one reading.

The compiler sums over all tokens, for the two factors' gradients, partly apart from the norm's gradient, and
keeps the stream before the mix for them alone. Here each program sums what it has in hand. Shape
suffixes: N tokens, C width.
"""

from typing import Any

import torch
import torch.nn.functional as F
import triton
import triton.language as tl
from torch import Tensor

_EPS = 1e-6
_ROWS, _WARPS = 16, 4  # rows a program
# The stream before the mix is what came out, less the embedding, over its factor, and the embedding's
# gradient is in proportion to the stream's; this near 0 both are lost.
_LEAST_FACTOR = 1e-4


@triton.jit  # type: ignore[untyped-decorator]
def _mix_norm_back(  # type: ignore[no-untyped-def]
    norm_grad, mixed_grad, mixed, start, factors, out_grad, sums, tokens, width, eps,
    ROWS: tl.constexpr, COLUMNS: tl.constexpr,
):  # fmt: skip
    column = tl.arange(0, COLUMNS)
    keep = tl.load(factors)
    by_mixed, by_start = tl.zeros([COLUMNS], tl.float32), tl.zeros([COLUMNS], tl.float32)
    first = tl.program_id(0).to(tl.int64) * ROWS
    for row in range(ROWS):
        inside = column < tl.where(first + row < tokens, width, 0)
        place = (first + row) * width + column
        x = tl.load(mixed + place, mask=inside, other=0.0).to(tl.float32)
        x0 = tl.load(start + place, mask=inside, other=0.0).to(tl.float32)
        change = tl.load(norm_grad + place, mask=inside, other=0.0).to(tl.float32)
        inverse = tl.rsqrt(tl.sum(x * x, axis=0) / width + eps)
        along = tl.sum(change * x, axis=0) / width * inverse * inverse
        change = (change - x * along) * inverse
        change += tl.load(mixed_grad + place, mask=inside, other=0.0).to(tl.float32)
        by_mixed += change * x
        by_start += change * x0
        tl.store(out_grad + place, (change * keep).to(out_grad.dtype.element_ty), mask=inside)
    tl.store(sums + 2 * tl.program_id(0), tl.sum(by_mixed, axis=0))
    tl.store(sums + 2 * tl.program_id(0) + 1, tl.sum(by_start, axis=0))


@torch.library.custom_op("harness::mix_norm_back", mutates_args=())
def mix_norm_back(
    norm_grad: Tensor, mixed_grad: Tensor, mixed: Tensor, start: Tensor, factors: Tensor
) -> tuple[Tensor, Tensor]:
    """Gradients of x [N, C] and of both factors [2].

    All [N, C], contiguous, but `factors` [2], float32.
    """
    tokens, width = mixed.shape
    norm_grad, mixed_grad, out_grad = norm_grad.contiguous(), mixed_grad.contiguous(), torch.empty_like(mixed)
    programs = triton.cdiv(tokens, _ROWS)
    sums = torch.empty(programs, 2, dtype=torch.float32, device=mixed.device)
    _mix_norm_back[(programs,)](
        norm_grad, mixed_grad, mixed, start, factors, out_grad, sums, tokens, width, _EPS,
        ROWS=_ROWS, COLUMNS=triton.next_power_of_2(width), num_warps=_WARPS,
    )  # fmt: skip
    by_mixed, by_start = sums.sum(0).unbind()
    by_x = (by_mixed - factors[1] * by_start) / _away_from_zero(factors[0])
    return out_grad, torch.stack((by_x, by_start))


@mix_norm_back.register_fake
def _(
    norm_grad: Tensor, mixed_grad: Tensor, mixed: Tensor, start: Tensor, factors: Tensor
) -> tuple[Tensor, Tensor]:
    return torch.empty_like(mixed), torch.empty_like(factors)


def _away_from_zero(factor: Tensor) -> Tensor:
    size = factor.abs().clamp_min(_LEAST_FACTOR)
    return torch.where(factor < 0, -size, size)


class _MixNorm(torch.autograd.Function):
    """Plain in the forward pass, so that the compiler fuses it with what comes before."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, start: Tensor, factors: Tensor) -> tuple[Tensor, Tensor]:
        mixed = factors[0] * x + factors[1] * start
        ctx.save_for_backward(mixed, start, factors)
        return mixed, F.rms_norm(mixed, (mixed.size(-1),), eps=_EPS)

    @staticmethod
    def backward(ctx: Any, mixed_grad: Tensor, norm_grad: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        mixed, start, factors = ctx.saved_tensors
        flat = [t.reshape(-1, t.size(-1)) for t in (norm_grad, mixed_grad, mixed, start)]
        x_grad, factor_grads = mix_norm_back(*flat, factors)
        x_grad = x_grad.view_as(mixed)
        # In proportion: all layers' are added up at once by the compiler, instead of one by one here.
        return x_grad, x_grad * (factors[1] / _away_from_zero(factors[0])), factor_grads


def mix_norm(x: Tensor, start: Tensor, factors: Tensor) -> tuple[Tensor, Tensor]:
    """`factors[0] * x + factors[1] * start`, and its norm; bf16 [..., C]."""
    # The compiler takes no tensor twice, as the first layer would give it.
    mixed, normed = _MixNorm.apply(x.clone() if x is start else x, start, factors)
    return mixed, normed
