"""A matrix product with bf16 or with fp8 operands: as an operator, and as a part of larger ones.

An operator cannot return its inputs: in bf16 the tensors that `project` keeps are empty, and `x` and
`weight` are what `project_back` reads. Shape suffixes: N tokens, C inputs, O outputs.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from trainer.kernels.products import fp8
from trainer.kernels.products.fp8 import Kept
from trainer.kernels.products.tuned import mm


def project(
    x_NC: Tensor, weight_OC: Tensor, in_fp8: bool, onto_NO: Tensor | None = None
) -> tuple[Tensor, Kept]:
    """x weightᵀ [N, O] in bf16, added to `onto_NO` if given, and what an fp8 product keeps."""
    if in_fp8:
        y_NO, kept = fp8.product(x_NC, weight_OC)
        return y_NO if onto_NO is None else y_NO.add_(onto_NO), kept
    return mm(x_NC, weight_OC.T, onto_NO), _nothing(x_NC)


def project_back(
    grad_NO: Tensor, operands: tuple[Tensor, Tensor], kept: Sequence[Tensor], bound: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Gradients of x and weight; `bound` is an exact limit of the gradient where one is known."""
    if kept[0].numel():
        x_CN, weight_CO, x_scale, weight_scale = kept
        return fp8.product_back(fp8.gradient(grad_NO, bound), (x_CN, weight_CO, x_scale, weight_scale))
    x_NC, weight_OC = operands
    return mm(grad_NO, weight_OC), mm(grad_NO.T, x_NC)


def operands_to_save(x: Tensor, weight: Tensor, kept: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """x and weight, or in their place what an fp8 product kept of them."""
    return (kept[0], kept[1]) if kept[0].numel() else (x, weight)


def like_kept(x_NC: Tensor, weight_OC: Tensor, in_fp8: bool) -> Kept:
    """Tensors of the shapes that `project` keeps, for an operator that is only traced."""
    return fp8.empty_kept(x_NC, weight_OC) if in_fp8 else _nothing(x_NC)


def _nothing(x_NC: Tensor) -> Kept:
    one, two, three, four = (x_NC.new_empty(0) for _ in range(4))
    return one, two, three, four


@torch.library.custom_op("harness::linear", mutates_args=())
def linear(
    x_NC: Tensor, weight_OC: Tensor, onto_NO: Tensor | None, in_fp8: bool
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """`project` as an operator with a gradient; contiguous, bf16, for fp8 all sizes multiples of 16."""
    y_NO, kept = project(x_NC, weight_OC, in_fp8, onto_NO)
    return y_NO, *kept


@linear.register_fake
def _(
    x_NC: Tensor, weight_OC: Tensor, onto_NO: Tensor | None, in_fp8: bool
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    return x_NC.new_empty((x_NC.size(0), weight_OC.size(0))), *like_kept(x_NC, weight_OC, in_fp8)


@torch.library.custom_op("harness::linear_backward", mutates_args=())
def linear_backward(
    grad_NO: Tensor, x: Tensor, weight: Tensor, kept: list[Tensor], inputs: int
) -> tuple[Tensor, Tensor]:
    """Gradients of x and weight, which are as they were saved."""
    return project_back(grad_NO.contiguous(), (x, weight), kept)


@linear_backward.register_fake
def _(grad_NO: Tensor, x: Tensor, weight: Tensor, kept: list[Tensor], inputs: int) -> tuple[Tensor, Tensor]:
    tokens, outputs = grad_NO.shape
    return grad_NO.new_empty((tokens, inputs)), grad_NO.new_empty((outputs, inputs))


def _save(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
    x_NC, weight_OC, onto_NO, _ = inputs
    ctx.inputs, ctx.adds = x_NC.size(1), onto_NO is not None
    ctx.save_for_backward(*operands_to_save(x_NC, weight_OC, output[1:]), *output[1:])


def _backward(ctx: Any, grad: Tensor, *_unused: Tensor) -> tuple[Tensor | None, ...]:
    x, weight, *kept = ctx.saved_tensors
    return *linear_backward(grad, x, weight, kept, ctx.inputs), grad if ctx.adds else None, None


linear.register_autograd(_backward, setup_context=_save)
