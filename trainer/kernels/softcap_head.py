"""Head and softcapped cross-entropy in one for the CPU: logits become their gradient while in cache.

The logits of a pass are the largest tensor of a small model; eagerly each of ten operations reads and
writes all of them, and one product that fills them is slower than many of 1,024 columns. So every tile is
multiplied, turned into its gradient and multiplied back at once. At width 256, 4,096 tokens and a vocabulary
of 32,768 in bf16 that takes two thirds of the time of ten operations on a few whole rows
(docs/logs/gpu_speed.md).
"""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

# Past it exp(cap) is near the end of float32.
LARGEST_CAP = 40.0


class TileSize(NamedTuple):
    """Columns (tokens of the vocabulary) of a product, and logits that two float32 scratch blocks hold."""

    columns: int = 2**10  # of 256 to 2,048 the fastest
    cached_logits: int = 2**17  # both blocks fit a core's second-level cache (2 MiB)


TILE = TileSize()


class SoftcapHeadLoss(torch.autograd.Function):
    """`(x [N, C], weight [V, C], targets [N], cap, ignore)` -> the sum of the losses, float32.

    The loss of a row is the cross-entropy of `cap * tanh(x @ weight.T / cap)`; rows whose target is
    `ignore` count nothing. Products are taken in the dtype of `x`.
    """

    @staticmethod
    def forward(
        ctx: Any,
        x_NC: Tensor,
        weight_VC: Tensor,
        targets_N: Tensor,
        cap: float,
        ignore: int,
        tile: TileSize = TILE,
    ) -> Tensor:
        # Softcapped logits are at most `cap`, so no maximum is needed before the exponentials are summed;
        # dividing by the sum can wait until a row's tiles are done.
        sum_N1, grad_NC, tiles = torch.zeros(len(x_NC), 1), torch.zeros(x_NC.shape), []
        for head_KC, z_NK in _tiles(x_NC, weight_VC, cap, tile.columns):
            sum_N1 += _exponentials(z_NK, cap, tile.cached_logits, with_slope=True)
            grad_NC += z_NK @ head_KC
            tiles.append(z_NK)
        head_NC, squash_N1 = _at_targets(x_NC, weight_VC, targets_N, cap)
        kept_N1 = (targets_N != ignore).float()[:, None]
        share_N1, slope_N1 = kept_N1 / sum_N1, kept_N1 * _slope(squash_N1)
        # Both factors of 2: that of the weights, and 1 - tanh² is 4 slopes.
        grad_NC = grad_NC.mul_(share_N1).addcmul_(head_NC, slope_N1, value=-1.0).mul_(2 * cap).to(x_NC.dtype)
        ctx.save_for_backward(x_NC, targets_N, 4 * share_N1, 4 * slope_N1, grad_NC, *tiles)
        ctx.weight_dtype, ctx.columns = weight_VC.dtype, tile.columns
        return ((sum_N1.log() - _capped(squash_N1, cap)) * kept_N1).sum()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, None, None, None, None]:
        x_NC, targets_N, share_N1, slope_N1, grad_x_NC, *tiles = ctx.saved_tensors
        x_CN = (x_NC * (share_N1 * grad)).to(x_NC.dtype).T.contiguous()
        grad_VC = torch.empty(sum(z_NK.size(1) for z_NK in tiles), x_NC.size(1))
        for grad_KC, z_NK in zip(torch.split(grad_VC, ctx.columns), tiles, strict=True):
            grad_KC.copy_((x_CN @ z_NK).T)
        grad_VC.index_add_(0, targets_N.clamp_min(0), x_NC * (slope_N1 * -grad))
        return grad_x_NC * grad.to(x_NC.dtype), grad_VC.to(ctx.weight_dtype), None, None, None, None


def softcap_losses(x_NC: Tensor, weight_VC: Tensor, targets_N: Tensor, cap: float, ignore: int) -> Tensor:
    """The losses [N] in nats, float32, where no gradient is wanted; 0 where the target is `ignore`."""
    sum_N1 = torch.zeros(len(x_NC), 1)
    for _, z_NK in _tiles(x_NC, weight_VC, cap, TILE.columns):
        sum_N1 += _exponentials(z_NK, cap, TILE.cached_logits, with_slope=False)
    _, squash_N1 = _at_targets(x_NC, weight_VC, targets_N, cap)
    return ((sum_N1.log() - _capped(squash_N1, cap))[:, 0]) * (targets_N != ignore)


def _tiles(x_NC: Tensor, weight_VC: Tensor, cap: float, columns: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Some columns' weights · 2 / cap, and their logits · 2 / cap, in the dtype of `x`."""
    for weight_KC in torch.split(weight_VC, columns):
        head_KC = (weight_KC * (2.0 / cap)).to(x_NC.dtype)
        yield head_KC, x_NC @ head_KC.T


def _exponentials(z_NK: Tensor, cap: float, cached_logits: int, with_slope: bool) -> Tensor:
    """Sums [N, 1] of `exp(cap * tanh(z / 2))`, where tanh(z / 2) is 2 sigmoid(z) - 1.

    torch's sigmoid takes 0.21 ns a value and its exp2 0.14 where tanh takes 2.06 and exp 0.61 (AVX-512).
    `with_slope` overwrites `z` with every term times `sigmoid(z) (1 - sigmoid(z))`: a quarter of 1 - tanh².
    """
    rows = min(len(z_NK), max(1, cached_logits // z_NK.size(1)))
    scratch_2RK, sums = torch.empty(2, rows, z_NK.size(1)), []
    least, twice = torch.tensor(-cap * math.log2(math.e)), 2 * cap * math.log2(math.e)
    for z_RK in torch.split(z_NK, rows):
        squash_RK, exp_RK = scratch_2RK[:, : len(z_RK)].unbind()
        squash_RK.copy_(z_RK).sigmoid_()
        sums.append(torch.add(least, squash_RK, alpha=twice, out=exp_RK).exp2_().sum(1, keepdim=True))
        if with_slope:
            z_RK.copy_(torch.ops.aten.sigmoid_backward.grad_input(exp_RK, squash_RK, grad_input=exp_RK))
    return torch.cat(sums)


def _at_targets(x_NC: Tensor, weight_VC: Tensor, targets_N: Tensor, cap: float) -> tuple[Tensor, Tensor]:
    """The targets' weights · 2 / cap [N, C], and sigmoid of their logits · 2 / cap [N, 1], float32."""
    head_NC = (weight_VC[targets_N.clamp_min(0)] * (2.0 / cap)).to(x_NC.dtype).float()
    z_N1 = (x_NC * head_NC).sum(1, keepdim=True)
    return head_NC, z_N1.to(x_NC.dtype).float().sigmoid_()


def _capped(squash: Tensor, cap: float) -> Tensor:
    """The softcapped logit."""
    return cap * (2.0 * squash - 1.0)


def _slope(squash: Tensor) -> Tensor:
    return squash * (1.0 - squash)
