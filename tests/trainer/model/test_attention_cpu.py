"""Attention in bf16 on a CPU is exact attention to bf16's precision, by whichever way this CPU takes."""

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from trainer.model.attention import _by_products, causal_attention, kernel_for, window_mask


def _by_products_BTHD(q: Tensor, k: Tensor, v: Tensor, window: int, scale: float) -> Tensor:
    heads_first = (x.transpose(1, 2) for x in (q, k, v))
    return _by_products(*heads_first, window, scale).transpose(1, 2)


@pytest.mark.parametrize("attend", [causal_attention, _by_products_BTHD])
@pytest.mark.parametrize(("length", "window"), [(48, 48), (48, 5), (33, 1), (7, 100)])
def test_values_and_gradients(attend: Callable[..., Tensor], length: int, window: int) -> None:
    generator = torch.Generator().manual_seed(0)
    ours = [torch.randn(2, length, 3, 16, generator=generator).bfloat16().requires_grad_() for _ in range(3)]
    exact = [t.detach().float().requires_grad_() for t in ours]
    y = attend(*ours, window, 0.25)
    mask = window_mask(length, window, torch.device("cpu"))
    plain = F.scaled_dot_product_attention(*(t.transpose(1, 2) for t in exact), attn_mask=mask, scale=0.25)
    grad = torch.randn(y.shape, generator=generator)
    y.backward(grad.bfloat16())
    plain.transpose(1, 2).backward(grad)
    assert float((y - plain.transpose(1, 2)).detach().norm() / plain.detach().norm()) < 0.01
    for one, other in zip(ours, exact, strict=True):
        assert one.grad is not None and other.grad is not None
        assert float((one.grad - other.grad).norm() / other.grad.norm().clamp_min(1.0)) < 0.02


def test_each_way_is_the_same_compiled() -> None:
    q, k, v = (torch.randn(2, 40, 3, 16).bfloat16() for _ in range(3))
    compiled = torch.compile(causal_attention, backend="aot_eager", fullgraph=True)
    assert torch.allclose(compiled(q, k, v, 9, 0.25), causal_attention(q, k, v, 9, 0.25), atol=2e-2)


@pytest.mark.parametrize("window", [None, 16])
def test_products_pay_for_short_rows_of_bf16_alone(window: int | None) -> None:
    short = torch.zeros(1, 64, 4, 16)
    assert kernel_for(short, 4, window, True) == "SDPA"
    assert kernel_for(short.bfloat16(), 4, window, True) in ("SDPA", "two products")
    assert kernel_for(short.bfloat16(), 2, window, True) == "SDPA"
    assert kernel_for(torch.zeros(1, 2048, 4, 16).bfloat16(), 4, window, True) == "SDPA"
