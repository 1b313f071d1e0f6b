"""Rows of a table on a GPU, and their gradient: one sum a token instead of an atomic addition a value.

Tokens sorted, equal ones lie side by side: the rows of 64 neighbours are summed by one product with a matrix
of ones and zeros, and only what goes on in the next 64 is added atomically. Shape suffixes: N tokens, V rows
of the table, C columns.
"""

from typing import Any

import torch
import torch.nn.functional as F
import triton
import triton.language as tl
from torch import Tensor

_ROWS, _COLUMNS, _WARPS = 64, 128, 4


@triton.jit  # type: ignore[untyped-decorator]
def _sum_rows(  # type: ignore[no-untyped-def]
    grad, order, tokens, out, count, width, ROWS: tl.constexpr, COLUMNS: tl.constexpr
):
    start = tl.program_id(0) * ROWS
    place = start + tl.arange(0, ROWS)
    inside = place < count
    token = tl.load(tokens + place, mask=inside, other=-1)
    before = tl.load(tokens + place - 1, mask=inside & (place > 0), other=-2)
    column = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    source = tl.load(order + place, mask=inside, other=0).to(tl.int64)
    part = inside[:, None] & (column < width)[None, :]
    rows = tl.load(grad + source[:, None] * width + column[None, :], mask=part, other=0.0)
    same = (token[:, None] == token[None, :]).to(rows.dtype)
    total = tl.dot(same, rows, input_precision="ieee")
    first = (token != before) | (place == start)
    came = tl.load(tokens + start - 1, mask=start > 0, other=-2)
    comes = tl.load(tokens + start + ROWS, mask=start + ROWS < count, other=-2)
    complete = (token != came) & (token != comes)
    target = out + token.to(tl.int64)[:, None] * width + column[None, :]
    tl.store(target, total, mask=part & (first & complete)[:, None])
    tl.atomic_add(target, total, mask=part & (first & ~complete)[:, None], sem="relaxed")


@torch.library.custom_op("harness::sum_rows", mutates_args=())
def sum_rows(grad_NC: Tensor, order_N: Tensor, tokens_N: Tensor, rows: int) -> Tensor:
    """The sum [V, C], float32, of each token's rows; `tokens_N` are sorted, and `order_N` says whence."""
    grad_NC = grad_NC.contiguous()
    count, width = grad_NC.shape
    out_VC = torch.zeros(rows, width, dtype=torch.float32, device=grad_NC.device)
    _sum_rows[(triton.cdiv(count, _ROWS), triton.cdiv(width, _COLUMNS))](
        grad_NC, order_N, tokens_N, out_VC, count, width, ROWS=_ROWS, COLUMNS=_COLUMNS, num_warps=_WARPS
    )
    return out_VC


@sum_rows.register_fake
def _(grad_NC: Tensor, order_N: Tensor, tokens_N: Tensor, rows: int) -> Tensor:
    return grad_NC.new_empty((rows, grad_NC.size(1)), dtype=torch.float32)


class _Rows(torch.autograd.Function):
    """Plain in the forward pass, so that the compiler fuses it with what reads the rows."""

    @staticmethod
    def forward(
        ctx: Any, table_VC: Tensor, tokens: Tensor, sorted_N: Tensor, order_N: Tensor, dtype: torch.dtype
    ) -> Tensor:
        ctx.save_for_backward(sorted_N, order_N)
        ctx.rows = table_VC.size(0)
        return F.embedding(tokens, table_VC).to(dtype)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None, None, None]:
        sorted_N, order_N = ctx.saved_tensors
        grad_NC = grad.reshape(-1, grad.size(-1))
        return sum_rows(grad_NC, order_N, sorted_N, ctx.rows), None, None, None, None


def table_rows(table_VC: Tensor, tokens: Tensor, dtype: torch.dtype) -> Tensor:
    """`table_VC[tokens]` in `dtype`. Of the sorts that several tables ask for, the compiler keeps one."""
    sorted_N, order_N = tokens.flatten().int().sort()
    rows: Tensor = _Rows.apply(table_VC, tokens, sorted_N, order_N, dtype)
    return rows
