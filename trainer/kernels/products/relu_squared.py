"""The ReLU² MLP on a GPU: the square and its gradient are taken where the matrix products write.

h = relu(x W1ᵀ)² is kept and relu(x W1ᵀ) is not: the gradient's factor 2 relu is 2 √h. On one H200 (65,536
tokens, 768 -> 3,072, bf16) the first product takes 0.43 ms with the square, 0.62 by two kernels; the
gradient's 0.58 and 0.74. Where quack's kernels are faster they do it. Shape suffixes: N tokens, C width, M
hidden units.
"""

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor
from triton.tools.tensor_descriptor import TensorDescriptor

from trainer.kernels.choice import LEAST_FLOP, Way, by_fastest
from trainer.kernels.cute import QUACK, calling, version
from trainer.kernels.products.tuned import mm

_TOKENS, _HIDDEN, _DEPTH, _GROUP = 128, 256, 64, 8  # a tile, and how many tiles of tokens share weights
_WARPS, _STAGES, _STAGES_GRADIENT = 8, 4, 3


@triton.jit  # type: ignore[untyped-decorator]
def _product(  # type: ignore[no-untyped-def]
    x, weight, kept, out, tokens, hidden, width, TOKENS: tl.constexpr, HIDDEN: tl.constexpr,
    DEPTH: tl.constexpr, GROUP: tl.constexpr, PROGRAMS: tl.constexpr, GRADIENT: tl.constexpr,
):  # fmt: skip
    """out = relu(x weightᵀ)², or x weight · 2 √kept; each program takes every PROGRAMS-th tile."""
    rows, columns = tl.cdiv(tokens, TOKENS), tl.cdiv(hidden, HIDDEN)
    for tile in tl.range(tl.program_id(0), rows * columns, PROGRAMS, flatten=True):
        first = tile // (GROUP * columns) * GROUP
        group = tl.minimum(rows - first, GROUP)
        row = (first + tile % group) * TOKENS
        column = (tile % (GROUP * columns)) // group * HIDDEN
        total = tl.zeros((TOKENS, HIDDEN), tl.float32)
        for step in range(tl.cdiv(width, DEPTH)):
            part = x.load([row, step * DEPTH])
            if GRADIENT:
                total = tl.dot(part, weight.load([step * DEPTH, column]), total)
            else:
                total = tl.dot(part, weight.load([column, step * DEPTH]).T, total)
        # Written by halves, which take less shared memory.
        left, right = tl.split(tl.permute(tl.reshape(total, (TOKENS, 2, HIDDEN // 2)), (0, 2, 1)))
        if GRADIENT:
            left *= 2.0 * tl.sqrt(kept.load([row, column]).to(tl.float32))
            out.store([row, column], left.to(out.dtype))
            right *= 2.0 * tl.sqrt(kept.load([row, column + HIDDEN // 2]).to(tl.float32))
        else:
            left = tl.maximum(left, 0.0)
            out.store([row, column], (left * left).to(out.dtype))
            right = tl.maximum(right, 0.0)
            right *= right
        out.store([row, column + HIDDEN // 2], right.to(out.dtype))


def _hidden(x_NC: Tensor, up_MC: Tensor) -> Tensor:
    """relu(x upᵀ)² [N, M], by the fastest."""
    return _fastest("relu²", _hidden_by_triton, _hidden_by_quack, up_MC.size(0), x_NC, up_MC)


def _inner_gradient(grad_NC: Tensor, down_CM: Tensor, hidden_NM: Tensor) -> Tensor:
    """The gradient [N, M] of what the ReLU squares, by the fastest."""
    ways = _inner_gradient_by_triton, _inner_gradient_by_quack
    return _fastest("relu² gradient", *ways, down_CM.size(1), grad_NC, down_CM, hidden_NM)


def _fastest(kind: str, plain: Way[Tensor], other: Way[Tensor], hidden: int, *factors: Tensor) -> Tensor:
    first, quack = factors[0], version(QUACK)
    if quack is None or 2.0 * first.numel() * hidden < LEAST_FLOP:
        return plain(*factors)
    name = f"{quack} {kind} {'x'.join(map(str, (*first.shape, hidden)))}"
    return by_fastest(name, plain, lambda: [other], first.get_device(), *factors)


def _hidden_by_triton(x_NC: Tensor, up_MC: Tensor) -> Tensor:
    weight = TensorDescriptor.from_tensor(up_MC, [_HIDDEN, _DEPTH])
    return _run(x_NC, weight, up_MC.size(0), None, _STAGES)


def _hidden_by_quack(x_NC: Tensor, up_MC: Tensor) -> Tensor:
    with calling():
        from trainer.kernels.products import relu_squared_quack as quack_relu_squared

        return quack_relu_squared.hidden(x_NC, up_MC)


def _inner_gradient_by_triton(grad_NC: Tensor, down_CM: Tensor, hidden_NM: Tensor) -> Tensor:
    weight = TensorDescriptor.from_tensor(down_CM, [_DEPTH, _HIDDEN])
    return _run(grad_NC, weight, down_CM.size(1), hidden_NM, _STAGES_GRADIENT)


def _inner_gradient_by_quack(grad_NC: Tensor, down_CM: Tensor, hidden_NM: Tensor) -> Tensor:
    with calling():
        from trainer.kernels.products import relu_squared_quack as quack_relu_squared

        return quack_relu_squared.inner_gradient(grad_NC, down_CM, hidden_NM)


def _run(x_NC: Tensor, weight: TensorDescriptor, hidden: int, kept_NM: Tensor | None, stages: int) -> Tensor:
    tokens, width = x_NC.shape
    out_NM = torch.empty(tokens, hidden, dtype=x_NC.dtype, device=x_NC.device)
    half = [_TOKENS, _HIDDEN // 2]
    out = TensorDescriptor.from_tensor(out_NM, half)
    kept = out if kept_NM is None else TensorDescriptor.from_tensor(kept_NM, half)
    programs = torch.cuda.get_device_properties(x_NC.device).multi_processor_count
    _product[(programs,)](
        TensorDescriptor.from_tensor(x_NC, [_TOKENS, _DEPTH]), weight, kept, out, tokens, hidden, width,
        TOKENS=_TOKENS, HIDDEN=_HIDDEN, DEPTH=_DEPTH, GROUP=_GROUP, PROGRAMS=programs,
        GRADIENT=kept_NM is not None, num_warps=_WARPS, num_stages=stages,
    )  # fmt: skip
    return out_NM


@torch.library.custom_op("harness::relu_squared_mlp", mutates_args=())
def relu_squared_mlp(x_NC: Tensor, up_MC: Tensor, down_CM: Tensor) -> tuple[Tensor, Tensor]:
    """relu(x upᵀ)² downᵀ, and the hidden layer; contiguous, bf16, C and M multiples of 8."""
    hidden_NM = _hidden(x_NC, up_MC)
    return mm(hidden_NM, down_CM.T), hidden_NM


@relu_squared_mlp.register_fake
def _(x_NC: Tensor, up_MC: Tensor, down_CM: Tensor) -> tuple[Tensor, Tensor]:
    return x_NC.new_empty((x_NC.size(0), down_CM.size(0))), x_NC.new_empty((x_NC.size(0), up_MC.size(0)))


@torch.library.custom_op("harness::relu_squared_mlp_backward", mutates_args=())
def relu_squared_mlp_backward(
    grad_NC: Tensor, x_NC: Tensor, up_MC: Tensor, down_CM: Tensor, hidden_NM: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients of x, up and down."""
    grad_NC = grad_NC.contiguous()
    inner_NM = _inner_gradient(grad_NC, down_CM, hidden_NM)
    return mm(inner_NM, up_MC), mm(inner_NM.T, x_NC), mm(grad_NC.T, hidden_NM)


@relu_squared_mlp_backward.register_fake
def _(
    grad_NC: Tensor, x_NC: Tensor, up_MC: Tensor, down_CM: Tensor, hidden_NM: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    return x_NC.new_empty(x_NC.shape), up_MC.new_empty(up_MC.shape), down_CM.new_empty(down_CM.shape)


def _save(ctx: Any, inputs: tuple[Tensor, ...], output: tuple[Tensor, Tensor]) -> None:
    ctx.save_for_backward(*inputs, output[1])


def _backward(ctx: Any, grad: Tensor, _hidden: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    gradients: tuple[Tensor, Tensor, Tensor] = relu_squared_mlp_backward(grad, *ctx.saved_tensors)
    return gradients


relu_squared_mlp.register_autograd(_backward, setup_context=_save)
