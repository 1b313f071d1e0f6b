"""relu(x W1ᵀ)² and its gradient by quack's matrix product, with what is done to each value as it is written.

https://github.com/Dao-AILab/quack. Two groups of warps take turns ("pingpong"): one multiplies a tile while
the other finishes and writes its last. For 131,072 tokens (768 -> 3,072, bf16) an H200 at its power limit
takes 0.89 ms so, 0.99 by Triton's kernel and 0.96 by cuBLAS for the product alone; the gradient 1.05, by
Triton's 1.24 (docs/logs/gpu_speed.md). Of 12 ways to cut the work these tiles were best for both. Import it
within `trainer.kernels.cute.calling`. Shape suffixes: N tokens, C width, M hidden units.
"""

import cutlass.cute as cute
import torch
from quack.activation import relu_sq
from quack.epilogue.frontend import gemm_epilogue
from quack.gemm_config import GemmConfig
from torch import Tensor

_TILES = GemmConfig(
    tile_m=128, tile_n=192, pingpong=True, cluster_m=1, cluster_n=2, is_dynamic_persistent=False,
    device_capacity=9,
)  # fmt: skip


@gemm_epilogue()
def _squared(acc):  # type: ignore[no-untyped-def]
    return {"D": relu_sq(acc)}


@gemm_epilogue()
def _by_slope(acc, c):  # type: ignore[no-untyped-def]
    root = cute.math.sqrt(c, fastmath=True)  # type: ignore[attr-defined]
    return {"D": acc * (root + root)}


def hidden(x_NC: Tensor, up_MC: Tensor) -> Tensor:
    """relu(x upᵀ)² [N, M]."""
    out_NM = torch.empty(x_NC.size(0), up_MC.size(0), dtype=x_NC.dtype, device=x_NC.device)
    _squared(x_NC, up_MC.T, out={"D": out_NM}, config=_TILES)
    return out_NM


def inner_gradient(grad_NC: Tensor, down_CM: Tensor, hidden_NM: Tensor) -> Tensor:
    """grad down · 2 √hidden [N, M]."""
    out_NM = torch.empty_like(hidden_NM)
    _by_slope(grad_NC, down_CM, hidden_NM, out={"D": out_NM}, config=_TILES)
    return out_NM
