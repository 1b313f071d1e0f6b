"""One layer's projections to q, k and v, rotation, norm and attention on a GPU, as one operator.

The product of all three is turned in place and read by the attention where it lies; its gradient is
written where the turning back reads it. Shapes as in `trainer.model.attention`; O: the product's outputs.
"""

from typing import Any

import torch
from torch import Tensor

from trainer.kernels.attention.cudnn import attention
from trainer.kernels.attention.flash import fastest_backward
from trainer.kernels.attention.rotary import turn_back_in_place, turn_in_place
from trainer.kernels.products.projection import like_kept, operands_to_save, project, project_back


@torch.library.custom_op("harness::fused_attention", mutates_args=())
def fused_attention(
    x_BTC: Tensor, weight_OC: Tensor, cos: Tensor, sin: Tensor, value_BTKD: Tensor | None,
    gate_BTK: Tensor | None, heads: int, head_dim: int, window: int, scale: float, fp8: bool,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    """Attention [B, T, H, D] to the last `window` keys, of x by its projections in one `weight_OC`.

    cos and sin: [T, D / 2], float32. The values gain `gate * value` where given. bf16 in and out.
    The other results are for the backward pass.
    """
    qkv, kept = project(x_BTC.flatten(0, 1), weight_OC, fp8)
    qkv = qkv.view(*x_BTC.shape[:2], -1, head_dim)
    inverse_rms = turn_in_place(qkv, cos, sin, heads, value_BTKD, gate_BTK)
    out, stats = attention(*_parts(qkv, heads), window, scale)
    return out, qkv, inverse_rms, stats, *kept


@fused_attention.register_fake
def _(
    x_BTC: Tensor, weight_OC: Tensor, cos: Tensor, sin: Tensor, value_BTKD: Tensor | None,
    gate_BTK: Tensor | None, heads: int, head_dim: int, window: int, scale: float, fp8: bool,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    (batch, length, _), every = x_BTC.shape, weight_OC.size(0) // head_dim
    turning = (every + heads) // 2
    return (
        x_BTC.new_empty((batch, length, heads, head_dim)),
        x_BTC.new_empty((batch, length, every, head_dim)),
        x_BTC.new_empty((batch, length, turning), dtype=torch.float32),
        x_BTC.new_empty((batch, heads, length, 1), dtype=torch.float32),
        *like_kept(x_BTC.flatten(0, 1), weight_OC, fp8),
    )


@torch.library.custom_op("harness::fused_attention_backward", mutates_args=())
def fused_attention_backward(
    grad_BTHD: Tensor, x: Tensor, weight: Tensor, cos: Tensor, sin: Tensor,
    value_BTKD: Tensor | None, gate_BTK: Tensor | None, out: Tensor, qkv: Tensor, inverse_rms: Tensor,
    stats: Tensor, kept: list[Tensor], width: int, window: int, scale: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    """Gradients of x, weight, value and gate (empty where there is none); x and weight as they were saved."""
    heads, grads = out.size(2), torch.empty_like(qkv)
    grad = grad_BTHD.contiguous()
    fastest_backward(grad, *_parts(qkv, heads), out, stats, window, scale, _parts(grads, heads))
    value_grad, gate_grad = turn_back_in_place(grads, qkv, inverse_rms, cos, sin, heads, value_BTKD, gate_BTK)
    x_grad, weight_grad = project_back(grads.flatten(0, 1).flatten(1), (x.view(-1, width), weight), kept)
    none = grad.new_empty(0)
    return (
        x_grad.view(*grad.shape[:2], width),
        weight_grad,
        none if value_grad is None else value_grad,
        none.clone() if gate_grad is None else gate_grad,
    )


@fused_attention_backward.register_fake
def _(
    grad_BTHD: Tensor, x: Tensor, weight: Tensor, cos: Tensor, sin: Tensor,
    value_BTKD: Tensor | None, gate_BTK: Tensor | None, out: Tensor, qkv: Tensor, inverse_rms: Tensor,
    stats: Tensor, kept: list[Tensor], width: int, window: int, scale: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    batch, length, every, head_dim = qkv.shape
    extra = [(0,) if like is None else tuple(like.shape) for like in (value_BTKD, gate_BTK)]
    shapes = [(batch, length, width), (every * head_dim, width), *extra]
    empty = [grad_BTHD.new_empty(shape) for shape in shapes]
    return empty[0], empty[1], empty[2], empty[3]


def _parts(qkv: Tensor, heads: int) -> tuple[Tensor, Tensor, Tensor]:
    kv_heads = (qkv.size(2) - heads) // 2
    q, k, v = torch.split(qkv, [heads, kv_heads, kv_heads], dim=2)
    return q, k, v


def _save(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
    x, weight, *others, _heads, _head_dim, ctx.window, ctx.scale, _fp8 = inputs
    ctx.width = x.size(-1)
    ctx.save_for_backward(*operands_to_save(x, weight, output[4:]), *others, *output)


def _backward(ctx: Any, grad: Tensor, *_unused: Tensor) -> tuple[Tensor | None, ...]:
    saved, kept = ctx.saved_tensors[:-4], list(ctx.saved_tensors[-4:])
    grads = fused_attention_backward(grad, *saved, kept, ctx.width, ctx.window, ctx.scale)
    extra = grads[2:] if ctx.saved_tensors[4] is not None else (None, None)
    return grads[0], grads[1], None, None, *extra, None, None, None, None, None


fused_attention.register_autograd(_backward, setup_context=_save)
