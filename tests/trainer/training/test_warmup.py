"""A rehearsed step leaves no trace in the model that is trained."""

import torch

from tests.support.model_support import tiny_config, tiny_model, tiny_plan
from trainer.training.loss import loss_sum_of
from trainer.training.warmup import warm_up


def test_weights_and_random_numbers_are_as_before() -> None:
    config = tiny_config()
    model = tiny_model(config, noise=0.1)
    before = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    drawn = torch.random.get_rng_state()
    assert warm_up(model, tiny_plan(config), loss_sum_of(model), rows=2) > 0.0
    assert all(torch.equal(parameter, before[name]) for name, parameter in model.named_parameters())
    assert all(parameter.grad is None for parameter in model.parameters())
    assert torch.equal(torch.random.get_rng_state(), drawn)


def test_both_kinds_of_pass_and_an_optimizer_step_are_rehearsed() -> None:
    model, config = tiny_model(noise=0.1), tiny_config()
    fresh: list[bool] = []
    aliased: list[bool] = []
    plain = loss_sum_of(model)

    def loss_sum(tokens_BT: torch.Tensor, targets_BT: torch.Tensor) -> torch.Tensor:
        fresh.append(model.lm_head.weight.grad is None)
        aliased.append(tokens_BT is targets_BT)
        return plain(tokens_BT, targets_BT)

    warm_up(model, tiny_plan(config), loss_sum, rows=2)
    assert fresh == [True, False]
    assert not any(aliased), "compiled for one tensor as both, and again for two"
