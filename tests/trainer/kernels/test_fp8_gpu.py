"""On a Hopper GPU: fp8 products, and the sums of a table's rows, against the plain formulas."""

import copy
from collections.abc import Iterator

import pytest
import torch
import torch.nn.functional as F

from tests.support.model_support import tiny_model
from trainer.job import ModelSpec, PretrainJob
from trainer.model.gpt import GPT
from trainer.model.precision import set_precision
from trainer.sizing.shape import resolve_model
from trainer.training.loss import loss_sum_of

HOPPER = torch.cuda.is_available() and torch.cuda.get_device_capability()[0] == 9
pytestmark = pytest.mark.skipif(not HOPPER, reason="needs a Hopper GPU")
VOCAB_SIZE = 1024


def _far(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one.float() - other.float()).norm() / other.float().norm())


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e3])
def test_rounding_to_fp8_is_as_fine_as_the_format(size: float) -> None:
    from trainer.kernels.products.fp8_triton import E4M3, E5M2, quantize

    x = (size * torch.randn(2048, 400, device="cuda")).bfloat16()
    for dtype, error in ((E4M3, 0.03), (E5M2, 0.06)):
        both = quantize(x, dtype)
        assert torch.equal(both.rows.view(torch.uint8).T, both.columns.view(torch.uint8))
        assert _far(both.rows.float() * both.inverse_scale, x) < error


def test_a_linear_layer_in_fp8() -> None:
    from trainer.kernels.products.projection import linear

    x = torch.randn(2048, 256, device="cuda").bfloat16().requires_grad_()
    weight = (0.06 * torch.randn(512, 256, device="cuda")).bfloat16().requires_grad_()
    plain = [t.detach().float().requires_grad_() for t in (x, weight)]
    grad = 1e-6 * torch.randn(2048, 512, device="cuda")
    y, y_plain = linear(x, weight, None, True)[0], F.linear(*plain)
    y.backward(grad.bfloat16())
    y_plain.backward(grad)
    assert _far(y, y_plain) < 0.05
    for one, other in zip((x, weight), plain, strict=True):
        assert one.grad is not None and other.grad is not None
        assert _far(one.grad, other.grad) < 0.08


@pytest.mark.parametrize("dtype", ["bf16", "fp8"])
def test_a_training_pass(dtype: str) -> None:
    """Compiled, all products in `dtype`: the loss, and how far gradients are from float32's."""
    sizes = {"depth": 2, "width": 256, "head_dim": 64, "sequence_len": 512, "bigram_tables": 2}
    config = resolve_model(ModelSpec.model_validate(sizes), VOCAB_SIZE)
    plain = tiny_model(config, noise=0.03).cuda()
    model = copy.deepcopy(plain)
    set_precision(PretrainJob(kind="pretrain", tokenizer="none", dtype=dtype), model)
    tokens = torch.randint(VOCAB_SIZE, (4, 512), device="cuda") ** 2 // VOCAB_SIZE
    targets = tokens.roll(-1, 1)
    torch.compiler.reset()
    loss = torch.compile(loss_sum_of(model), dynamic=False)(tokens, targets)
    exact = plain.loss_per_token(tokens, targets).sum()
    loss.backward()
    exact.backward()
    assert abs(float((loss / exact).detach()) - 1.0) < (1e-3 if dtype == "bf16" else 5e-3)
    far = {name: _far(one, other) for name, one, other in _gradients(model, plain)}
    assert max(far.values()) < (0.05 if dtype == "bf16" else 0.25), far


def _gradients(one: GPT, other: GPT) -> Iterator[tuple[str, torch.Tensor, torch.Tensor]]:
    """Of both models, matrix by matrix; those of the factors, in which most cancels, side by side as one."""
    factors: list[tuple[torch.Tensor, torch.Tensor]] = []
    for (name, ours), theirs in zip(one.named_parameters(), other.parameters(), strict=True):
        assert ours.grad is not None and theirs.grad is not None
        if ours.ndim > 1:
            yield name, ours.grad, theirs.grad
        else:
            factors.append((ours.grad, theirs.grad))
    ours_all, theirs_all = (torch.cat(side) for side in zip(*factors, strict=True))
    yield "factors", ours_all, theirs_all
