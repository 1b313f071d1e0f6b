"""A matrix product inside a larger operator, with bf16 or with fp8 operands.

An operator cannot return its inputs: in bf16 the tensors that `project` keeps are empty, and `x` and
`weight` are what `project_back` reads. Shape suffixes: N tokens, C inputs, O outputs.
"""

from collections.abc import Sequence

from torch import Tensor

from trainer import fp8
from trainer.fp8 import Kept


def project(x_NC: Tensor, weight_OC: Tensor, in_fp8: bool) -> tuple[Tensor, Kept]:
    """x weightᵀ [N, O] in bf16, and what an fp8 product keeps."""
    if in_fp8:
        return fp8.product(x_NC, weight_OC)
    return x_NC @ weight_OC.T, _nothing(x_NC)


def project_back(
    grad_NO: Tensor, operands: tuple[Tensor, Tensor], kept: Sequence[Tensor], bound: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Gradients of x and weight; `bound` is an exact limit of the gradient where one is known."""
    if kept[0].numel():
        x_CN, weight_CO, x_scale, weight_scale = kept
        return fp8.product_back(fp8.gradient(grad_NO, bound), (x_CN, weight_CO, x_scale, weight_scale))
    x_NC, weight_OC = operands
    return grad_NO @ weight_OC, grad_NO.T @ x_NC


def operands_to_save(x: Tensor, weight: Tensor, kept: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """x and weight, or in their place what an fp8 product kept of them."""
    return (kept[0], kept[1]) if kept[0].numel() else (x, weight)


def like_kept(x_NC: Tensor, weight_OC: Tensor, in_fp8: bool) -> Kept:
    """Tensors of the shapes that `project` keeps, for an operator that is only traced."""
    return fp8.empty_kept(x_NC, weight_OC) if in_fp8 else _nothing(x_NC)


def _nothing(x_NC: Tensor) -> Kept:
    one, two, three, four = (x_NC.new_empty(0) for _ in range(4))
    return one, two, three, four
