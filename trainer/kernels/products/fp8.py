"""Products with fp8 operands on a Hopper GPU: e4m3 forwards, e5m2 for gradients (arXiv 2209.05433).

Each product and its two gradients are `multiply` of operands contiguous along the summed dimension. What a
backward pass reads is kept in fp8. Shape suffixes: N tokens, C inputs, O outputs, M hidden units.
"""

from typing import Any

import torch
from torch import Tensor

from trainer.kernels.products.fp8_triton import E4M3, E5M2, Quantized, quantize, relu_squared_back
from trainer.kernels.products.tuned import scaled_mm

# x and weight by columns, in fp8, and the inverse scale of each: cuBLAS wants those aligned, so not as one.
Kept = tuple[Tensor, Tensor, Tensor, Tensor]


def multiply(a_MK: Tensor, b_NK: Tensor, scale_a: Tensor, scale_b: Tensor, rough: bool) -> Tensor:
    """a bᵀ [M, N] in bf16; `rough` sums are faster, and good enough where another product follows."""
    return scaled_mm(a_MK, b_NK.T, scale_a, scale_b, rough)


def product(x_NC: Tensor, weight_OC: Tensor) -> tuple[Tensor, Kept]:
    """x weightᵀ [N, O], and what `product_back` needs."""
    return _product(quantize(x_NC, E4M3), weight_OC)


def product_back(grad: Quantized, kept: Kept) -> tuple[Tensor, Tensor]:
    """Gradients of x and weight."""
    x_CN, weight_CO, x_scale, weight_scale = kept
    x_grad = multiply(grad.rows, weight_CO, grad.inverse_scale, weight_scale, rough=False)
    return x_grad, multiply(grad.columns, x_CN, grad.inverse_scale, x_scale, rough=False)


def gradient(grad_NO: Tensor, bound: Tensor | None = None) -> Quantized:
    """A gradient as `product_back` reads it."""
    return quantize(grad_NO.contiguous(), E5M2, bound)


def _product(x: Quantized, weight_OC: Tensor) -> tuple[Tensor, Kept]:
    weight = quantize(weight_OC, E4M3)
    y_NO = multiply(x.rows, weight.rows, x.inverse_scale, weight.inverse_scale, rough=True)
    return y_NO, (x.columns, weight.columns, x.inverse_scale, weight.inverse_scale)


def empty_kept(x_NC: Tensor, weight_OC: Tensor) -> Kept:
    """Tensors of the shapes that `product` keeps."""
    (tokens, inputs), outputs = x_NC.shape, weight_OC.size(0)
    return (
        x_NC.new_empty((inputs, tokens), dtype=E4M3),
        x_NC.new_empty((inputs, outputs), dtype=E4M3),
        _scalar(x_NC),
        _scalar(x_NC),
    )


def _scalar(like: Tensor) -> Tensor:
    return like.new_empty((), dtype=torch.float32)


@torch.library.custom_op("harness::fp8_relu_squared_mlp", mutates_args=())
def fp8_relu_squared_mlp(
    x_NC: Tensor, up_MC: Tensor, down_OM: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    """relu(x upᵀ)² downᵀ and x upᵀ; x and up as `product` keeps them; down by columns, and its scale."""
    inner_NM, kept = product(x_NC, up_MC)
    hidden = quantize(inner_NM, E4M3, squared=True, by_column=False)
    y_NO, (_, down_MO, _, down_scale) = _product(hidden, down_OM)
    return y_NO, inner_NM, *kept, down_MO, down_scale


@fp8_relu_squared_mlp.register_fake
def _(
    x_NC: Tensor, up_MC: Tensor, down_OM: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    tokens, (outputs, hidden) = x_NC.size(0), down_OM.shape
    y_NO, inner_NM = x_NC.new_empty((tokens, outputs)), x_NC.new_empty((tokens, hidden))
    down_MO, down_scale = inner_NM.new_empty((hidden, outputs), dtype=E4M3), _scalar(x_NC)
    return y_NO, inner_NM, *empty_kept(x_NC, up_MC), down_MO, down_scale


@torch.library.custom_op("harness::fp8_relu_squared_mlp_backward", mutates_args=())
def fp8_relu_squared_mlp_backward(
    grad_NO: Tensor, inner_NM: Tensor, x_CN: Tensor, up_CM: Tensor, x_scale: Tensor, up_scale: Tensor,
    down_MO: Tensor, down_scale: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Gradients of x, up and down."""
    grad = gradient(grad_NO)
    hidden_grad_NM = multiply(grad.rows, down_MO, grad.inverse_scale, down_scale, rough=False)
    inner_grad, hidden = relu_squared_back(hidden_grad_NM, inner_NM)
    down_grad = multiply(grad.columns, hidden.columns, grad.inverse_scale, hidden.inverse_scale, rough=False)
    return *product_back(inner_grad, (x_CN, up_CM, x_scale, up_scale)), down_grad


@fp8_relu_squared_mlp_backward.register_fake
def _(
    grad_NO: Tensor, inner_NM: Tensor, x_CN: Tensor, up_CM: Tensor, x_scale: Tensor, up_scale: Tensor,
    down_MO: Tensor, down_scale: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    (tokens, outputs), (inputs, hidden) = grad_NO.shape, up_CM.shape
    sizes = ((tokens, inputs), (hidden, inputs), (outputs, hidden))
    empty = [grad_NO.new_empty(size) for size in sizes]
    return empty[0], empty[1], empty[2]


def _save(ctx: Any, inputs: tuple[Tensor, ...], output: tuple[Tensor, ...]) -> None:
    ctx.save_for_backward(*output[1:])


def _backward(ctx: Any, grad: Tensor, *_unused: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    gradients: tuple[Tensor, Tensor, Tensor] = fp8_relu_squared_mlp_backward(grad, *ctx.saved_tensors)
    return gradients


fp8_relu_squared_mlp.register_autograd(_backward, setup_context=_save)
