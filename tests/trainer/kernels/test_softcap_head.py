"""Head and loss in one: the plain formula's loss and gradients, whatever the rows, the cap and the dtype."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.kernels.softcap_head import SoftcapHeadLoss, TileSize, softcap_losses
from trainer.tokens import IGNORE


def plain(x: torch.Tensor, weight: torch.Tensor, targets: torch.Tensor, cap: float) -> torch.Tensor:
    logits = cap * torch.tanh((x @ weight.to(x.dtype).T).float() / cap)
    return F.cross_entropy(logits, targets, ignore_index=IGNORE, reduction="sum")


def drawn(rows: int, vocab: int, seed: int, dtype: torch.dtype) -> tuple[torch.Tensor, ...]:
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(rows, 16, generator=g).to(dtype).requires_grad_()
    weight = torch.randn(vocab, 16, generator=g).requires_grad_()
    targets = torch.randint(vocab, (rows,), generator=g)
    targets[torch.rand(rows, generator=g) < 0.2] = IGNORE
    return x, weight, targets


def gradients(loss: torch.Tensor, x: torch.Tensor, weight: torch.Tensor) -> tuple[torch.Tensor, ...]:
    return torch.autograd.grad(3.0 * loss, (x, weight))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 40), st.integers(2, 300), st.integers(0, 999), st.sampled_from([2.0, 15.0, 40.0]),
    st.integers(1, 5000), st.integers(1, 400),
)  # fmt: skip
def test_loss_and_gradients_are_those_of_the_plain_formula(
    rows: int, vocab: int, seed: int, cap: float, cached: int, columns: int
) -> None:
    x, weight, targets = drawn(rows, vocab, seed, torch.float32)
    ours = SoftcapHeadLoss.apply(x, weight, targets, cap, IGNORE, TileSize(columns, cached))
    theirs = plain(x, weight, targets, cap)
    assert torch.allclose(ours, theirs, rtol=1e-5, atol=1e-5)
    for one, other in zip(gradients(ours, x, weight), gradients(theirs, x, weight), strict=True):
        assert torch.allclose(one, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("cap", [5.0, 15.0])
def test_in_bf16_it_is_as_near_to_float32_as_the_plain_formula(cap: float) -> None:
    x, weight, targets = drawn(256, 500, 1, torch.bfloat16)
    exact_x = x.detach().float().requires_grad_()
    exact = gradients(plain(exact_x, weight, targets, cap), exact_x, weight)
    ours = gradients(SoftcapHeadLoss.apply(x, weight, targets, cap, IGNORE), x, weight)
    theirs = gradients(plain(x, weight, targets, cap), x, weight)
    for truth, one, other in zip(exact, ours, theirs, strict=True):
        assert one.dtype == other.dtype
        assert (one.float() - truth).norm() < 1.2 * (other.float() - truth).norm() + 1e-3


def test_rows_without_a_target_get_no_gradient() -> None:
    x, weight, targets = drawn(12, 30, 2, torch.float32)
    grad_x, _ = gradients(SoftcapHeadLoss.apply(x, weight, targets, 15.0, IGNORE), x, weight)
    assert (targets == IGNORE).any()
    assert torch.equal(grad_x.abs().sum(1) == 0.0, targets == IGNORE)


@pytest.mark.parametrize("vocab", [30, 1500])
def test_losses_without_gradients_are_those_of_the_plain_formula(vocab: int) -> None:
    x, weight, targets = (t.detach() for t in drawn(200, vocab, 3, torch.float32))
    logits = 15.0 * torch.tanh(x @ weight.T / 15.0)
    expected = F.cross_entropy(logits, targets, ignore_index=IGNORE, reduction="none")
    assert torch.allclose(softcap_losses(x, weight, targets, 15.0, IGNORE), expected, atol=1e-5)
