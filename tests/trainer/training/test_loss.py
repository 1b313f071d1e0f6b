"""The loss that training differentiates: with its passes compiled it has the gradients it has without."""

import pytest
import torch

from tests.support.model_support import random_tokens, tiny_config, tiny_model, tiny_plan
from trainer.model.gpt import GPT
from trainer.optim.optimizer import build_optimizer
from trainer.training.compilation import can_compile
from trainer.training.loss import LossSum, loss_sum_of

STEPS, PASSES = 3, 2
needs_compiler = pytest.mark.skipif(
    not can_compile(torch.device("cpu")), reason="compiling for a CPU needs a C++ compiler"
)
Gradients = dict[str, torch.Tensor]


def trained(dtype: torch.dtype, compiled: bool) -> list[Gradients]:
    """The summed gradients of each step, from the same weights: those of eager float32 training."""
    model = tiny_model(tiny_config(depth=2), noise=0.1)
    loss_sum = loss_sum_of(model)
    optimizer = build_optimizer(model, tiny_plan(model.config))
    measured = torch.compile(loss_sum, dynamic=False) if compiled else loss_sum
    found = []
    for step in range(STEPS):
        found.append(gradients(model, measured, dtype, step))
        gradients(model, loss_sum, torch.float32, step)
        optimizer.step(1.0, 0.1)
    return found


def gradients(model: GPT, loss_sum: LossSum, dtype: torch.dtype, step: int) -> Gradients:
    model.compute_dtype = dtype
    model.zero_grad(set_to_none=True)
    for seed in range(PASSES):
        tokens = random_tokens(8, 17, seed=10 * step + seed)
        loss_sum(tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous()).backward()
    return {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}


def worst(found: list[Gradients], exact: list[Gradients], least_dimensions: int = 0) -> float:
    """The largest error of a parameter in any step, relative to its gradient (a scalar's: at least 0.2)."""
    return max(
        float((one[name] - truth[name]).norm() / truth[name].norm().clamp_min(0.2 * (truth[name].ndim < 2)))
        for one, truth in zip(found, exact, strict=True)
        for name in truth
        if truth[name].ndim >= least_dimensions
    )


@needs_compiler
def test_compiled_passes_have_the_gradients_of_eager_ones() -> None:
    exact = trained(torch.float32, compiled=False)
    assert exact[0].keys() == dict(GPT(tiny_config(depth=2)).named_parameters()).keys()
    eager, compiled = (trained(torch.bfloat16, compiled) for compiled in (False, True))
    assert worst(compiled, exact, 2) < 1.2 * worst(eager, exact, 2)
    # The residual stream's scalars are sums that nearly cancel: eagerly they are off by a tenth.
    assert worst(compiled, exact) < 0.3


def test_without_gradients_the_loss_is_the_same() -> None:
    model = tiny_model(noise=0.1)
    tokens = random_tokens(4, 16)
    with_gradients = loss_sum_of(model)(tokens, tokens.roll(-1, 1)).detach()
    with torch.no_grad():
        assert torch.allclose(loss_sum_of(model)(tokens, tokens.roll(-1, 1)), with_gradients)
        plain = model.loss_per_token(tokens, tokens.roll(-1, 1)).sum()
    assert torch.allclose(with_gradients, plain)
