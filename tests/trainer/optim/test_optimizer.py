"""The optimizer learns, deterministically, with either optimizer for the matrices."""

import copy

import pytest
import torch

from tests.support.model_support import random_tokens, tiny_config, tiny_model, tiny_plan, train_steps
from trainer.job import OptimSpec
from trainer.optim.muon import MuonGroup, orthogonalize
from trainer.optim.optimizer import build_optimizer, parameter_role
from trainer.optim.rates import GroupRates


@pytest.mark.parametrize("block", ["gpt", "llama"])
@pytest.mark.parametrize("matrix_optimizer", ["muon", "adamw"])
def test_a_small_batch_is_learnt_by_heart(block: str, matrix_optimizer: str) -> None:
    config = tiny_config(block=block)
    model = tiny_model(config)
    # The tiny plan's rates are those of the shortest runs: no scaling hides a broken update.
    optimizer = build_optimizer(model, tiny_plan(config, optim=OptimSpec(matrix_optimizer=matrix_optimizer)))
    tokens = random_tokens(4, 16)
    losses = []
    for step in range(60):
        loss = model.loss_per_token(tokens[:, :-1], tokens[:, 1:]).mean()
        loss.backward()
        optimizer.step(1.0, step / 60)
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
    assert losses[0] > 5.0 and losses[-1] < 0.5


@pytest.mark.parametrize("matrix_optimizer", ["muon", "adamw"])
def test_matrices_alone_learn_too(matrix_optimizer: str) -> None:
    """With every other parameter held still, the matrices' own optimizer must bring the loss down."""
    config = tiny_config()
    model = tiny_model(config, noise=0.05)
    optimizer = build_optimizer(model, tiny_plan(config, optim=OptimSpec(matrix_optimizer=matrix_optimizer)))
    still = {n: p.detach().clone() for n, p in model.named_parameters() if parameter_role(n, p) != "matrix"}
    tokens = random_tokens(2, 16)
    losses = []
    for _ in range(40):
        loss = model.loss_per_token(tokens[:, :-1], tokens[:, 1:]).mean()
        loss.backward()
        optimizer.step(1.0, 0.1)
        optimizer.zero_grad()
        with torch.no_grad():
            for name, value in still.items():
                model.get_parameter(name).copy_(value)
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0] - 0.5


def test_equal_starts_end_bitwise_equal() -> None:
    config = tiny_config()
    ends = []
    for _ in range(2):
        model = tiny_model(config)
        train_steps(model, build_optimizer(model, tiny_plan(config)), 4)
        ends.append(model.state_dict())
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


@pytest.mark.parametrize("matrix_optimizer", ["muon", "adamw"])
def test_state_taken_over_continues_bitwise(matrix_optimizer: str) -> None:
    config = tiny_config()
    plan = tiny_plan(config, optim=OptimSpec(matrix_optimizer=matrix_optimizer))
    model = tiny_model(config)
    optimizer = build_optimizer(model, plan)
    train_steps(model, optimizer, 3)
    twin = copy.deepcopy(model)
    other = build_optimizer(twin, plan)
    other.load_state_tensors({name: tensor.clone() for name, tensor in optimizer.state_tensors().items()})
    for one, its in ((model, optimizer), (twin, other)):
        train_steps(one, its, 3, seed=3)
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), twin.parameters(), strict=True))


def test_state_of_another_model_is_refused() -> None:
    config, other = tiny_config(), tiny_config(width=64)
    optimizer = build_optimizer(tiny_model(config), tiny_plan(config))
    foreign = build_optimizer(tiny_model(other), tiny_plan(other)).state_tensors()
    with pytest.raises(ValueError, match="does not fit"):
        optimizer.load_state_tensors(foreign)


@pytest.mark.parametrize("block", ["gpt", "llama"])
@pytest.mark.parametrize("matrix_optimizer", ["muon", "adamw"])
def test_every_parameter_has_exactly_one_rule(block: str, matrix_optimizer: str) -> None:
    config = tiny_config(block=block)
    model = tiny_model(config, noise=0.05)
    optimizer = build_optimizer(model, tiny_plan(config, optim=OptimSpec(matrix_optimizer=matrix_optimizer)))
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    train_steps(model, optimizer, 1)
    unmoved = [name for name, p in model.named_parameters() if torch.equal(p, before[name])]
    assert unmoved == []
    roles = {parameter_role(name, p) for name, p in model.named_parameters()}
    common = {"embedding", "unembedding", "matrix", "residual"}
    assert roles == (common | {"value_embedding", "scalar", "mixing"} if block == "gpt" else common)


def test_a_zero_multiplier_moves_nothing() -> None:
    config = tiny_config()
    model = tiny_model(config, noise=0.05)
    before = [p.detach().clone() for p in model.parameters()]
    optimizer = build_optimizer(model, tiny_plan(config))
    tokens = random_tokens(2, 16)
    model.loss_per_token(tokens, tokens.roll(-1, 1)).mean().backward()
    optimizer.step(0.0, 0.5)
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


@pytest.mark.parametrize("shape", [(3, 32, 32), (2, 64, 16), (2, 16, 64)])
def test_orthogonalised_matrices_have_singular_values_near_one(shape: tuple[int, ...]) -> None:
    x = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    y = orthogonalize(x)
    values = torch.linalg.svdvals(y)
    assert y.shape == x.shape and y.dtype == x.dtype
    well_conditioned = torch.linalg.svdvals(x) > 0.05 * torch.linalg.svdvals(x)[:, :1]
    assert float(values[well_conditioned].min()) > 0.8 and float(values.max()) < 1.2
    u, _, vh = torch.linalg.svd(x, full_matrices=False)
    cosine = (y * (u @ vh)).sum((-2, -1)) / y.norm(dim=(-2, -1)) / (u @ vh).norm(dim=(-2, -1))
    assert float(cosine.min()) > 0.97


def test_a_zero_gradient_is_no_division_by_zero() -> None:
    weight = torch.nn.Parameter(torch.randn(8, 8))
    weight.grad = torch.zeros(8, 8)
    MuonGroup([weight]).step(GroupRates(0.02, 0.1, momentum=0.95))
    assert bool(torch.isfinite(weight).all())


def test_weight_decay_acts_only_where_update_and_weight_agree() -> None:
    generator = torch.Generator().manual_seed(0)
    start, gradient = (torch.randn(16, 16, generator=generator) for _ in range(2))
    ends = []
    for decay in (0.0, 0.5):
        weight = torch.nn.Parameter(start.clone())
        weight.grad = gradient.clone()
        MuonGroup([weight]).step(GroupRates(0.1, decay, momentum=0.9))
        ends.append(weight.detach())
    update = (start - ends[0]) / 0.1
    agrees = update * start >= 0
    expected = ends[0] - 0.1 * 0.5 * start * agrees
    assert torch.allclose(ends[1], expected, atol=1e-6)
    assert 50 < int(agrees.sum()) < 206


def test_tall_matrices_take_larger_steps() -> None:
    moved = {}
    for shape in ((64, 16), (16, 64)):
        weight = torch.nn.Parameter(torch.zeros(shape))
        weight.grad = torch.randn(shape, generator=torch.Generator().manual_seed(0))
        MuonGroup([weight]).step(GroupRates(1.0, 0.0, momentum=0.9))
        moved[shape] = float(weight.detach().norm())
    assert moved[64, 16] / moved[16, 64] == pytest.approx(2.0, rel=0.05)


@pytest.mark.parametrize(("epochs", "faster"), [(1.0, 1.0), (4.0, 4.0)])
def test_tables_forget_rows_that_no_token_reads(epochs: float, faster: float) -> None:
    config = tiny_config()
    plan = tiny_plan(config, optim=OptimSpec(table_weight_decay=0.5, embedding_lr=0.1, unembedding_lr=0.1))
    model = tiny_model(config, noise=0.05)
    optimizer = build_optimizer(model, plan)
    table, tokens = model.value_embeddings["1"].weight, random_tokens(2, 16) % 10 + 1
    before = table[0].clone(), model.embed_tokens.weight[0].clone(), table[1:11].clone()
    model.loss_per_token(tokens[:, :-1], tokens[:, 1:]).mean().backward()
    optimizer.step(1.0, 0.1, epochs=epochs)
    assert torch.allclose(table[0], before[0] * (1 - faster * 0.5 * 0.5 * plan.optim.embedding_lr))
    # Token embeddings, which are normed when they are read, forget a tenth as fast.
    assert torch.allclose(
        model.embed_tokens.weight[0], before[1] * (1 - faster * 0.05 * plan.optim.embedding_lr)
    )
    assert not torch.equal(table[1:11], before[2])


def test_a_released_optimizer_holds_no_gradients_and_steps_on() -> None:
    config = tiny_config()
    model = tiny_model(config)
    optimizer = build_optimizer(model, tiny_plan(config))
    model.loss_per_token(random_tokens(2, 16), random_tokens(2, 16)).mean().backward()
    optimizer.release()
    assert all(parameter.grad is None for parameter in model.parameters())
    before = model.lm_head.weight.detach().clone()
    train_steps(model, optimizer, 1)
    assert not torch.equal(model.lm_head.weight, before)
