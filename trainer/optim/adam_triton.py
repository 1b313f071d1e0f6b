"""AdamW on a GPU, which reads its rates there: torch's takes weight decay only as a constant of the call."""

from collections.abc import Sequence

import torch
import triton
import triton.language as tl
from torch import Tensor

from trainer.optim.adam import EPS, FusedAdamW, Moments

_BLOCK = 1024


@triton.jit  # type: ignore[untyped-decorator]
def _adamw(  # type: ignore[no-untyped-def]
    weights, gradient, mean, square, rates, correction, mean_share, square_share, eps, size,
    BLOCK: tl.constexpr,
):  # fmt: skip
    place = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = place < size
    lr, decay = tl.load(rates), tl.load(rates + 1)
    now = tl.load(gradient + place, mask=inside)
    weight = tl.load(weights + place, mask=inside)
    before = tl.load(mean + place, mask=inside)
    average = before + (now - before) * mean_share
    squares = tl.load(square + place, mask=inside)
    squares += (now * now - squares) * square_share
    size_of_step = tl.sqrt(squares) / tl.load(correction + 1) + eps
    weight -= lr * decay * weight
    weight -= lr / tl.load(correction) * average / size_of_step
    tl.store(mean + place, average, mask=inside)
    tl.store(square + place, squares, mask=inside)
    tl.store(weights + place, weight, mask=inside)


@torch.no_grad()
def step(groups: Sequence[FusedAdamW], rates_G4: Tensor) -> None:
    """A step of every tensor that has a gradient, with a row of `DeviceRates` for each group.

    The groups have the same betas. Tensors, gradients and moments are contiguous and in float32.
    """
    stepped = [
        (tensor, kept, row)
        for group, row in zip(groups, rates_G4.unbind(0), strict=True)
        for tensor, kept in group.moments.items()
        if tensor.grad is not None
    ]
    if not stepped:
        return
    counts = [kept.step for _, kept, _ in stepped]
    torch._foreach_add_(counts, 1)
    betas = groups[0].betas
    corrections = bias_corrections(torch.stack(counts), *betas)
    for (tensor, kept, row), correction in zip(stepped, corrections.unbind(0), strict=True):
        _update(tensor.detach(), tensor.grad, kept, row, correction, betas)


def _update(
    weights: Tensor, gradient: Tensor | None, kept: Moments, row: Tensor, correction: Tensor,
    betas: tuple[float, float],
) -> None:  # fmt: skip
    assert gradient is not None and weights.is_contiguous()
    size = weights.numel()
    _adamw[(triton.cdiv(size, _BLOCK),)](
        weights, gradient.contiguous(), kept.exp_avg, kept.exp_avg_sq, row, correction,
        1.0 - betas[0], 1.0 - betas[1], EPS, size, BLOCK=_BLOCK,
    )  # fmt: skip


def bias_corrections(counts_N: Tensor, beta1: float, beta2: float) -> Tensor:
    """[N, 4] in float32, each row's address divisible by 16: 1 - beta1^n, and the root of 1 - beta2^n."""
    counts = counts_N.double()
    corrections = torch.ones(len(counts), 4, device=counts.device)
    corrections[:, 0] = 1.0 - torch.pow(beta1, counts)
    corrections[:, 1] = (1.0 - torch.pow(beta2, counts)).sqrt()
    return corrections
