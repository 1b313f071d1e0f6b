"""A projection as an operator: what it adds to, and all its gradients."""

import pytest
import torch
from torch import Tensor

from trainer.kernels.products.projection import linear


def _inputs() -> tuple[Tensor, Tensor, Tensor]:
    x, weight, onto = torch.randn(6, 4), torch.randn(3, 4), torch.randn(6, 3)
    return x.requires_grad_(), weight.requires_grad_(), onto.requires_grad_()


@pytest.mark.parametrize("adds", [False, True])
def test_the_operator_is_the_plain_formula(adds: bool) -> None:
    x, weight, onto = _inputs()
    out = linear(x, weight, onto if adds else None, False)[0]
    plain = x @ weight.T + (onto if adds else 0.0)
    assert torch.allclose(out, plain, atol=1e-6)
    wanted = (x, weight, onto) if adds else (x, weight)
    grad = torch.randn_like(out)
    ours = torch.autograd.grad(out, wanted, grad)
    for one, other in zip(ours, torch.autograd.grad(plain, wanted, grad), strict=True):
        assert torch.allclose(one, other, atol=1e-5)


def test_what_is_added_to_stays_as_it_was() -> None:
    x, weight, onto = _inputs()
    before = onto.detach().clone()
    linear(x, weight, onto, False)
    assert torch.equal(onto, before)
