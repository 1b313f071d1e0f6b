"""Attention's gradients by flash-attn-4's kernels, and the choice between them and cuDNN's.

https://github.com/Dao-AILab/flash-attention. Within a step at depth 12 they take 91 ms, cuDNN's 106 (H100,
docs/logs/gpu_speed.md). The package has no public function for the backward pass alone, so pyproject.toml
names one version; where it is missing or refuses, cuDNN's remain. Shape suffixes as in
`trainer.model.attention`.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from trainer.kernels.attention import cudnn as cudnn_attention
from trainer.kernels.choice import LEAST_FLOP, Way, by_fastest, choices
from trainer.kernels.cute import FLASH_ATTENTION, calling, version

_KIND = "attention gradient"


def fastest_backward(
    grad: Tensor, q: Tensor, k: Tensor, v: Tensor, out: Tensor, stats: Tensor,
    window: int, scale: float, into: tuple[Tensor, Tensor, Tensor],
) -> None:  # fmt: skip
    """`trainer.kernels.attention.cudnn.attention_backward`, by whichever is faster for these shapes."""
    arguments = (grad, q, k, v, out, stats, window, scale, into)
    if 10.0 * q.numel() * min(window, q.size(1)) < LEAST_FLOP:
        return cudnn_attention.attention_backward(*arguments)
    plain = cudnn_attention.attention_backward
    by_fastest(_name(q, k, window), plain, _others, q.get_device(), *arguments)


def attention_backward(
    grad: Tensor, q: Tensor, k: Tensor, v: Tensor, out: Tensor, stats: Tensor,
    window: int, scale: float, into: tuple[Tensor, Tensor, Tensor],
) -> None:  # fmt: skip
    """Gradients of q, k and v, written into the tensors given.

    Raises:
        RuntimeError: where the package does not load, or does not compile these shapes.
    """
    is_full = window >= q.size(1)
    band = {"causal": True} if is_full else {"window_size_left": window - 1, "window_size_right": 0}
    grads = dict(zip(("dq", "dk", "dv"), into, strict=True))
    with calling():
        from flash_attn.cute.interface import _flash_attn_bwd

        _flash_attn_bwd(q, k, v, out, grad, stats.squeeze(-1), softmax_scale=scale, **band, **grads)


def used_backward() -> list[str]:
    """Whose kernels `fastest_backward` uses in this process."""
    numbers = {number for name, number in choices().items() if _KIND in name} or {0}
    return [("cuDNN", FLASH_ATTENTION)[number] for number in sorted(numbers)]


def _others() -> Sequence[Way[None]]:
    return [attention_backward] if version(FLASH_ATTENTION) is not None else []


def _name(q: Tensor, k: Tensor, window: int) -> str:
    """Equal for tensors that one choice is for."""
    versions = f"{torch.backends.cudnn.version()} {version(FLASH_ATTENTION)}"  # type: ignore[no-untyped-call]
    return f"{versions} {_KIND} {_sizes(q)} {_sizes(k)} window {window}"


def _sizes(x: Tensor) -> str:
    return "x".join(map(str, x.shape))
