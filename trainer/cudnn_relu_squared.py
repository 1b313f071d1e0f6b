"""The gradient of relu(x W1ᵀ)² as cuDNN fuses it: a matrix product, times 2 √h where it is written.

At the power limit its best plan takes 1.22 ms for 131,072 tokens (768 -> 3,072, bf16, H100), Triton's kernel
1.31; which plan is best must be measured (`trainer.choice`). Shape suffixes: N tokens, C width, M hidden
units.
"""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

import torch
from torch import Tensor

from trainer import cudnn_graph
from trainer.choice import Way
from trainer.cudnn_graph import Plans, new_graph

# The library lists the likely ones first, and each takes 0.4 s to compile.
_MOST_PLANS = 6


def name(grad_NC: Tensor, down_CM: Tensor) -> str:
    """Equal for factors that one choice is for."""
    sizes = "x".join(map(str, (*grad_NC.shape, down_CM.size(1))))
    return f"{torch.backends.cudnn.version()} relu² gradient {sizes}"  # type: ignore[no-untyped-call]


def inner_gradients(grad_NC: Tensor, down_CM: Tensor) -> Sequence[Way[Tensor]]:
    """Ways from (grad_NC, down_CM, h_NM) to `grad down · 2 √h` [N, M]; none where cuDNN has none."""
    if not cudnn_graph.is_available():
        return []
    try:
        plans = _plans(*grad_NC.shape, down_CM.size(1), grad_NC.dtype, grad_NC.get_device())
    except RuntimeError:
        return []
    return [partial(_run, plans, number) for number in range(min(plans.count, _MOST_PLANS))]


def _run(plans: Plans, number: int, grad_NC: Tensor, down_CM: Tensor, hidden_NM: Tensor) -> Tensor:
    out_NM = torch.empty_like(hidden_NM)
    plans.run(number, [grad_NC, down_CM, hidden_NM, out_NM])
    return out_NM


@lru_cache(maxsize=8)
def _plans(tokens: int, width: int, hidden: int, dtype: torch.dtype, device_index: int) -> Plans:
    graph = new_graph(dtype, device_index)
    sizes = ((tokens, width), (width, hidden), (tokens, hidden))
    grad, down, kept = (_matrix(graph, *size) for size in sizes)
    root = graph.sqrt(kept)
    out = graph.mul(graph.matmul(grad, down), graph.add(root, root))
    out.set_output(True).set_dim((1, tokens, hidden)).set_stride((tokens * hidden, hidden, 1))
    return Plans(graph, [grad, down, kept, out], device_index)


def _matrix(graph: Any, rows: int, columns: int) -> Any:
    return graph.tensor(dim=(1, rows, columns), stride=(rows * columns, columns, 1))
