"""The model computes what its description says."""

import copy

import pytest
import torch
import torch.nn.functional as F

from tests.support.model_support import (
    VOCAB_SIZE,
    random_tokens,
    tiny_config,
    tiny_model,
    tiny_plan,
    train_steps,
)
from trainer.model.gpt import GPT
from trainer.optim.optimizer import build_optimizer
from trainer.tokens import IGNORE

BLOCKS = ["gpt", "llama"]


@pytest.mark.parametrize("block", BLOCKS)
def test_logits_are_float32_of_every_position(block: str) -> None:
    logits = tiny_model(tiny_config(block=block))(random_tokens(2, 16))
    assert logits.shape == (2, 16, VOCAB_SIZE) and logits.dtype == torch.float32


@pytest.mark.parametrize("block", BLOCKS)
def test_an_untrained_model_guesses_uniformly(block: str) -> None:
    model = tiny_model(tiny_config(block=block))
    tokens = random_tokens(4, 16)
    loss = float(model.loss_per_token(tokens, tokens.roll(-1, 1)).mean().detach())
    assert loss == pytest.approx(torch.log(torch.tensor(VOCAB_SIZE)).item(), abs=0.02)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_token_changes_nothing_before_itself(block: str) -> None:
    model = tiny_model(tiny_config(block=block), noise=0.1)
    tokens = random_tokens(1, 16)
    changed = tokens.clone()
    changed[0, 9] = (changed[0, 9] + 1) % VOCAB_SIZE
    before, after = model(tokens), model(changed)
    assert torch.equal(before[:, :9], after[:, :9])
    assert not torch.allclose(before[:, 9:], after[:, 9:])


def test_through_one_layer_a_token_reaches_exactly_its_window() -> None:
    # The last layer sees everything, so the windowed layer is the first of two, read before the second.
    config = tiny_config(depth=2, window_pattern="S", window_fraction=0.25)
    assert config.windows == (4, None)
    model = tiny_model(config, noise=0.1)
    x = torch.randn(1, 16, config.width, generator=torch.Generator().manual_seed(0))
    rope = (model.rope_cos[:16, None], model.rope_sin[:16, None])
    changed = x.clone()
    changed[0, 5] += 1.0
    one, other = (model.layers[0](y, y, torch.tensor([1.0, 0.1]), None, rope, None) for y in (x, changed))
    difference = (one - other).abs()
    reached = (difference.amax(-1)[0] > 1e-6).nonzero().flatten().tolist()
    assert reached == [5, 6, 7, 8]


def test_window_pattern_repeats_and_the_last_layer_sees_everything() -> None:
    assert tiny_config(depth=6, window_pattern="SSSL").windows == (4, 4, 4, None, 4, None)
    assert tiny_config(window_pattern="S", window_fraction=1.0).windows == (None,) * 4
    assert tiny_config(block="llama").windows == (None,) * 4


def test_logits_stay_inside_the_softcap() -> None:
    model = tiny_model(noise=3.0)
    capped = model(random_tokens(2, 16))
    assert 14.0 < float(capped.abs().max().detach()) <= 15.0
    free = GPT(tiny_config(logit_softcap=None))
    free.load_state_dict(model.state_dict())
    assert float(free(random_tokens(2, 16)).abs().max().detach()) > 15.0


@pytest.mark.parametrize("block", BLOCKS)
def test_every_parameter_receives_a_gradient(block: str) -> None:
    model = tiny_model(tiny_config(block=block), noise=0.05)
    tokens = random_tokens(4, 16)
    model.loss_per_token(tokens, tokens.roll(-1, 1)).mean().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None and float(parameter.grad.abs().sum()) > 0, name


def test_value_embeddings_stand_on_alternate_layers_and_count() -> None:
    config = tiny_config()
    assert config.value_embedding_layers == (1, 3)
    model = tiny_model(config, noise=0.05)
    before = model(random_tokens(1, 16))
    with torch.no_grad():
        model.value_embeddings["1"].weight.zero_()
    assert not torch.allclose(before, model(random_tokens(1, 16)))
    assert tiny_config(value_embeddings=False).value_embedding_layers == ()


def test_residual_and_x0_lambdas_count() -> None:
    model = tiny_model(noise=0.05)
    before = model(random_tokens(1, 16))
    for name in ("resid_lambdas", "x0_lambdas"):
        changed = copy.deepcopy(model)
        with torch.no_grad():
            getattr(changed, name)[2] += 0.5
        assert not torch.allclose(before, changed(random_tokens(1, 16)))


def test_ignored_targets_cost_nothing_and_teach_nothing() -> None:
    model = tiny_model(noise=0.05)
    tokens = random_tokens(2, 16)
    targets = tokens.roll(-1, 1)
    full = model.loss_per_token(tokens, targets)
    targets[0, 3:9] = IGNORE
    masked = model.loss_per_token(tokens, targets)
    assert torch.count_nonzero(masked[0, 3:9]) == 0
    kept = targets != IGNORE
    assert torch.allclose(masked[kept], full[kept])
    model.loss_per_token(tokens, torch.full_like(targets, IGNORE)).sum().backward()
    assert all(float(p.grad.abs().sum()) == 0.0 for p in model.parameters() if p.grad is not None)


def test_the_loss_is_the_cross_entropy_of_the_logits() -> None:
    model = tiny_model(noise=0.2)
    tokens = random_tokens(2, 16)
    targets = tokens.roll(-1, 1)
    expected = F.cross_entropy(model(tokens).flatten(0, 1), targets.flatten(), reduction="none")
    assert torch.allclose(model.loss_per_token(tokens, targets).flatten(), expected, atol=1e-5)


@torch.no_grad()
def test_without_gradients_the_loss_is_the_same() -> None:
    model = tiny_model(noise=0.2)
    tokens = random_tokens(2, 16)
    targets = tokens.roll(-1, 1)
    targets[0, 3:6] = IGNORE
    expected = F.cross_entropy(
        model(tokens).flatten(0, 1), targets.flatten(), ignore_index=IGNORE, reduction="none"
    )
    assert torch.allclose(model.loss_per_token(tokens, targets).flatten(), expected, atol=1e-5)


@pytest.mark.parametrize("variant", ["checkpointing", "chunks"])
def test_saving_memory_changes_neither_loss_nor_gradients(variant: str) -> None:
    plain, frugal = tiny_model(noise=0.05), tiny_model(noise=0.05)
    if variant == "checkpointing":
        frugal.activation_checkpointing = True
    else:
        frugal.max_logits = 10 * VOCAB_SIZE
    tokens = random_tokens(3, 16)
    losses = [model.loss_per_token(tokens, tokens.roll(-1, 1)) for model in (plain, frugal)]
    assert torch.allclose(losses[0], losses[1], atol=1e-6)
    for loss in losses:
        loss.mean().backward()
    for (name, one), other in zip(plain.named_parameters(), frugal.parameters(), strict=True):
        assert torch.allclose(one.grad, other.grad, atol=1e-6), name


def test_initial_weights_depend_on_the_seed_alone() -> None:
    one, same, other = tiny_model(seed=1), tiny_model(seed=1), tiny_model(seed=2)
    for name, tensor in one.state_dict().items():
        assert torch.equal(tensor, same.state_dict()[name])
    assert not torch.equal(one.lm_head.weight, other.lm_head.weight)
    # Adding a part leaves the other parts as they were: paired experiments start alike.
    plain = tiny_model(tiny_config(value_embeddings=False), seed=1)
    assert torch.equal(one.layers[1].self_attn.q_proj.weight, plain.layers[1].self_attn.q_proj.weight)


def test_grouped_key_value_heads_have_fewer_weights_and_learn() -> None:
    config = tiny_config(kv_heads=2)
    model = tiny_model(config)
    assert model.layers[0].self_attn.k_proj.weight.shape == (16, 32)
    optimizer = build_optimizer(model, tiny_plan(config))
    train_steps(model, optimizer, 2)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_matrix_products_run_in_the_compute_dtype(dtype: torch.dtype) -> None:
    model = tiny_model(noise=0.05)
    model.compute_dtype = dtype
    seen = []
    model.layers[0].mlp.up_proj.register_forward_hook(lambda _m, _i, out: seen.append(out.dtype))
    loss = model.loss_per_token(random_tokens(1, 16), random_tokens(1, 16, seed=1)).mean()
    loss.backward()
    assert seen == [dtype] and loss.dtype == torch.float32
    assert all(parameter.grad.dtype == torch.float32 for parameter in model.parameters())


def test_a_sequence_without_positions_is_refused() -> None:
    model = tiny_model()
    with pytest.raises(ValueError, match="at most 2048"):
        model(torch.zeros(1, 2049, dtype=torch.long))


def test_the_loss_compiles_in_one_piece() -> None:
    model = tiny_model(noise=0.05)
    tokens = random_tokens(2, 16)
    compiled = torch.compile(model.loss_per_token, fullgraph=True, backend="eager")
    expected = model.loss_per_token(tokens, tokens.roll(-1, 1))
    assert torch.allclose(compiled(tokens, tokens.roll(-1, 1)), expected, atol=1e-5)
